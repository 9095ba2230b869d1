package io.quorate.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.storage.LogFiles.Finding;
import io.quorate.storage.LogFiles.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planted errors, each of which has to be told with its place and with what to do. */
class LogFilesTest {
  private static final String UNDO = "have it undone";
  private static final String REFILL = "the other members hold this entry";
  private static final String REPLACE = "what this replica has promised may be lost";
  private static final String REPLACE_ALL = "no replica in this directory may go on";
  private static final String NOTHING = "it does not count any more";

  @TempDir private Path directory;
  private SmallLog log;

  @BeforeEach
  void writeTheLog() {
    log = SmallLog.in(directory.resolve("1"));
  }

  private Report verify() {
    return log.files().verify();
  }

  /** The one finding of a corrupt log. */
  private Finding found() {
    Report report = verify();
    assertEquals(1, report.exitCode(), report::text);
    assertEquals(1, report.findings().size(), report::text);
    Finding finding = report.findings().get(0);
    assertTrue(
        report.text().contains(finding.file() + ", offset " + finding.offset()), report::text);
    assertTrue(report.text().contains(finding.remedy()), report::text);
    return finding;
  }

  private static void assertFound(
      SmallLog.Place place, long index, String what, String remedy, Finding finding) {
    assertFound(place.file(), place.offset(), place.group(), index, what, remedy, finding);
  }

  private static void assertFound(
      String file,
      long offset,
      long group,
      long index,
      String what,
      String remedy,
      Finding finding) {
    String all = finding.toString();
    assertEquals(file, finding.file(), all);
    assertEquals(offset, finding.offset(), all);
    assertEquals(group, finding.group(), all);
    assertEquals(index > 0 ? 1 : 0, finding.epoch(), all);
    assertEquals(index, finding.index(), all);
    assertTrue(finding.what().contains(what), all);
    assertTrue(finding.remedy().contains(remedy), all);
  }

  @Test
  void aSoundLogIsSoundAndLeftAsItIs() throws IOException {
    Map<String, ByteBuffer> before = log.image();
    Report report = verify();
    assertEquals(0, report.exitCode(), report::text);
    assertEquals(List.of(), report.notes());
    assertTrue(report.text().endsWith("sound: 0 findings, 10 records read\n"), report::text);
    log.files().dump(new StringBuilder());
    log.files().stats();
    assertEquals(before, log.image());
    log.opened();
  }

  @Test
  void aDamagedValueOfAnEntry() throws IOException {
    SmallLog.Place third = log.records("entry").get(2);
    log.flip(third.file(), third.value(20), 4);
    assertFound(third, 3, "the value of an entry", REFILL, found());
    assertEquals(List.of(3L), log.opened().faulty());
    assertEquals(1, log.files().stats().groups().get(0).faulty());
  }

  @Test
  void eachFlippedBitOfAHeaderIsToldWithTheEntryAndCanBeUndone() throws IOException {
    SmallLog.Place second = log.records("entry").get(1);
    for (int bit = 0; bit < 80 * 8; bit++) {
      log.flip(second.file(), second.offset() + bit / 8, 1 << bit % 8);
      assertFound(second, 2, "the header of a record", UNDO, found());
      log.flip(second.file(), second.offset() + bit / 8, 1 << bit % 8);
    }
  }

  @Test
  void whatStandsBehindADamagedHeaderIsLookedAt() throws IOException {
    List<SmallLog.Place> entries = log.records("entry");
    SmallLog.Place second = entries.get(1);
    SmallLog.Place fourth = entries.get(3);
    log.flip(second.file(), second.offset() + 8, 3);
    log.flip(fourth.file(), fourth.value(4), 1);
    Report report = verify();
    assertEquals(2, report.findings().size(), report::text);
    assertFound(
        second.file(),
        second.offset(),
        0,
        0,
        "what stands before offset " + entries.get(2).offset() + " cannot be told",
        REPLACE_ALL,
        report.findings().get(0));
    assertFound(fourth, 4, "the value of an entry", REFILL, report.findings().get(1));
  }

  @Test
  void aMissingHeader() throws IOException {
    SmallLog.Place third = log.records("entry").get(2);
    log.erase(third.file(), third.offset(), third.offset() + 80);
    Finding finding = found();
    assertFound(
        third.file(), third.offset(), 0, 0, "that was durable is missing", REPLACE_ALL, finding);
  }

