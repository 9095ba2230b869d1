package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.CommandRejectedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvMachineTest {
  private final KvMachine machine = new KvMachine();
  private long index;

  private long apply(KvCommand command) {
    return ByteBuffer.wrap(machine.apply(new FakeCommand(++index, command.encode()))).getLong();
  }

  private @Nullable String get(String key) {
    return KvQuery.Get.read(machine.query(new KvQuery.Get(key).encode()));
  }

  private static KvDigest digest(KvMachine machine) {
    return KvQuery.Digest.read(machine.query(new KvQuery.Digest().encode()));
  }

  private List<KvEntry> scan(String prefix) {
    List<KvEntry> all = new ArrayList<>();
    String after = "";
    while (true) {
      List<KvEntry> page =
          KvQuery.Scan.read(machine.query(new KvQuery.Scan(prefix, after).encode()));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      after = page.get(page.size() - 1).key();
    }
  }

  @Test
  void whatIsPutIsThere() {
    apply(new KvCommand.Put("DE", "Germany"));
    assertEquals("Germany", get("DE"));
    assertNull(get("FR"));
  }

  @Test
  void everyApplyOfAKeyCountsEvenAfterADelete() {
    assertEquals(1, apply(new KvCommand.Put("k", "1")));
    assertEquals(2, apply(new KvCommand.Put("k", "1")));
    assertEquals(3, apply(new KvCommand.Delete("k")));
    assertNull(get("k"));
    assertEquals(4, apply(new KvCommand.Put("k", "2")));
    assertEquals(1, apply(new KvCommand.Put("other", "2")));
  }

  @Test
  void compareAndSetSetsOnlyWhatIsExpected() {
    apply(new KvCommand.Put("k", "a"));
    apply(new KvCommand.CompareAndSet("k", "a", "b"));
    assertEquals("b", get("k"));
    CommandRejectedException no =
        assertThrows(
            CommandRejectedException.class,
            () -> apply(new KvCommand.CompareAndSet("k", "a", "c")));
    assertEquals("key \"k\" holds \"b\"", no.getMessage());
  }

  @Test
  void whatIsAbsentIsNeitherDeletedNorCompared() {
    assertThrows(CommandRejectedException.class, () -> apply(new KvCommand.Delete("k")));
    CommandRejectedException no =
        assertThrows(
            CommandRejectedException.class, () -> apply(new KvCommand.CompareAndSet("k", "", "c")));
    assertEquals("key \"k\" is absent", no.getMessage());
  }

  @Test
  void aRefusedCommandChangesNothing() {
    apply(new KvCommand.Put("k", "a"));
    KvDigest before = digest(machine);
    assertThrows(CommandRejectedException.class, () -> apply(new KvCommand.Delete("x")));
    assertEquals(before, digest(machine));
  }

  @Test
  void bytesThatAreNoCommandAreRefusedAndNothingElse() {
    CommandRejectedException no =
        assertThrows(
            CommandRejectedException.class,
            () -> machine.apply(new FakeCommand(1, "put k v".getBytes(UTF_8))));
    assertEquals("not a key-value command: its tag is 112, not P, D or C", no.getMessage());
  }

  @Test
  void aScanReadsAllOfAPrefixInOrderOverManyPages() {
    String value = "v".repeat(1000);
    for (int i = 0; i < 700; i++) {
      apply(new KvCommand.Put("r1.%04d".formatted(i), value));
      apply(new KvCommand.Put("r10.%04d".formatted(i), value));
    }
    List<KvEntry> entries = scan("r1.");
    assertEquals(700, entries.size());
    assertEquals(new KvEntry("r1.0000", value, 1), entries.get(0));
    assertEquals("r1.0699", entries.get(699).key());
    assertEquals(1400, scan("").size());
  }

  @Test
  void theDigestTellsValuesCountsAndOrderOfCommandsApart() {
    apply(new KvCommand.Put("k", "a"));
    KvDigest first = digest(machine);
    assertEquals(1, first.index());
    apply(new KvCommand.Put("k", "a"));
    assertNotEquals(first.sha256(), digest(machine).sha256());
  }

  @Test
  void aSnapshotRestoresValuesCountsAndDigest() throws IOException {
    apply(new KvCommand.Put("AX", "Åland Islands"));
    apply(new KvCommand.Put("gone", "x"));
    apply(new KvCommand.Delete("gone"));
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    machine.snapshot(snapshot);

    KvMachine other = new KvMachine();
    other.apply(new FakeCommand(1, new KvCommand.Put("old", "state").encode()));
    other.restore(new ByteArrayInputStream(snapshot.toByteArray()));

    assertEquals(digest(machine), digest(other));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    other.snapshot(again);
    assertArrayEquals(snapshot.toByteArray(), again.toByteArray());
  }

  @Test
  void aSnapshotThatIsCutOffChangesNothing() throws IOException {
    apply(new KvCommand.Put("k", "value"));
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    machine.snapshot(snapshot);
    KvDigest before = digest(machine);
    for (int length = 0; length < snapshot.size(); length++) {
      byte[] part = Arrays.copyOf(snapshot.toByteArray(), length);
      assertThrows(IOException.class, () -> machine.restore(new ByteArrayInputStream(part)));
      assertEquals(before, digest(machine));
    }
  }
}
