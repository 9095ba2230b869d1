package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots on a disk that fails and forgets. */
class SnapshotDurabilityTest {
  private static final int LAST = 6;

  /** Snapshots, one newer than the other, some taken and some received. */
  private static final class Run {
    private final SimDisk disk;
    private long finished;
    private long begun;
    private @Nullable StorageException failure;

    Run(SimDisk disk) {
      this.disk = disk;
    }

    private static byte[] content(long index) {
      return SnapshotContract.content(index, index % 2 == 0 ? 300_000 : 2000);
    }

    /** Writes until the last one, or until something fails. */
    Run go(long last) {
      try (LogStore store = open(disk)) {
        Snapshots snapshots = snapshots(store);
        while (finished < last) {
          begun = finished + 1;
          // Some are read while the next takes their place.
          try (Snapshots.@Nullable Reader held = begun % 3 == 0 ? snapshots.newest() : null) {
            assertEquals(begun % 3 == 0, held != null);
            write(snapshots);
          }
        }
      } catch (StorageException e) {
        failure = e;
      }
      return this;
    }

    private void write(Snapshots snapshots) {
      if (begun % 4 > 1) {
        SnapshotContract.receive(snapshots, begun, content(begun));
      } else {
        SnapshotContract.take(snapshots, begun, content(begun));
      }
      finished = begun;
    }

    /** Fails unless the newest is whole, and the last that was finished or the one begun since. */
    void check(String when) {
      try (LogStore store = open(disk);
          Snapshots.@Nullable Reader newest = snapshots(store).newest()) {
        long index = newest == null ? 0 : newest.snapshot().index();
        assertTrue(index == finished || index == begun, when + ": found " + index);
        if (newest != null) {
          assertArrayEquals(content(index), SnapshotContract.bytes(newest), when);
        }
        finished = index;
      }
    }

    /** Fails unless the next one is finished and leaves nothing of those before. */
    void checkNext(String when) {
      failure = null;
      go(finished + 1);
      assertEquals(null, failure, when);
      assertEquals(1, snapshotFiles(disk).size(), when);
      check(when);
    }
  }

  private static List<String> snapshotFiles(SimDisk disk) {
    return disk.names().stream().filter(name -> name.matches(".*\\.(snap|part)")).toList();
  }

  private static LogStore open(SimDisk disk) {
    return disk.log(16 << 10).open();
  }

  private static Snapshots snapshots(LogStore store) {
    return store.group(1, 1, 1).snapshots();
  }

  private static long callsOfAWholeRun() {
    SimDisk disk = new SimDisk(0);
    assertEquals(LAST, new Run(disk).go(LAST).finished);
    assertTrue(disk.calls() > 50, "only " + disk.calls());
    return disk.calls();
  }