  @Test
  void aDamagedSavedRecordAndOneThatWasReplaced() throws IOException {
    List<SmallLog.Place> saved = log.records("saved");
    log.flip(saved.get(0).file(), saved.get(0).value(0), 1);
    assertFound(saved.get(0), 0, "the engine's saved record", NOTHING, found());
    log.opened();
    log.flip(saved.get(0).file(), saved.get(0).value(0), 1);
    log.flip(saved.get(1).file(), saved.get(1).value(0), 1);
    assertFound(saved.get(1), 0, "the engine's saved record", REPLACE, found());
  }

  @Test
  void aDamagedRecordOfACreation() throws IOException {
    SmallLog.Place created = log.records("created").get(1);
    assertEquals(SmallLog.OTHER, created.group());
    log.flip(created.file(), created.value(3), 1);
    assertFound(created, 0, "the record of a replica's creation", REPLACE, found());
  }

  @Test
  void aDamagedHeaderOfASegment() throws IOException {
    log.flip(SmallLog.FIRST, 10, 1);
    assertFound(SmallLog.FIRST, 8, 0, 0, "the segment's header", UNDO, found());
    log.flip(SmallLog.FIRST, 10, 2);
    assertFound(SmallLog.FIRST, 8, 0, 0, "the segment's header", REPLACE_ALL, found());
  }

  @Test
  void allDamagedPartsOfASnapshot() throws IOException {
    int end = log.bytes(SmallLog.SNAPSHOT).length - 4096;
    for (int offset : new int[] {0, 4096, 4096 + (64 << 10), end}) {
      log.flip(SmallLog.SNAPSHOT, offset + 100, 1);
      assertFound(SmallLog.SNAPSHOT, offset, 1, 2, " not ", "put a copy of the file back", found());
      log.flip(SmallLog.SNAPSHOT, offset + 100, 1);
    }
    log.flip(SmallLog.SNAPSHOT, 4096 + 1, 1);
    log.flip(SmallLog.SNAPSHOT, 4096 + (64 << 10), 1);
    assertEquals(2, verify().findings().size());
  }

  @Test
  void aDamagedSnapshotOfAReplicaThatIsNotThereIsNoLoss() throws IOException {
    String stranger = SmallLog.SNAPSHOT.replaceFirst("^0{15}1", "0000000000000007");
    byte[] bytes = log.bytes(SmallLog.SNAPSHOT);
    log.write(stranger, bytes);
    Finding finding = found();
    assertFound(stranger, 0, 7, 2, "the header is that of " + SmallLog.SNAPSHOT, NOTHING, finding);
  }

