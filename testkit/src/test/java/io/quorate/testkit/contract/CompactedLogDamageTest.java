package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * A log with a snapshot of which segments were given up, cut and flipped everywhere: before their
 * files are written again, after that, and with what an unfinished deletion leaves. Group 1 is
 * idle, so what it holds are copies.
 */
class CompactedLogDamageTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int HEADER_BYTES = FileFormat.HEADER_BYTES;
  private static final int SECTOR = FileFormat.SECTOR;
  private static final String FIRST = "0000000000000001.log";
  private static final byte[] SAVED = {1, 2, 3};
  private static final int IDLE_LAST = 4;
  private static final byte[] CONTENT = SnapshotContract.content(1, 3000);

  private static final int HELD = 2;

  private final Map<String, List<Integer>> headers = new HashMap<>();

  /** How many entries of the busy group were synced; the last ones of these are held. */
  private long synced;

  /** The last segment with records, before those that were not synced were written. */
  private byte[] beforeTail = {};

  private static Entry idle(long index) {
    return LogContract.entry(1, index, 1, 100 * (int) index);
  }

  private static Entry busy(long index) {
    return LogContract.entry(1, index, 2, 1500);
  }

  private static LogStore open(SimDisk disk) {
    return disk.log(SEGMENT_BYTES).open();
  }

  /** Writes until the log is as it is wanted, or the power is cut. */
  private void write(LogStore store, BooleanSupplier isDone) {
    LogStore.Group idle = store.group(1, 1, 1);
    for (long index = 1; index <= IDLE_LAST; index++) {
      idle.write(idle(index));
    }
    idle.save(SAVED);
    store.sync();
    SnapshotContract.take(idle.snapshots(), 1, CONTENT);
    LogStore.Group busy = store.group(2, 1, 2);
    while (!isDone.getAsBoolean()) {
      busy.write(busy(synced + 1));
      busy.release(1, Math.max(0, synced + 1 - HELD));
      store.sync();
      synced++;
    }
  }

  private SimDisk compacted() {
    SimDisk disk = new SimDisk(1);
    writeAndLosePower(disk, () -> !disk.names().contains(FIRST));
    return disk;
  }

  /** The last records, synced and not, stand in a file that an earlier segment has written. */
  private SimDisk reused() {
    SimDisk disk = new SimDisk(1);
    writeAndLosePower(disk, () -> recordsIn(disk, last(disk)) > 3 && isReused(disk, last(disk)));
    assertTrue(isReused(disk, last(disk)));
    return disk;
  }

  /** Two more entries are written, but not synced. */
  private void writeAndLosePower(SimDisk disk, BooleanSupplier isDone) {
    try (LogStore store = open(disk)) {
      write(store, isDone);
      beforeTail = disk.bytes(last(disk));
      LogStore.Group busy = store.group(2, 1, 2);
      busy.write(busy(synced + 1));
      busy.write(busy(synced + 2));
      disk.cutPowerAtCall(2);
      assertThrows(StorageException.class, store::sync);
    }
    disk.restart(Survival.ALL);
    assertFalse(disk.names().contains(FIRST));
  }

  /** The segment is given up, which is durable, and not deleted yet. */
  private SimDisk withLeftovers() {
    for (int call = 1; ; call++) {
      SimDisk disk = new SimDisk(1);
      synced = 0;
      disk.cutPowerAtCall(call);
      try (LogStore store = open(disk)) {
        write(store, () -> !disk.names().contains(FIRST));
        store.sync();
      } catch (StorageException powerCut) {
        // On to see whether that was the moment.
      }
      disk.cutPower();
      disk.restart(Survival.ALL);
      disk.mend();
      SimDisk reopened = disk.synced(1);
      open(reopened).close();
      if (disk.names().contains(FIRST) && !reopened.names().contains(FIRST)) {
        return disk;
      }
    }
  }

  private static List<String> segments(SimDisk disk) {
    return disk.names().stream().filter(name -> name.endsWith(".log")).toList();
  }

  /** The last segment that holds records. */
  private static String last(SimDisk disk) {
    List<String> names = new ArrayList<>(segments(disk));
    names.removeIf(name -> recordsIn(disk, name) == 0);
    return names.get(names.size() - 1);
  }

  private static int recordsIn(SimDisk disk, String name) {
    return FileFormat.headers(disk.bytes(name)).size() - 1;
  }

  private static boolean isReused(SimDisk disk, String name) {
    return FileFormat.isReused(disk.bytes(name));
  }

  @Test
  void noFlippedBitMakesAWrongEntryOrLosesASyncedOne() {
    flipAll(compacted());
  }

  @Test
  void noFlippedBitDoesSoInAFileThatIsWrittenAgain() {
    flipAll(reused());
  }

  @Test
  void noFlippedBitDoesSoInTheMidstOfADeletion() {
    flipAll(withLeftovers());
  }

  private void flipAll(SimDisk disk) {
    checked(disk.synced(1));
    int refused = 0;
    int harmless = 0;
    for (String name : disk.names()) {
      byte[] file = disk.bytes(name);
      for (int offset = 0; offset < file.length; offset++) {
        if (FileFormat.EACH_BIT || isHeader(disk, name, offset)) {
          for (int bit = 0; bit < Byte.SIZE; bit++) {
            int found = flip(disk, name, offset, bit);
            refused += found;
            harmless += 1 - found;
          }
        } else if (offset % 13 == 0) {
          harmless += 1 - flip(disk, name, offset, offset * 5 % Byte.SIZE);
        }
      }
    }
    assertTrue(refused > 10 * HEADER_BYTES * Byte.SIZE, "only " + refused + " were refused");
    assertTrue(harmless > 100, "only " + harmless + " were harmless");
  }

  /** Whether the byte is in the header of a record, by docs/log-format.md. */
  private boolean isHeader(SimDisk disk, String name, long offset) {
    return headers.computeIfAbsent(name, file -> headers(disk, file)).stream()
        .anyMatch(at -> offset >= at && offset < at + HEADER_BYTES);
  }

  private static List<Integer> headers(SimDisk disk, String name) {
    return FileFormat.headers(disk.bytes(name));
  }

  /** Returns 1 if the file was refused, naming a place in it. */
  private int flip(SimDisk disk, String name, long offset, int bit) {
    SimDisk flipped = disk.synced(offset);
    flipped.flipBit(name, offset, bit);
    try {
      checked(flipped);
      return 0;
    } catch (StorageException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(
          message.startsWith(name + ", offset "),
          () -> name + ", offset " + offset + ", bit " + bit + ": " + message);
      return 1;
    }
  }

  /** Where that begins which was not synced. */
  private int tail(SimDisk disk) {
    return Arrays.mismatch(beforeTail, disk.bytes(last(disk)));
  }

  @Test
  void aTailCutAtAnySectorLosesNothingElse() {
    cutTail(compacted());
  }

  @Test
  void aTailCutAtAnySectorOfAFileThatIsWrittenAgainLosesNothingElse() {
    cutTail(reused());
  }

  private void cutTail(SimDisk disk) {
    String active = last(disk);
    List<Integer> places = headers(disk, active);
    for (int cut = tail(disk); cut < SEGMENT_BYTES; cut++) {
      SimDisk torn = disk.synced(cut);
      torn.erase(active, cut, SEGMENT_BYTES);
      try {
        checked(torn);
      } catch (StorageException e) {
        int at = cut;
        assertTrue(
            places.stream().anyMatch(place -> at > place && at < place + HEADER_BYTES),
            "cut at " + cut + ": " + e.getMessage());
      }
    }
  }

  /** Where the power is cut, there is what was there before: of an earlier segment, here. */
  @Test
  void aTailThatIsCutWhereAnEarlierSegmentHasWrittenLosesNothingElse() {
    SimDisk disk = reused();
    String active = last(disk);
    int refused = 0;
    for (int cut = tail(disk); cut < SEGMENT_BYTES; cut++) {
      SimDisk torn = disk.synced(cut);
      torn.overwrite(active, cut, Arrays.copyOfRange(beforeTail, cut, SEGMENT_BYTES));
      try {
        checked(torn);
      } catch (StorageException e) {
        // No disk that writes whole sectors does that.
        assertTrue(cut % SECTOR != 0, "cut at " + cut + ": " + e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > HEADER_BYTES, "only " + refused + " were refused");
  }

  /** A disk shows at one place of a file what an earlier segment has written at another. */
  @Test
  void anEarlierSegmentsSectorAtAnotherPlaceMakesNoWrongEntryAndLosesNone() {
    SimDisk disk = reused();
    moveOldSectors(disk, false);
    SimDisk ended = disk.synced(1); // Nothing behind the last record tells of it.
    ended.overwrite(last(disk), 0, beforeTail);
    moveOldSectors(ended, false);
    moveOldSectors(ended, true);
  }

  /**
   * Each over each sector, one at a time; without their bytes, they are as if zeros were written.
   */
  private void moveOldSectors(SimDisk disk, boolean isZero) {
    String active = last(disk);
    byte[] file = disk.bytes(active);
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int moves = 0;
    for (int from = 0; from < file.length; from += SECTOR) {
      int writer = FileFormat.writer(bytes, from);
      if (writer == 0 || writer == FileFormat.writer(bytes, 0)) {
        continue;
      }
      byte[] old = Arrays.copyOfRange(file, from, from + SECTOR);
      if (isZero) {
        Arrays.fill(old, FileFormat.STAMP, SECTOR, (byte) 0);
      }
      for (int to = 0; to < file.length; to += SECTOR) {
        if (to != from) {
          SimDisk moved = disk.synced(1);
          moved.overwrite(active, to, old);
          checkMoved(moved, active, from + " to " + to);
          moves++;
        }
      }
    }
    assertTrue(moves > 100, "only " + moves);
  }

  private void checkMoved(SimDisk disk, String active, String what) {
    try {
      checked(disk);
      checked(disk);
    } catch (StorageException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(active + ", offset "), what + ": " + message);
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  @Test
  void anyMissingSegmentIsSaid() {
    SimDisk disk = compacted();
    List<String> names = segments(disk);
    for (String name : names.subList(0, names.size() - 2)) {
      SimDisk without = disk.synced(1);
      without.delete(name);
      StorageException missing = assertThrows(StorageException.class, () -> checked(without));
      assertTrue(String.valueOf(missing.getMessage()).contains(name + " is missing"));
    }
  }

  /** Opens the log; fails unless all that was synced is right or said to be faulty. */
  private void checked(SimDisk disk) {
    try (LogStore store = open(disk)) {
      LogStore.Group idle = store.group(1, 1, 99);
      assertEquals(1, idle.recovered().incarnation());
      boolean isLost = idle.recovered().savedLost() != null;
      assertArrayEquals(isLost ? null : SAVED, idle.recovered().saved());
      check(idle, 1, IDLE_LAST);
      checkSnapshot(idle.snapshots());
      LogStore.Group busy = store.group(2, 1, 99);
      assertEquals(2, busy.recovered().incarnation());
      // The next release may have reached the disk, though its sync has not returned.
      check(busy, synced + 2 - HELD, synced);
    }
  }

  private static void check(LogStore.Group group, long first, long last) {
    Recovered recovered = group.recovered();
    assertTrue(recovered.first() <= first, "lost: begins at " + recovered.first());
    assertTrue(recovered.last() >= last, "lost: holds up to " + recovered.last());
    for (long index = recovered.first(); index <= recovered.last(); index++) {
      if (!recovered.faulty().contains(index)) {
        List<Entry> found = new ArrayList<>();
        group.read(1, index, 0, found::add);
        assertEquals(
            List.of(group.recovered().incarnation() == 1 ? idle(index) : busy(index)), found);
      }
    }
  }

  private static void checkSnapshot(Snapshots snapshots) {
    try (Snapshots.Reader newest = SnapshotContract.newest(snapshots)) {
      assertEquals(SnapshotContract.described(1, CONTENT), newest.snapshot());
      ByteBuffer found = ByteBuffer.allocate(CONTENT.length);
      newest.read(0, found);
      assertArrayEquals(CONTENT, found.array());
    }
  }
}
