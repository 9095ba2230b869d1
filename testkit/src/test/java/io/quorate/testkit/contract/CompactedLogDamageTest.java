package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A log of which segments were given up, cut and flipped everywhere, with and without what an
 * unfinished deletion leaves. Group 1 is idle, so what it holds are copies.
 */
class CompactedLogDamageTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int HEADER_BYTES = FileFormat.HEADER_BYTES;
  private static final String FIRST = "0000000000000001.log";
  private static final byte[] SAVED = {1, 2, 3};
  private static final int IDLE_LAST = 4;

  private static final int HELD = 2;

  private final Map<String, List<Integer>> headers = new HashMap<>();

  /** How many entries of the busy group were synced; the last ones of these are held. */
  private long synced;

  private static Entry idle(long index) {
    return LogContract.entry(1, index, 1, 100 * (int) index);
  }

  private static Entry busy(long index) {
    return LogContract.entry(1, index, 2, 1500);
  }

  private static LogStore open(SimDisk disk) {
    return disk.log(SEGMENT_BYTES).open();
  }

  /** Writes until a segment was given up, or the power is cut. */
  private void write(SimDisk disk, LogStore store) {
    LogStore.Group idle = store.group(1, 1, 1);
    for (long index = 1; index <= IDLE_LAST; index++) {
      idle.write(idle(index));
    }
    idle.save(SAVED);
    store.sync();
    LogStore.Group busy = store.group(2, 1, 2);
    while (disk.names().contains(FIRST)) {
      busy.write(busy(synced + 1));
      busy.release(1, Math.max(0, synced + 1 - HELD));
      store.sync();
      synced++;
    }
  }

  /** Two more entries are written, but not synced. */
  private SimDisk compacted() {
    SimDisk disk = new SimDisk(1);
    try (LogStore store = open(disk)) {
      write(disk, store);
      LogStore.Group busy = store.group(2, 1, 2);
      busy.write(busy(synced + 1));
      busy.write(busy(synced + 2));
      disk.cutPowerAtCall(2);
      assertThrows(StorageException.class, store::sync);
    }
    disk.restart(Survival.ALL);
    assertFalse(disk.names().contains(FIRST));
    return disk;
  }

  /** The segment is given up, which is durable, and not deleted yet. */
  private SimDisk withLeftovers() {
    for (int call = 1; ; call++) {
      SimDisk disk = new SimDisk(1);
      synced = 0;
      disk.cutPowerAtCall(call);
      try (LogStore store = open(disk)) {
        write(disk, store);
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

  @Test
  void noFlippedBitMakesAWrongEntryOrLosesASyncedOne() {
    flipAll(compacted());
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
      for (long offset = 0; offset < SEGMENT_BYTES; offset++) {
        int bit = (int) (offset * 5 % Byte.SIZE);
        if (isHeader(disk, name, offset)) {
          for (int other = 0; other < Byte.SIZE; other++) {
            refused += flip(disk, name, offset, other);
          }
        } else if (offset % 13 == 0) {
          harmless += 1 - flip(disk, name, offset, bit);
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

  /** Returns 1 if the log was refused, naming a place. */
  private int flip(SimDisk disk, String name, long offset, int bit) {
    SimDisk flipped = disk.synced(offset);
    flipped.flipBit(name, offset, bit);
    try {
      checked(flipped);
      return 0;
    } catch (StorageException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.matches("[0-9]{16}\\.log, offset [0-9]+: .*"), message);
      return 1;
    }
  }

  @Test
  void aTailCutAtAnySectorLosesNothingElse() {
    SimDisk disk = compacted();
    List<String> names = disk.names().stream().filter(name -> name.endsWith(".log")).toList();
    String active = names.get(names.size() - 2);
    List<Integer> places = headers(disk, active);
    int tail = places.get(places.size() - 2);
    assertTrue(tail > 0, () -> names + " " + places);
    for (int cut = tail; cut < SEGMENT_BYTES; cut++) {
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

  @Test
  void anyMissingSegmentIsSaid() {
    SimDisk disk = compacted();
    List<String> names = disk.names().stream().filter(name -> name.endsWith(".log")).toList();
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
      assertArrayEquals(SAVED, idle.recovered().saved());
      check(idle, 1, IDLE_LAST);
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
}