  /** More entries of a group of its own, over some segments. */
  private void grow() {
    try (LogStore store = SmallLog.log(directory.resolve("1")).open()) {
      LogStore.Group group = store.group(SmallLog.OTHER, 3, 77);
      for (int index = 1; index <= 16; index++) {
        Payload value = Payload.of(new byte[3000]);
        group.write(new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 1), value));
        store.sync();
      }
    }
  }

  @Test
  void aMissingSegment() throws IOException {
    grow();
    String second = SmallLog.FIRST.replace("1.log", "2.log");
    byte[] bytes = log.bytes(second);
    log.delete(second);
    Report report = verify();
    String third = SmallLog.FIRST.replace("1.log", "3.log");
    Finding finding = report.findings().get(0);
    assertFound(third, 8, 0, 0, second + " is missing", REPLACE_ALL, finding);
    assertTrue(report.text().contains(SmallLog.FIRST + ": it stands in front of a gap"));
    log.write(second, bytes);
    assertEquals(0, verify().exitCode());
    log.delete(SmallLog.FIRST);
    finding = verify().findings().get(0);
    assertFound(second, 8, 0, 0, SmallLog.FIRST + " is missing", REPLACE_ALL, finding);
  }

  @Test
  void aWriteThatWentToTheWrongPlace() throws IOException {
    List<SmallLog.Place> entries = log.records("entry");
    SmallLog.Place last = entries.get(4);
    int sector = last.offset() / SmallLog.SECTOR * SmallLog.SECTOR;
    byte[] bytes = log.bytes(last.file());
    int wrong = entries.get(3).value(200) / SmallLog.SECTOR * SmallLog.SECTOR;
    assertTrue(wrong < sector, wrong + " " + sector);
    System.arraycopy(bytes, sector + 8, bytes, wrong + 8, SmallLog.SECTOR - 8);
    Arrays.fill(bytes, last.offset(), bytes.length, (byte) 0);
    log.write(last.file(), bytes);
    Report report = verify();
    assertEquals(2, report.findings().size(), report::text);
    assertFound(entries.get(3), 4, "the value of an entry", REFILL, report.findings().get(0));
    String what = "a record that was written here stands at offset ";
    Finding stray = report.findings().get(1);
    assertFound(last.file(), last.offset(), 0, 0, what, REPLACE_ALL, stray);
  }

  @Test
  void aSectorThatWasWrittenForAnotherPlace() throws IOException {
    SmallLog.Place last = log.records("saved").get(2);
    int sector = last.offset() / SmallLog.SECTOR * SmallLog.SECTOR;
    byte[] bytes = log.bytes(last.file());
    System.arraycopy(bytes, SmallLog.SECTOR, bytes, sector, 8); // With the stamp of the second one.
    Arrays.fill(bytes, sector + 8, bytes.length, (byte) 0);
    log.write(last.file(), bytes);
    Report report = verify();
    Finding foreign = report.findings().get(report.findings().size() - 1);
    String what = "the sector where the next record would stand was written for another place";
    assertFound(last.file(), foreign.offset(), 0, 0, what, REPLACE_ALL, foreign);
    assertEquals(sector, foreign.offset() / SmallLog.SECTOR * SmallLog.SECTOR);
    assertFalse(report.text().contains(NOTHING), report::text);
    String refusal = String.valueOf(assertThrows(StorageException.class, log::opened).getMessage());
    assertTrue(refusal.contains("offset " + foreign.offset() + ": " + what), refusal);
    assertEquals(
        List.of("nothing else is done, because the log cannot be opened"),
        log.files().repair(false).refusals());
  }

  @Test
  void flippedBitsThatDoNoHarm() throws IOException {
    log.flip(SmallLog.FIRST, 5 * SmallLog.SECTOR + 2, 1);
    assertFound(SmallLog.FIRST, 5 * SmallLog.SECTOR, 0, 0, "the stamp of a", UNDO, found());
    log.flip(SmallLog.FIRST, 5 * SmallLog.SECTOR + 2, 1);
    SmallLog.Place first = log.records("entry").get(0);
    int behind = first.value(150 + 1);
    log.flip(SmallLog.FIRST, behind, 8);
    assertFound(SmallLog.FIRST, behind, 0, 0, "behind a record is not zero", UNDO, found());
    log.opened();
  }

  @Test
  void ofAWipedFileEnoughIsTold() throws IOException {
    byte[] wiped = new byte[1 << 20];
    Arrays.fill(wiped, (byte) 0x55);
    log.write(SmallLog.FIRST, wiped);
    Report report = verify();
    assertEquals(1, report.exitCode(), report::text);
    assertEquals(1000, report.findings().size());
    String more = SmallLog.FIRST + ": there are more findings than the 1000 that are told";
    assertEquals(1, report.notes().stream().filter(more::equals).count(), report.notes()::toString);
  }

  @Test
  void aTornTailAndLeftoversAreNoDamage() throws IOException {
    SmallLog.Place last = log.records("entry").get(4);
    int end = last.offset() / SmallLog.SECTOR * SmallLog.SECTOR + SmallLog.SECTOR;
    log.erase(last.file(), end, log.bytes(last.file()).length);
    log.write("0000000000000007.new", "x");
    log.write("0000000000000006.old", "x");
    log.write(SmallLog.SNAPSHOT.replace("2.snap", "3.part"), "x");
    log.write("hosts.txt", "x");
    Report report = verify();
    assertEquals(0, report.exitCode(), report::text);
    String notes = String.join("\n", report.notes());
    assertEquals(5, report.notes().size(), notes);
    assertTrue(notes.contains("from offset " + last.offset() + " to " + end), notes);
    assertTrue(notes.contains("7.new: it was not finished, or is given up"), notes);
    assertTrue(notes.contains("6.old: it was not finished, or is given up"), notes);
    assertTrue(notes.contains("3.part: it is a snapshot that was not finished"), notes);
    assertTrue(notes.contains("hosts.txt: it is none of the log's files"), notes);
  }

  @Test
  void aFileThatCannotBeReadMakesTheLogUnreadableAndHidesNoDamage() throws IOException {
    log.flip(SmallLog.SNAPSHOT, 5000, 1);
    Files.delete(directory.resolve("1").resolve(SmallLog.FIRST));
    Files.createDirectory(directory.resolve("1").resolve(SmallLog.FIRST));
    Report report = verify();
    assertEquals(2, report.exitCode(), report::text);
    assertEquals(1, report.findings().size(), report::text);
    assertTrue(report.text().contains("cannot be read to its end"), report::text);
    assertTrue(report.text().contains("\nunreadable: 1 findings"), report::text);
  }

  @Test
  void aDirectoryWithoutALogIsUnreadable() throws IOException {
    Report missing = LogFiles.at(directory.resolve("none")).verify();
    assertEquals(2, missing.exitCode());
    assertTrue(missing.text().contains("none is no directory: name the one that the log is in"));
    Files.createDirectory(directory.resolve("none"));
    Report empty = LogFiles.at(directory.resolve("none")).verify();
    assertEquals(2, empty.exitCode());
    assertTrue(empty.text().contains("none holds no log"), empty::text);
  }

  @Test
  void aLaterFormatIsUnreadable() throws IOException {
    byte[] bytes = log.bytes(SmallLog.FIRST);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    CRC32C crc = new CRC32C();
    crc.update(header.putInt(12, 2).slice(8, 28));
    header.putInt(36, (int) crc.getValue());
    log.write(SmallLog.FIRST, bytes);
    Report report = verify();
    assertEquals(2, report.exitCode(), report::text);
    assertEquals(List.of(), report.findings());
    assertTrue(report.text().contains("is in format version 2"), report::text);
  }

  @Test
  void aDirectoryInUseIsRefusedAndLeftAsItIs() throws IOException {
    try (LogStore store = SmallLog.log(directory.resolve("1")).open()) {
      Map<String, ByteBuffer> before = log.image();
      Report report = verify();
      assertEquals(2, report.exitCode());
      String pid = "process id " + ProcessHandle.current().pid() + ", started 2";
      assertTrue(report.text().contains("1 is in use by this process"), report::text);
      assertTrue(report.text().contains(pid), report::text);
      assertTrue(report.text().contains("stop that one first, or look at a copy"), report::text);
      assertEquals(2, log.files().stats().report().exitCode());
      assertEquals(2, log.files().dump(new StringBuilder()).exitCode());
      assertEquals(2, log.files().repair(false).report().exitCode());
      assertEquals(before, log.image());
      store.sync();
    }
    assertEquals(0, verify().exitCode());
  }

  @Test
  void figures() {
    LogFiles.Stats stats = log.files().stats();
    assertEquals(2, stats.groups().size());
    LogFiles.GroupStats group = stats.groups().get(0);
    assertEquals(
        new LogFiles.GroupStats(
            1, 9, 3, 1, 1, 5, 5, 0, 5 * 80 + 150 * 15 + 84 + 83, 3, 1, group.snapshotBytes()),
        group);
    assertEquals(-1 + 3 + 1, stats.groups().get(1).savedBytes());
    LogFiles.FileStats first =
        stats.files().stream()
            .filter(file -> file.file().equals(SmallLog.FIRST))
            .findFirst()
            .orElseThrow();
    assertEquals(16 << 10, first.bytes());
    assertEquals(
        group.liveBytes() + stats.groups().get(1).liveBytes(), first.liveBytes(), stats::text);
    assertTrue(first.usedBytes() > first.liveBytes() + 81, stats::text);
    assertTrue(first.usedBytes() < 4096, stats::text);
    assertTrue(stats.totalBytes() > group.snapshotBytes() + first.bytes(), stats::text);
    assertTrue(
        stats.text().contains("group 1 (member 3, incarnation 0000000000000009): 5 entries"));
    assertTrue(stats.text().endsWith(" bytes, 0 damaged\n"), stats::text);
  }
}
