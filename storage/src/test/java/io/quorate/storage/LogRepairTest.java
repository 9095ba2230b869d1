package io.quorate.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.StorageException;
import io.quorate.storage.LogFiles.Finding;
import io.quorate.storage.LogFiles.Repair;
import io.quorate.storage.LogFiles.Repaired;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRepairTest {
  @TempDir private Path directory;
  private SmallLog log;

  @BeforeEach
  void writeTheLog() {
    log = SmallLog.in(directory);
  }

  /** A dry run, which has to change nothing, and then the same in earnest. */
  private Repaired repair(Repair... named) throws IOException {
    Map<String, ByteBuffer> before = log.image();
    Repaired dry = log.files().repair(true, named);
    assertEquals(before, log.image(), "a dry run");
    Repaired done = log.files().repair(false, named);
    assertEquals(dry.actions(), done.actions(), "what a dry run says is what is done");
    assertEquals(dry.refusals(), done.refusals());
    assertTrue(dry.text().contains("would do: ") || dry.actions().isEmpty(), dry::text);
    return done;
  }

  private void assertSound(Repaired repaired) {
    assertEquals(List.of(), repaired.refusals(), repaired::text);
    assertEquals(0, repaired.report().exitCode(), repaired::text);
    assertEquals(0, log.files().verify().exitCode());
  }

  private void assertOpensWithAll() {
    Recovered recovered = log.opened();
    assertEquals(SmallLog.INCARNATION, recovered.incarnation());
    assertEquals(SmallLog.ENTRIES, recovered.last());
    assertEquals(List.of(), recovered.faulty());
    assertArrayEquals(SmallLog.SAVED, recovered.saved());
  }

  @Test
  void aSoundLogNeedsNothing() throws IOException {
    Repaired repaired = repair();
    assertEquals(List.of(), repaired.actions());
    assertSound(repaired);
    assertOpensWithAll();
  }

  @Test
  void aTornTailAndLeftoversGo() throws IOException {
    SmallLog.Place last = log.records("entry").get(4);
    int end = last.offset() / SmallLog.SECTOR * SmallLog.SECTOR + SmallLog.SECTOR;
    log.erase(last.file(), end, log.bytes(last.file()).length);
    log.write("0000000000000007.new", "x");
    log.write(SmallLog.SNAPSHOT.replace("2.snap", "3.part"), "x");
    log.write("hosts.txt", "x");
    Repaired repaired = repair();
    assertEquals(3, repaired.actions().size(), repaired::text);
    assertTrue(repaired.text().contains("done: " + last.file() + ": clear offsets "));
    assertTrue(repaired.text().contains("done: 0000000000000007.new: delete it"));
    assertSound(repaired);
    assertEquals(1, repaired.report().notes().size(), repaired::text);
    assertTrue(log.image().containsKey("hosts.txt"));
    assertEquals(4, log.opened().last());
  }

  @Test
  void aFlippedBitIsUndoneWhereItIsAskedFor() throws IOException {
    SmallLog.Place second = log.records("entry").get(1);
    SmallLog.Place saved = log.records("saved").get(2);
    Map<String, ByteBuffer> whole = log.image();
    log.flip(second.file(), second.offset() + 33, 1);
    log.flip(saved.file(), saved.offset() + 60, 16);
    log.flip(saved.file(), 5, 16);
    log.flip(saved.file(), 9, 16);
    assertThrows(StorageException.class, log::opened);
    List<Finding> findings = log.files().verify().findings();
    assertEquals(4, findings.size());

    Repaired some = repair(new Repair.UndoFlip(second.file(), second.offset()));
    assertEquals(1, some.actions().size(), some::text);
    assertTrue(some.text().contains("not done: nothing else is done, because the log cannot be"));
    assertEquals(3, some.report().findings().size(), some::text);

    Repair[] all =
        findings.stream()
            .filter(finding -> finding.offset() != second.offset())
            .map(finding -> new Repair.UndoFlip(finding.file(), finding.offset()))
            .toArray(Repair[]::new);
    assertSound(repair(all));
    whole.keySet().retainAll(List.of(SmallLog.FIRST, SmallLog.SNAPSHOT));
    Map<String, ByteBuffer> mended = log.image();
    mended.keySet().retainAll(whole.keySet());
    assertEquals(whole, mended);
    assertOpensWithAll();
  }

  @Test
  void whereNoFlipIsKnownNoneIsUndone() throws IOException {
    SmallLog.Place second = log.records("entry").get(1);
    log.flip(second.file(), second.value(5), 1);
    Repaired repaired = repair(new Repair.UndoFlip(second.file(), second.offset()));
    assertEquals(List.of(), repaired.actions());
    assertTrue(repaired.text().contains("offset " + second.offset() + ": no flipped bit is known"));
    assertEquals(1, repaired.report().findings().size());
    assertEquals(List.of(2L), log.opened().faulty());
  }

  @Test
  void aReplicaThatIsRemovedLetsTheHostStart() throws IOException {
    SmallLog.Place saved = log.records("saved").get(1);
    log.flip(saved.file(), saved.value(0), 1);
    SmallLog.Place created = log.records("created").get(0);
    log.flip(created.file(), created.value(0), 1);
    assertThrows(StorageException.class, log::opened);
    Repaired without = repair();
    assertTrue(without.text().contains("nothing else is done, because the log cannot be opened"));

    Repaired repaired = repair(new Repair.RemoveReplica(SmallLog.GROUP));
    assertEquals(1, repaired.actions().size(), repaired::text);
    assertTrue(
        repaired.text().contains("group 1: remove the replica of incarnation 0000000000000009"));
    assertEquals(List.of(), repaired.refusals());
    assertFalse(log.image().containsKey(SmallLog.SNAPSHOT));
    repaired.report().findings().forEach(each -> assertTrue(each.remedy().contains("nothing is")));
    try (LogStore store = SmallLog.log(directory).open()) {
      assertArrayEquals(SmallLog.SAVED, store.group(SmallLog.OTHER, 3, 77).recovered().saved());
      Recovered fresh = store.group(SmallLog.GROUP, 3, 77).recovered();
      assertTrue(fresh.created());
      assertEquals(77, fresh.incarnation());
      assertEquals(0, fresh.last());
    }
  }

  @Test
  void aReplicaOfWhichThereIsNoneIsNotRemoved() throws IOException {
    Repaired repaired = repair(new Repair.RemoveReplica(5));
    assertTrue(repaired.text().contains("not done: group 5: this log has no replica of it"));
    assertOpensWithAll();
  }

  @Test
  void noReplicaIsRemovedFromALogThatCannotBeOpened() throws IOException {
    SmallLog.Place second = log.records("entry").get(1);
    log.flip(second.file(), second.offset() + 8, 3);
    Map<String, ByteBuffer> before = log.image();
    Repaired repaired = repair(new Repair.RemoveReplica(SmallLog.GROUP));
    assertEquals(List.of(), repaired.actions());
    assertTrue(repaired.text().contains("nothing else is done"), repaired::text);
    before.remove("lock");
    Map<String, ByteBuffer> after = log.image();
    after.remove("lock");
    assertEquals(before, after);
  }
}