  @Test
  void afterAnyFailedCallTheNewestIsWholeAndTheNextIsFinished() {
    long calls = callsOfAWholeRun();
    for (long n = 1; n <= calls; n++) {
      String when = "call " + n + " failed";
      SimDisk disk = new SimDisk(n);
      disk.failCall(n);
      Run run = new Run(disk).go(LAST);
      disk.mend();
      run.check(when);
      disk.cutPower();
      disk.restart(Survival.NOTHING);
      run.check(when + ", then power was cut");
      run.checkNext(when);
    }
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  void afterAPowerCutInAnyCallTheNewestIsWholeAndNoneIsLost(Survival survival) {
    long calls = callsOfAWholeRun();
    for (long n = 1; n <= calls; n++) {
      String when = "power was cut in call " + n;
      SimDisk disk = new SimDisk(n * 3);
      disk.cutPowerAtCall(n);
      Run run = new Run(disk).go(LAST);
      assertNotNull(run.failure, when);
      disk.cutPower();
      disk.restart(survival);
      run.check(when);
      disk.cutPower();
      disk.restart(Survival.NOTHING);
      run.check(when + ", and again");
      run.checkNext(when);
    }
  }

  // Transfers

  /** More than is forced at a time. */
  private static final byte[] LARGE = SnapshotContract.content(1, 5 << 20);

  private long durable;

  private void transfer(Snapshots snapshots) {
    try (Snapshots.Writer writer = snapshots.receive(SnapshotContract.described(5, LARGE))) {
      assertTrue(writer.position() >= durable, writer.position() + ", but durable " + durable);
      while (writer.position() < LARGE.length) {
        int from = (int) writer.position();
        writer.write(ByteBuffer.wrap(LARGE, from, Math.min(100_000, LARGE.length - from)));
        durable = writer.durable();
        assertTrue(durable <= writer.position());
      }
      writer.finish();
    }
  }

  private static boolean isRefused(Runnable work) {
    try {
      work.run();
      return false;
    } catch (StorageException e) {
      return true;
    }
  }

  private static void assertTransferred(SimDisk disk) {
    try (LogStore store = open(disk);
        Snapshots.Reader newest = SnapshotContract.newest(snapshots(store))) {
      assertArrayEquals(LARGE, SnapshotContract.bytes(newest));
    }
  }

  @Test
  void whatWasDurableOfATransferIsThereAfterAPowerCutInAnyCall() {
    boolean cut = true;
    long most = 0;
    for (long n = 1; cut; n++) {
      SimDisk disk = new SimDisk(n);
      durable = 0;
      try (LogStore store = open(disk)) {
        Snapshots snapshots = snapshots(store);
        disk.cutPowerAtCall(n);
        cut = isRefused(() -> transfer(snapshots));
        disk.cutPower();
      }
      disk.restart(Survival.NOTHING);
      disk.mend();
      most = Math.max(most, durable);
      try (LogStore store = open(disk);
          Snapshots.@Nullable Reader newest = snapshots(store).newest()) {
        if (newest == null) {
          transfer(snapshots(store));
        }
      }
      disk.cutPower();
      disk.restart(Survival.NOTHING);
      assertTransferred(disk);
    }
    assertTrue(most > 4_000_000, "never more than " + most);
  }

  /** It may be in the system's cache only, and no later force brings it to the disk. */
  @Test
  void whatIsFoundOfATransferIsWrittenOnceMore() {
    SimDisk disk = new SimDisk(1);
    try (LogStore store = open(disk)) {
      Snapshots snapshots = snapshots(store);
      disk.failSync();
      assertTrue(isRefused(() -> transfer(snapshots)));
      transfer(snapshots);
    }
    disk.cutPower();
    disk.restart(Survival.NOTHING);
    assertTransferred(disk);
  }

  // Errors

  @Test
  void aWriterThatHasFailedRefusesEverythingAndTheLogGoesOn() {
    SimDisk disk = new SimDisk(1);
    try (LogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      Snapshots snapshots = group.snapshots();
      SnapshotContract.take(snapshots, 1, new byte[10]);
      try (Snapshots.Writer writer = snapshots.take(1, 2, SnapshotContract.stamp(2))) {
        disk.fill();
        StorageException failure =
            assertThrows(StorageException.class, () -> writer.write(ByteBuffer.wrap(LARGE)));
        assertSame(failure, assertThrows(StorageException.class, writer::finish));
      }
      group.write(LogContract.entry(1, 1));
      store.sync();
      disk.mend();
      SnapshotContract.take(snapshots, 2, LARGE);
      assertEquals(1, snapshotFiles(disk).size());
    }
  }

  @Test
  void whatMayBeDurableOrNotKeepsOthersFromBeingBegunUntilTheStoreIsReopened() {
    SimDisk disk = new SimDisk(1);
    try (LogStore store = open(disk)) {
      Snapshots snapshots = snapshots(store);
      SnapshotContract.take(snapshots, 1, new byte[10]);
      try (Snapshots.Writer writer = snapshots.take(1, 2, SnapshotContract.stamp(2))) {
        disk.failCall(4); // Write, force, rename, and then the directory.
        assertThrows(StorageException.class, writer::finish);
      }
      assertTrue(
          isRefused(() -> SnapshotContract.take(snapshots, 3, new byte[10])), "none was begun");
    }
    try (LogStore store = open(disk)) {
      SnapshotContract.take(snapshots(store), 3, new byte[10]);
    }
  }
}
