package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Configuration;
import io.quorate.spi.Configuration.Voter;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import io.quorate.spi.Transport.Hello;
import io.quorate.spi.Transport.Position;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each code that docs/errors.md explains, and what provokes it. */
class ErrorCodesTest {
  private static final UUID OURS = new UUID(1, 1);
  private static final UUID THEIRS = new UUID(2, 2);

  private final Bench bench = new Bench();

  @Test
  void aMemberOfAnotherClusterIsRefusedWithCode101() {
    bench.started();
    bench.input(out -> out.write(founding()));
    bench.settle();
    assertNull(bench.listener().refuse(new Hello(OURS, List.of(1, 2, 3), 2, 1, 5)));
    assertCode("QRT-101", bench.listener().refuse(new Hello(THEIRS, List.of(1, 2, 3), 2, 1, 5)));
  }

  @Test
  void aMemberThatWasStartedForOtherMembersIsRefusedWithCode102() {
    bench.started();
    assertNull(bench.listener().refuse(new Hello(null, List.of(1, 2, 3), 2, 1, 5)));
    assertCode("QRT-102", bench.listener().refuse(new Hello(null, List.of(1, 2, 4), 2, 1, 5)));
  }

  @Test
  void aHostThatIsOpeningItsLogRefusesWithCode103() {
    bench.open();
    assertCode("QRT-103", bench.listener().refuse(new Hello(null, List.of(1, 2, 3), 2, 1, 5)));
  }

  @Test
  void aMemberThatBeginsWithNothingIsRefusedWithCode105ByOneThatWasRestored() throws IOException {
    Configuration old =
        new Configuration(
            THEIRS, 1, "script", List.of(new Voter(new Member(1, 1), "a:1")), 0, 0, 0);
    Entry founding = new Entry(1, 1, Entry.Kind.FOUNDING, new Stamp(0, 1), old.encode());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(content);
    SnapshotHead backup = new SnapshotHead(List.of(founding), 7, 5, new Lead(0, Stamp.NONE));
    FoundingState.head(backup, OURS, 0).write(out);
    new SessionTable(1).write(out);
    bench.store.snapshots.finished.put(0L, content.toByteArray());
    bench.started();
    assertNull(bench.listener().refuse(new Hello(OURS, List.of(1, 2, 3), 2, 1, 5)));
    assertNull(bench.listener().refuse(new Hello(null, List.of(), 0, 1, 5)), "a client");
    assertCode("QRT-105", bench.listener().refuse(new Hello(null, List.of(1, 2, 3), 2, 1, 5)));
    assertCode("QRT-101", bench.listener().refuse(new Hello(THEIRS, List.of(1, 2, 3), 2, 1, 5)));
  }

  @Test
  void aReplicaWhoseDiskIsOlderThanOthersRememberHaltsWithCode104() {
    LocalReplica replica = bench.started();
    bench.store.durable = 100;
    assertNull(bench.listener().refuse(remembering(new Position(11, 100))));
    assertNull(bench.listener().refuse(remembering(new Position(12, 900))), "of another disk");
    assertCode("QRT-104", bench.listener().refuse(remembering(new Position(11, 101))));
    assertCode("QRT-104", bench.listener().refuse(remembering(Position.NONE)));
    bench.settle();
    String halted = assertThrows(CompletionException.class, replica.closed()::join).getMessage();
    assertTrue(halted != null && halted.contains("has halted: QRT-104: "), halted);
  }

  private static Hello remembering(Position known) {
    return new Hello(null, List.of(1, 2, 3), 2, 1, 5, new Position(22, 7), known);
  }

  @Test
  void thePageExplainsTheCodesThatTheSourcesUseAndNoOthers() throws IOException {
    Set<String> used = new TreeSet<>();
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        used.addAll(codes("QRT-[0-9]{3}", Files.readString(file)));
      }
    }
    String page = Files.readString(Path.of("..", "docs", "errors.md"));
    assertEquals(used, codes("(?m)^### (QRT-[0-9]{3}):", page));
  }

  private static Set<String> codes(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(matcher.groupCount()));
    }
    return found;
  }

  private static void assertCode(String code, @Nullable String sentence) {
    assertTrue(sentence != null && sentence.startsWith(code + ": "), sentence);
  }

  private static Entry founding() {
    List<Voter> voters =
        List.of(
            new Voter(new Member(1, 1), "a:1"),
            new Voter(new Member(2, 2), "b:2"),
            new Voter(new Member(3, 3), "c:3"));
    Configuration configuration = new Configuration(OURS, 1, "script", voters, 0, 0, 0);
    return new Entry(1, 1, Entry.Kind.FOUNDING, new Stamp(1, 0), configuration.encode());
  }
}
