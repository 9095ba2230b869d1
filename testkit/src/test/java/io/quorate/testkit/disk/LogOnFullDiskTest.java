package io.quorate.testkit.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.DiskFullException;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.testkit.contract.LogScript;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The log on a disk that is full, for a while or for good. */
class LogOnFullDiskTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final String RESERVE = "reserve";

  private final SimDisk disk = new SimDisk(1);
  private long last;

  private LogStore open() {
    return disk.log(SEGMENT_BYTES).open();
  }

  /** One entry, synced; sixteen of them do not fit into a segment. */
  private void write(LogStore store) {
    LogStore.Group group = store.group(1, 1, 1);
    byte[] value = new byte[1000];
    new Random(last).nextBytes(value);
    group.write(new Entry(1, last + 1, Entry.Kind.BATCH, new Stamp(1, 0), Payload.of(value)));
    store.sync();
    last++;
  }

  private void writeUntilFull(LogStore store) {
    for (int i = 0; i < 100 && !store.isFull(); i++) {
      write(store);
    }
    assertTrue(store.isFull());
  }

  private void checkAllIsThere(LogStore store) {
    LogStore.Recovered recovered = store.group(1, 1, 1).recovered();
    assertEquals(List.of(), recovered.faulty());
    assertEquals(last, recovered.last());
  }

  @Test
  void aLogHasAReserveFromItsFirstOpeningOn() {
    try (LogStore store = open()) {
      write(store);
      assertTrue(disk.names().contains(RESERVE));
      assertFalse(store.isFull());
    }
  }

  @Test
  @DisplayName("a log is full when no segment can be prepared, and not when it needs one")
  void fullWhilePreparing() {
    try (LogStore store = open()) {
      disk.fill();
      writeUntilFull(store);
      assertTrue(disk.names().contains(RESERVE), "nothing of it is needed yet");
      assertTrue(disk.names().stream().noneMatch(name -> name.endsWith(".new")));
      for (int i = 0; i < 12; i++) {
        write(store);
      }
    }
    try (LogStore store = open()) {
      checkAllIsThere(store);
    }
  }

  @Test
  @DisplayName("when a segment is needed the reserve becomes it; only then nothing is left")
  void fullWhileRolling() {
    try (LogStore store = open()) {
      disk.fill();
      writeUntilFull(store);
      while (disk.names().contains(RESERVE)) {
        write(store);
      }
      for (int i = 0; i < 12; i++) {
        write(store);
      }
      DiskFullException full =
          assertThrows(
              DiskFullException.class,
              () -> {
                for (int i = 0; i < 100; i++) {
                  write(store);
                }
              });
      assertTrue(String.valueOf(full.getMessage()).contains("reserve is used up"), full::toString);
      disk.mend();
      store.makeRoom();
      assertSame(full, assertThrows(StorageException.class, store::sync), "it stays poisoned");
    }
    try (LogStore store = open()) {
      checkAllIsThere(store);
      write(store);
    }
  }

  @Test
  @DisplayName("room ends it, and the reserve is made again first")
  void roomEndsIt() {
    try (LogStore store = open()) {
      disk.fill();
      writeUntilFull(store);
      store.makeRoom();
      assertTrue(store.isFull());
      while (disk.names().contains(RESERVE)) {
        write(store);
      }
      disk.mend();
      disk.fill();
      disk.capacityBytes(used() + SEGMENT_BYTES); // For the one of the two, not for both.
      store.makeRoom();
      assertTrue(disk.names().contains(RESERVE));
      assertTrue(store.isFull(), "it has no room for new work");
      disk.mend();
      store.makeRoom();
      assertFalse(store.isFull());
      for (int i = 0; i < 100; i++) {
        write(store);
      }
      assertTrue(disk.names().contains(RESERVE));
      assertFalse(store.isFull());
    }
    try (LogStore store = open()) {
      checkAllIsThere(store);
    }
  }

  private long used() {
    return disk.names().stream().filter(name -> name.endsWith(".log")).count() * SEGMENT_BYTES;
  }

  @Test
  void aRecordThatIsLargerThanASegmentGetsTheRoomOfTheReserve() {
    try (LogStore store = open()) {
      write(store);
      disk.fill();
      Payload large = Payload.of(new byte[SEGMENT_BYTES + 2000]);
      store.group(1, 1, 1).write(new Entry(1, 2, Entry.Kind.BATCH, new Stamp(1, 0), large));
      store.sync();
      last = 2;
      assertTrue(store.isFull());
      assertFalse(disk.names().contains(RESERVE));
    }
    try (LogStore store = open()) {
      checkAllIsThere(store);
    }
  }

  @Test
  void aLogOnAFullDiskCanBeOpenedAndHoldsVotes() {
    try (LogStore store = open()) {
      disk.fill();
      writeUntilFull(store);
    }
    for (int i = 0; i < 5; i++) {
      disk.cutPower();
      disk.restart(Survival.NOTHING);
      disk.fill();
      try (LogStore store = open()) {
        assertTrue(store.isFull());
        checkAllIsThere(store);
        store.group(1, 1, 1).save(new byte[] {(byte) i});
        store.sync();
      }
    }
  }

  @Test
  void aNewLogOnAFullDiskIsRefusedAndLeavesNothing() {
    disk.fill();
    StorageException refused = assertThrows(DiskFullException.class, this::open);
    assertTrue(String.valueOf(refused.getMessage()).contains("the disk is full"));
    assertEquals(List.of(), disk.names());
    disk.mend();
    try (LogStore store = open()) {
      write(store);
    }
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("a power cut in any call of a log that is full takes nothing that was synced")
  void powerCutsWhileFull(Survival survival) {
    for (long n = 1; n <= 120; n++) {
      String when = "call " + n;
      SimDisk one = new SimDisk(n);
      LogScript script = new LogScript(n);
      drain(one, script, 3, () -> {});
      one.fill();
      one.cutPowerAtCall(n);
      drain(one, script, 12, n % 2 == 0 ? one::mend : () -> {});
      one.cutPower();
      one.restart(survival);
      one.mend();
      try (LogStore store = one.log(SEGMENT_BYTES).open()) {
        script.model().check(store, when);
      }
      drain(one, script, 6, () -> {});
      try (LogStore store = one.log(SEGMENT_BYTES).open()) {
        script.model().check(store, when + ", and later");
      }
    }
  }

  /** Drains until something fails; between two drains the disk may get room. */
  private static void drain(SimDisk disk, LogScript script, int drains, Runnable halfWay) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      for (int i = 0; i < drains; i++) {
        script.drain(store);
        if (i == drains / 2) {
          halfWay.run();
        }
        store.makeRoom();
      }
    } catch (StorageException e) {
      assertFalse(e instanceof DiskFullException full && full.getCause() == null);
    }
  }

  @Test
  void aDiskThatIsNowFullAndNowNotLosesNothing() {
    int full = 0;
    for (long seed = 1; seed <= 200; seed++) {
      SimDisk one = new SimDisk(seed);
      LogScript script = new LogScript(seed);
      Random random = new Random(seed);
      for (int life = 0; life < 4; life++) {
        try (LogStore store = one.log(SEGMENT_BYTES).open()) {
          script.model().check(store, "seed " + seed);
          for (int i = 0; i < 8; i++) {
            script.drain(store);
            full += store.isFull() ? 1 : 0;
            if (random.nextBoolean()) {
              one.fill();
            } else {
              one.mend();
            }
            store.makeRoom();
          }
        } catch (DiskFullException e) {
          one.mend();
        }
        one.mend();
      }
    }
    assertTrue(full > 100, "only " + full);
  }
}
