package io.quorate.examples.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.Reply;
import io.quorate.examples.cli.Engines;
import io.quorate.storage.FileLog;
import io.quorate.transport.InMemoryTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A state machine that keeps its state in a file, across starts. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptStateTest {

  @TempDir private Path directory;

  private Replica start(Engines engine, FileCounter machine) {
    Replica replica =
        Replica.of(Cluster.parse("1=a:1"), 1)
            .protocol(engine.protocol())
            .log(FileLog.at(directory.resolve("log")).segmentBytes(1 << 20))
            .transport(InMemoryTransport.hub().transport())
            .start(machine);
    replica.ready().join();
    return replica;
  }

  private FileCounter machine() {
    return new FileCounter(directory.resolve("state"));
  }

  private static String add(Replica replica, String number) {
    return new String(replica.propose(number.getBytes(UTF_8)).join().value(), UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasKeptIsNotAppliedAgain(Engines engine) throws IOException {
    String long1 = "0".repeat(200_000) + "1";
    try (Replica replica = start(engine, machine())) {
      for (int i = 1; i <= 20; i++) {
        assertEquals("" + i, add(replica, long1));
      }
    }
    assertTrue(Files.exists(directory.resolve("state")));
    FileCounter again = machine();
    try (Replica replica = start(engine, again)) {
      assertEquals("21", add(replica, "1"));
      assertTrue(again.applied() < 12, "applied again: " + again.applied());
    }
    Files.delete(directory.resolve("state"));
    FileCounter anew = machine();
    try (Replica replica = start(engine, anew)) {
      assertEquals("22", add(replica, "1"));
      assertEquals(22, anew.applied());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCommitThatFailsHaltsTheReplicaAndSaysWhatToDo(Engines engine) throws Exception {
    FileCounter machine = machine();
    try (Replica replica = start(engine, machine)) {
      Files.createDirectories(directory.resolve("state.next").resolve("in the way"));
      String long1 = "0".repeat(600_000) + "1";
      List<CompletableFuture<Reply>> left =
          List.of(replica.propose(long1.getBytes(UTF_8)), replica.propose(long1.getBytes(UTF_8)));
      CompletionException halted =
          assertThrows(CompletionException.class, () -> replica.closed().join());
      String why = String.valueOf(halted.getMessage());
      assertTrue(why.contains("could not commit its state behind command "), why);
      assertTrue(why.contains("store works, and start again"), why);
      left.forEach(each -> assertTrue(each.isDone(), "every call has ended"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStoreWithoutItsLogIsRefused(Engines engine) throws IOException {
    try (Replica replica = start(engine, machine())) {
      for (int i = 1; i <= 8; i++) {
        add(replica, "0".repeat(200_000) + "1");
      }
    }
    try (var files = Files.list(directory.resolve("log"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    QuorateException refused =
        assertThrows(QuorateException.class, () -> start(engine, machine()).close());
    assertTrue(
        String.valueOf(refused.getMessage()).contains("the state machine's store is of cluster"),
        refused::toString);
  }
}
