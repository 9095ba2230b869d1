package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.StorageException;
import io.quorate.storage.disk.Counters;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not needed is given up, and nothing else. */
class CompactionTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final String FIRST = "0000000000000001.log";
  private static final byte[] SAVED = {4, 5, 6};

  /** The busy group, which drives the log on. */
  private static final long BUSY = 1;

  private static final long IDLE = 2;

  private final SimDisk disk = new SimDisk(1);
  private long busyLast;

  private FileLogStore open() {
    return (FileLogStore) disk.log(SEGMENT_BYTES).open();
  }

  /** Writes that many entries of the busy group, releasing all but the last. */
  private void drive(FileLogStore store, int entries) {
    LogStore.Group busy = store.group(BUSY, 1, 1);
    for (int i = 0; i < entries; i++) {
      busy.write(LogContract.entry(1, ++busyLast, 1, 1000));
      busy.release(1, busyLast - 1);
      store.sync();
    }
  }

  /** So far that the block in which the first records stand is not written again. */
  private void driveOn(FileLogStore store) {
    drive(store, 5);
  }

  private void driveUntilGone(FileLogStore store, String segment) {
    for (int i = 0; i < 400 && disk.names().contains(segment); i++) {
      drive(store, 1);
    }
    assertFalse(disk.names().contains(segment), () -> disk.names().toString());
  }

  private static List<Entry> read(LogStore.Group group, long epoch, long from) {
    return LogContract.read(group, epoch, from, LogContract.ALL);
  }

  private static List<Entry> entries(long from, long to) {
    return LogContract.entries(from, to, 1);
  }

  /** Entries 1 to 9, a saved record, and some that were replaced or removed. */
  private static void fill(LogStore.Group group) {
    for (int index = 1; index <= 12; index++) {
      group.write(LogContract.entry(index, 7));
    }
    group.save(new byte[] {1});
    entries(1, 9).forEach(group::write);
    group.truncate(1, 10);
    group.save(SAVED);
  }

  @Test
  void anIdleGroupDoesNotKeepOldSegmentsAndLosesNothing() {
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 2);
      fill(idle);
      for (int rounds = 0; rounds < 10; rounds++) {
        drive(store, 60);
        assertEquals(entries(1, 9), read(idle, 1, 1));
        assertTrue(disk.names().size() <= 6, () -> disk.names().toString());
      }
      assertTrue(store.counters().copies() > 50, () -> store.counters().toString());
    }
    disk.cutPower();
    disk.restart(Survival.NOTHING);
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 99);
      assertFalse(idle.recovered().created());
      assertArrayEquals(SAVED, idle.recovered().saved());
      assertEquals(9, idle.recovered().last());
      assertEquals(entries(1, 9), read(idle, 1, 1));
    }
  }

  @Test
  void aGroupThatNobodyHasOpenedLosesNothing() {
    try (FileLogStore store = open()) {
      fill(store.group(IDLE, 1, 2));
      store.sync();
    }
    try (FileLogStore store = open()) {
      driveUntilGone(store, FIRST);
      Recovered recovered = store.group(IDLE, 1, 99).recovered();
      assertArrayEquals(SAVED, recovered.saved());
      assertEquals(1, recovered.stamps().size());
      assertEquals(entries(1, 9), read(store.group(IDLE, 1, 99), 1, 1));
    }
    try (FileLogStore store = open()) {
      assertEquals(entries(1, 9), read(store.group(IDLE, 1, 99), 1, 1));
    }
  }

  @Test
  void anEmptyLogKeepsItsBase() {
    try (FileLogStore store = open()) {
      store.group(IDLE, 1, 2).release(3, 700);
      driveUntilGone(store, FIRST);
    }
    try (FileLogStore store = open()) {
      Recovered recovered = store.group(IDLE, 1, 99).recovered();
      assertEquals(
          List.of(3L, 701L, 700L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    }
  }

  @Test
  void sealsAreCopied() {
    List<LogStore.Seal> seals = new ArrayList<>();
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 2);
      for (int epoch = 1; epoch <= 3; epoch++) {
        byte[] next = {(byte) epoch, 2};
        idle.seal(epoch, 100L * epoch, next);
        seals.add(new LogStore.Seal(epoch, 100L * epoch, Payload.of(next)));
      }
      idle.release(2, 700);
      driveUntilGone(store, FIRST);
    }
    for (int opening = 0; opening < 2; opening++) {
      try (FileLogStore store = open()) {
        LogStore.Group idle = store.group(IDLE, 1, 99);
        assertEquals(seals.subList(1, 3), idle.recovered().seals());
        assertThrows(IllegalStateException.class, () -> idle.seal(2, 201, new byte[] {2, 2}));
        driveUntilGone(store, Collections.min(disk.names()));
      }
    }
  }

  @Test
  void nothingOfARemovedReplicaComesBack() {
    try (FileLogStore store = open()) {
      fill(store.group(IDLE, 1, 2));
      drive(store, 5);
      store.remove(IDLE);
      driveUntilGone(store, FIRST);
      assertTrue(store.group(IDLE, 1, 3).recovered().created());
    }
    try (FileLogStore store = open()) {
      Recovered recovered = store.group(IDLE, 1, 99).recovered();
      assertEquals(3, recovered.incarnation());
      assertEquals(0, recovered.last());
    }
  }

  /** The helper has read the old entry before the log thread comes to copy it. */
  @Test
  void anEntryThatIsReplacedWhileItIsCopiedStaysReplaced() {
    for (int round = 0; round < 40; round++) {
      SimDisk own = new SimDisk(round);
      Random random = new Random(round);
      List<Entry> before;
      try (FileLogStore store = (FileLogStore) own.log(SEGMENT_BYTES).open()) {
        LogStore.Group busy = store.group(BUSY, 1, 1);
        LogStore.Group idle = store.group(IDLE, 1, 2);
        TreeMap<Long, Entry> expected = new TreeMap<>();
        for (int index = 1; index <= 15; index++) {
          write(idle, LogContract.entry(1, index, 1, 900), expected);
        }
        int busyIndex = 0;
        for (int i = 0; i < 150; i++) {
          busy.write(LogContract.entry(1, ++busyIndex, 1, 1000));
          busy.release(1, busyIndex);
          store.sync();
          int index = random.nextInt(15) + 1;
          write(idle, LogContract.entry(1, index, i + 2, 600), expected);
          assertEquals(List.copyOf(expected.values()), read(idle, 1, 1));
        }
        store.sync();
        assertTrue(store.counters().copies() > 0, () -> store.counters().toString());
        before = read(idle, 1, 1);
      }
      try (LogStore again = own.log(SEGMENT_BYTES).open()) {
        assertEquals(before, read(again.group(IDLE, 1, 99), 1, 1));
      }
    }
  }

  private static void write(LogStore.Group group, Entry entry, Map<Long, Entry> expected) {
    group.write(entry);
    expected.put(entry.index(), entry);
  }

  @Test
  void anEntryThatCannotBeCopiedIsLostAndNotAbsent() {
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 2);
      entries(1, 3).forEach(idle::write);
      driveOn(store);
      // Created at 32; the entries, with values of 20 bytes, at 120, 224 and 328.
      disk.flipBit(FIRST, FileFormat.inFile(224 + FileFormat.HEADER_BYTES + 3), 1);
      driveUntilGone(store, FIRST);
      assertEquals(entries(1, 1), LogContract.read(idle, 1, 1, 0));
      StorageException lost = assertThrows(StorageException.class, () -> read(idle, 1, 2));
      String message = String.valueOf(lost.getMessage());
      assertTrue(message.contains("entry 2 of epoch 1 in group 2 cannot be read"), message);
      assertEquals(entries(3, 3), read(idle, 1, 3));
      drive(store, 300);
    }
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 99);
      assertEquals(List.of(2L), idle.recovered().faulty());
      assertEquals(1, idle.recovered().stamps().size());
      idle.write(LogContract.entry(2, 1));
      store.sync();
    }
    try (FileLogStore store = open()) {
      LogStore.Group idle = store.group(IDLE, 1, 99);
      assertEquals(List.of(), idle.recovered().faulty());
      assertEquals(entries(1, 3), read(idle, 1, 1));
    }
  }

  @Test
  void aLostEntryOfAGroupThatNobodyHasOpenedIsFaulty() {
    try (FileLogStore store = open()) {
      entries(1, 3).forEach(store.group(IDLE, 1, 2)::write);
      store.sync();
    }
    try (FileLogStore store = open()) {
      driveOn(store);
      disk.flipBit(FIRST, FileFormat.inFile(224 + FileFormat.HEADER_BYTES + 3), 1);
      driveUntilGone(store, FIRST);
      assertEquals(List.of(2L), store.group(IDLE, 1, 99).recovered().faulty());
    }
  }

  @Test
  void aSegmentWithADamagedHeaderStays() {
    try (FileLogStore store = open()) {
      entries(1, 3).forEach(store.group(IDLE, 1, 2)::write);
      driveOn(store);
      disk.flipBit(FIRST, FileFormat.inFile(224 + 20), 1);
      drive(store, 200);
      assertTrue(disk.names().contains(FIRST));
      assertEquals(0, store.counters().drops());
    }
    StorageException damage = assertThrows(StorageException.class, this::open);
    String message = String.valueOf(damage.getMessage());
    assertTrue(message.startsWith(FIRST + ", offset " + FileFormat.inFile(224) + ": "), message);
  }

  @Test
  void aSegmentWhoseRecordsSeemToEndStays() {
    try (FileLogStore store = open()) {
      fill(store.group(IDLE, 1, 2));
      driveOn(store);
      disk.erase(FIRST, 1024, 4096);
      drive(store, 200);
      assertTrue(disk.names().contains(FIRST));
      assertEquals(0, store.counters().drops());
    }
    assertThrows(StorageException.class, this::open);
  }

  /** What the file lacks might have been read as zeros, and its entry taken for damaged. */
  @Test
  void aSegmentThatIsShorterThanItWasStays() {
    try (FileLogStore store = open()) {
      store.group(IDLE, 1, 2).write(LogContract.entry(1, 1, 1, 3000));
      drive(store, 15); // The log goes on in another one.
      disk.truncate(FIRST, 2048);
      drive(store, 200);
      assertTrue(disk.names().contains(FIRST));
      assertEquals(0, store.counters().drops());
      assertEquals(1, store.findings().size());
      String found = store.findings().get(0);
      assertTrue(found.contains("the file is shorter than it was"), found);
    }
  }

  @Test
  void aSegmentWithTheOnlySavedRecordOfAGroupStaysIfThatIsDamaged() {
    try (FileLogStore store = open()) {
      store.group(IDLE, 1, 2).save(SAVED);
      store.sync();
    }
    disk.flipBit(FIRST, FileFormat.inFile(120 + FileFormat.HEADER_BYTES + 1), 1);
    for (int i = 0; i < 2; i++) {
      try (FileLogStore store = open()) {
        assertEquals(List.of(), store.findings());
        drive(store, 100);
        assertTrue(disk.names().contains(FIRST));
        assertEquals(1, store.findings().size());
        String found = store.findings().get(0);
        String what = "a saved record of group " + IDLE + " is damaged";
        assertTrue(
            found.contains(FIRST + ", offset " + FileFormat.inFile(120) + ": " + what), found);
        assertEquals(
            FIRST + ", offset " + FileFormat.inFile(120),
            store.group(IDLE, 1, 99).recovered().savedLost());
      }
    }
    try (FileLogStore store = open()) {
      drive(store, 100);
      assertEquals(1, store.findings().size());
      store.remove(IDLE);
      driveUntilGone(store, FIRST);
      assertEquals(List.of(), store.findings());
    }
  }

  @Test
  void aFileThatCannotBeReadOrDeletedIsTriedAgain() {
    for (int failing = 1; failing < 60; failing++) {
      SimDisk own = new SimDisk(failing);
      Counters counters;
      try (FileLogStore store = (FileLogStore) own.log(SEGMENT_BYTES).open()) {
        LogStore.Group busy = store.group(BUSY, 1, 1);
        LogStore.Group idle = store.group(IDLE, 1, 2);
        entries(1, 9).forEach(idle::write);
        store.sync();
        int index = 0;
        try {
          own.failCall(failing);
          for (int i = 0; i < 200; i++) {
            busy.write(LogContract.entry(1, ++index, 1, 1000));
            busy.release(1, index);
            store.sync();
          }
        } catch (StorageException poisoned) {
          continue;
        }
        counters = store.counters();
        assertEquals(entries(1, 9), read(idle, 1, 1));
      }
      assertTrue(counters.drops() > 5, counters::toString);
      assertTrue(own.names().size() < 8, () -> own.names().toString());
    }
  }

  @Test
  @Timeout(60)
  void readersFindEverythingBesideCompaction() throws InterruptedException {
    LogStore.Group idle;
    try (FileLogStore store = (FileLogStore) new SimDisk(3).log(SEGMENT_BYTES).open()) {
      idle = store.group(IDLE, 1, 2);
      entries(1, 100).forEach(idle::write);
      store.sync();
      Readers readers = new Readers(idle, entries(1, 100));
      readers.start();
      drive(store, 3000);
      readers.stop();
      assertTrue(store.counters().copies() > 500, () -> store.counters().toString());
    }
  }
}
