package io.quorate.testkit.contract;

import static io.quorate.testkit.contract.FileFormat.EACH_BIT;
import static io.quorate.testkit.contract.FileFormat.HEADER_BYTES;
import static io.quorate.testkit.contract.FileFormat.IN_SECTOR;
import static io.quorate.testkit.contract.FileFormat.SECTOR;
import static io.quorate.testkit.contract.FileFormat.STAMP;
import static io.quorate.testkit.contract.FileFormat.inFile;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * One small log, cut and flipped everywhere. Entries 1 to 3 were synced, entries 4 and 5 were
 * written, and the process died in the sync.
 */
class TornOrDamagedTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final String FILE = "0000000000000001.log";
  private static final byte[] SAVED = {1, 2, 3};

  /** Where the records start, by the rules of docs/log-format.md, which count no stamps. */
  private static final int CREATED_AT = 32;

  private static final int FIRST_AT = 120;
  private static final int SECOND_AT = 304;
  private static final int SAVED_AT = 1088;
  private static final int TRUNCATION_AT = 1176;
  private static final int THIRD_AT = 1256;
  private static final int FOURTH_AT = 2336;
  private static final int FIFTH_AT = 3320;
  private static final int END = 4600;

  /** The last record, where only SAVED and an empty entry were written before it. */
  private static final int LAST_AT = 288;

  /** The shortest value of that record that ends in another sector than its header. */
  private static final int LAST_LENGTH_MIN = IN_SECTOR - LAST_AT - HEADER_BYTES + 1;

  private static final int[] HEADERS = {
    CREATED_AT, FIRST_AT, SECOND_AT, SAVED_AT, TRUNCATION_AT, THIRD_AT, FOURTH_AT, FIFTH_AT
  };

  private final SimDisk disk = new SimDisk(1);

  private static Entry entry(int index) {
    int[] bytes = {0, 100, 700, 1000, 900, 1200};
    return LogContract.entry(1, index, 1, bytes[index]);
  }

  @BeforeEach
  void writeTheLog() {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      group.write(entry(1));
      store.sync();
      group.write(entry(2));
      group.save(SAVED);
      store.sync();
      group.truncate(1, 3);
      group.write(entry(3));
      store.sync();
      group.write(entry(4));
      group.write(entry(5));
      disk.cutPowerAtCall(2);
      assertThrows(StorageException.class, store::sync);
    }
    disk.restart(Survival.ALL);
  }

  @Test
  void anUntouchedLogHoldsAllThatWasWritten() {
    assertEquals(5, checked(disk.synced(1), 5).last());
  }

  @Test
  void noFlippedBitMakesAWrongEntryOrLosesASyncedOne() {
    int refused = 0;
    long end = EACH_BIT ? SEGMENT_BYTES : inFile(END) + 600;
    int step = EACH_BIT ? 1 : 7;
    for (long bit = 0; bit < end * 8; bit += insideAHeader(bit / 8) ? 1 : step) {
      SimDisk flipped = disk.synced(bit);
      flipped.flipBit(FILE, bit / 8, (int) (bit % 8));
      try {
        checked(flipped, 5);
      } catch (StorageException e) {
        refused++;
        assertTrue(String.valueOf(e.getMessage()).contains(FILE), e.getMessage());
      }
    }
    assertTrue(refused > HEADERS.length * HEADER_BYTES * 8, "only " + refused + " were refused");
  }

  @Test
  @DisplayName("D4: whatever is missing of a torn end, nothing else is lost")
  void whateverSectorsOfTheUnsyncedTailAreMissingOnlyThatTailIsLost() {
    int firstSector = inFile(FOURTH_AT) / SECTOR;
    int sectors = inFile(END) / SECTOR - firstSector + 1;
    for (int missing = 0; missing < 1 << sectors; missing++) {
      SimDisk torn = disk.synced(missing);
      for (int sector = 0; sector < sectors; sector++) {
        if ((missing & 1 << sector) != 0) {
          int from = (firstSector + sector) * SECTOR;
          torn.erase(FILE, Math.max(inFile(FOURTH_AT), from), from + SECTOR);
        }
      }
      Recovered recovered = checked(torn, 3);
      assertEquals(List.of(), recovered.faulty());
      assertEquals(recovered.last(), checked(torn, 3).last(), "opening again changes nothing");
    }
  }

  @Test
  @DisplayName("D4: a torn end whose missing sector has one set bit is no damage")
  void aMissingLastSectorWithOneSetBitIsATornEnd() {
    for (int length = LAST_LENGTH_MIN; length < 3 * IN_SECTOR; length++) {
      byte[] oneBit = new byte[length];
      oneBit[length - 1] = 1;
      Recovered recovered = withoutLastSector(length, group -> group.save(oneBit));
      assertArrayEquals(SAVED, recovered.saved(), "record of " + length);
      Entry entry = new Entry(1, 2, Entry.Kind.BATCH, new Stamp(1, 1), Payload.of(oneBit));
      recovered = withoutLastSector(length, group -> group.write(entry));
      assertEquals(List.of(), recovered.faulty(), "value of " + length);
      assertEquals(1, recovered.last(), "value of " + length);
    }
  }

  /** A log with one more record than was synced, which lacks the sector that it ends in. */
  private static Recovered withoutLastSector(int length, Consumer<LogStore.Group> record) {
    SimDisk torn = new SimDisk(1);
    try (LogStore store = torn.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      group.save(SAVED);
      group.write(LogContract.entry(1, 1, 1, 0));
      store.sync();
      record.accept(group);
      torn.cutPowerAtCall(2);
      assertThrows(StorageException.class, store::sync);
    }
    torn.restart(Survival.ALL);
    int endAt = LAST_AT + HEADER_BYTES + length;
    torn.erase(FILE, (endAt - 1L) / IN_SECTOR * SECTOR, SEGMENT_BYTES);
    try (LogStore store = torn.log(SEGMENT_BYTES).open()) {
      return store.group(1, 1, 99).recovered();
    }
  }

  @Test
  void aTailCutAtAnyByteNeverMakesAWrongEntry() {
    for (int cut = inFile(FOURTH_AT); cut < inFile(END); cut++) {
      SimDisk torn = disk.synced(cut);
      torn.erase(FILE, cut, SEGMENT_BYTES);
      try {
        checked(torn, 3);
      } catch (StorageException e) {
        // A header that is there in part is no work of a disk that writes whole sectors.
        assertTrue(inside(cut, FOURTH_AT) || inside(cut, FIFTH_AT), "cut at " + cut);
      }
    }
  }

  private static boolean insideAHeader(long offset) {
    return IntStream.of(HEADERS).anyMatch(at -> inside(offset + 1, at))
        || offset % SECTOR < STAMP
        || offset < inFile(CREATED_AT);
  }

  private static boolean inside(long offset, int headerAt) {
    return offset > inFile(headerAt) && offset <= inFile(headerAt + HEADER_BYTES - 1);
  }

  @Test
  @DisplayName("D4: a damaged value in the middle is reported, and the rest is there")
  void aDamagedValueInTheMiddleIsReportedAndTheRestIsThere() {
    disk.flipBit(FILE, inFile(SECOND_AT + HEADER_BYTES + 600), 3);
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      assertEquals(List.of(2L), group.recovered().faulty());
      assertEquals(List.of(1L, 5L), List.of(group.recovered().first(), group.recovered().last()));
      assertEquals(List.of(entry(3), entry(4), entry(5)), read(group, 3));
      StorageException unreadable = assertThrows(StorageException.class, () -> read(group, 1));
      String message = String.valueOf(unreadable.getMessage());
      assertTrue(message.contains(FILE + ", offset " + inFile(SECOND_AT)), message);
      group.write(entry(2));
      store.sync();
    }
    assertEquals(List.of(), checked(disk, 5).faulty());
  }

  @Test
  @DisplayName("D4: a damaged value of the last record is reported and not taken for a torn end")
  void aDamagedValueOfTheLastRecordIsReportedAndNotDropped() {
    disk.flipBit(FILE, inFile(FIFTH_AT + HEADER_BYTES + 1000), 0);
    assertEquals(List.of(5L), checked(disk, 5).faulty());
  }

  @Test
  @DisplayName("D4: a missing sector of a record that was synced is damage")
  void aMissingSectorOfARecordThatWasSyncedIsDamage() {
    disk.erase(FILE, SECTOR, 2 * SECTOR);
    assertEquals(List.of(2L), checked(disk, 5).faulty());
  }

  @Test
  void aMissingHeaderOfARecordThatWasSyncedIsDamage() {
    disk.erase(FILE, inFile(THIRD_AT), inFile(THIRD_AT + HEADER_BYTES - 1) + 1);
    StorageException refusal = assertThrows(StorageException.class, () -> checked(disk, 5));
    assertTrue(String.valueOf(refusal.getMessage()).contains("missing"), refusal.getMessage());
  }

  @Test
  void aDamagedHeaderIsRefusedWithItsPlaceAndNothingIsChanged() {
    for (int at : new int[] {CREATED_AT, FIRST_AT, SAVED_AT, TRUNCATION_AT, FIFTH_AT}) {
      SimDisk damaged = disk.synced(at);
      damaged.flipBit(FILE, inFile(at + 20), 1);
      for (int attempt = 0; attempt < 2; attempt++) {
        StorageException refusal = assertThrows(StorageException.class, () -> checked(damaged, 5));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.startsWith(FILE + ", offset " + inFile(at) + ":"), message);
      }
      damaged.flipBit(FILE, inFile(at + 20), 1);
      checked(damaged, 5);
    }
  }

  @Test
  void aDamagedSavedRecordIsSaidToBeLostUnlessALaterOneReplacedIt() {
    SimDisk damaged = disk.synced(1);
    damaged.flipBit(FILE, inFile(SAVED_AT + HEADER_BYTES + 1), 1);
    for (int attempt = 0; attempt < 2; attempt++) {
      Recovered lost = recovered(damaged);
      assertNull(lost.saved());
      assertEquals(FILE + ", offset " + inFile(SAVED_AT), lost.savedLost());
    }
    try (LogStore store = damaged.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      group.save(SAVED);
      group.save(SAVED);
      store.sync();
    }
    checked(damaged, 5);
    assertTrue(damaged.flipBit(Part.SAVED_RECORD));
    Recovered lost = recovered(damaged);
    assertNull(lost.saved(), "an earlier one never stands in for it");
    assertNotNull(lost.savedLost());

    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      store.group(1, 1, 1).save(SAVED);
      store.sync();
    }
    disk.flipBit(FILE, inFile(SAVED_AT + HEADER_BYTES + 1), 1);
    checked(disk, 5);
  }

  private static Recovered recovered(SimDisk disk) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      return store.group(1, 1, 99).recovered();
    }
  }

  /** Opens the log; fails unless entries 1 to {@code least} are right or said to be faulty. */
  private static Recovered checked(SimDisk disk, long least) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 99);
      Recovered recovered = group.recovered();
      assertEquals(1, recovered.incarnation());
      assertEquals(1, recovered.first());
      assertTrue(recovered.last() >= least, "lost: holds up to " + recovered.last());
      assertArrayEquals(recovered.savedLost() == null ? SAVED : null, recovered.saved());
      for (long index = 1; index <= recovered.last(); index++) {
        if (!recovered.faulty().contains(index)) {
          List<Entry> found = new ArrayList<>();
          group.read(1, index, 0, found::add);
          assertEquals(List.of(entry((int) index)), found);
        }
      }
      return recovered;
    }
  }

  private static List<Entry> read(LogStore.Group group, long from) {
    return LogContract.read(group, 1, from, LogContract.ALL);
  }
}
