package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import io.quorate.storage.disk.Counters;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileLogDurabilityTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int DRAINS = 30;
  private static final int SCRIPTS = 4;

  @Test
  @DisplayName("D1: after any failed call the store is poisoned; reopening shows what was synced")
  void afterAnyFailedCallTheStoreIsPoisonedAndReopeningShowsWhatWasSynced() {
    for (int seed = 0; seed < SCRIPTS; seed++) {
      long calls = callsOfAWholeRun(seed);
      for (long n = 1; n <= calls; n++) {
        String when = "script " + seed + ", call " + n + " failed";
        SimDisk disk = new SimDisk(n);
        LogScript script = new LogScript(seed);
        disk.failCall(n);
        run(disk, script);
        disk.mend();
        checkAfterReopening(disk, script, when);
        // What a reopened log has shown is durable, though the force that failed is never repeated.
        disk.cutPower();
        disk.restart(Survival.NOTHING);
        checkAfterReopening(disk, script, when + ", then power was cut");
      }
    }
  }

  /** IS3, IS4. */
  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("D2: after a power cut in any call all that was synced is there, files and names")
  void afterAPowerCutInAnyCallEverythingSyncedIsThereAndNothingElseThanWhatWasWritten(
      Survival survival) {
    for (int seed = 0; seed < SCRIPTS; seed++) {
      long calls = callsOfAWholeRun(seed);
      for (long n = 1; n <= calls; n++) {
        String when = "script " + seed + ", power was cut in call " + n;
        SimDisk disk = new SimDisk(n * 3);
        LogScript script = new LogScript(seed);
        disk.cutPowerAtCall(n);
        run(disk, script);
        disk.cutPower();
        disk.restart(survival);
        disk.mend(); // The run may have had fewer calls.
        checkAfterReopening(disk, script, when);
        run(disk, script);
        disk.cutPower();
        disk.restart(Survival.SOME);
        checkAfterReopening(disk, script, when + ", and again later");
      }
    }
  }

  @Test
  void aPowerCutWhileTheLogIsReopenedLosesNothing() {
    for (long seed = 1; seed <= 300; seed++) {
      SimDisk disk = new SimDisk(seed);
      LogScript script = new LogScript(seed);
      disk.cutPowerAtCall(40 + seed % 90);
      run(disk, script);
      disk.cutPower();
      disk.restart(Survival.SOME);
      disk.cutPowerAtCall(1 + seed % 23);
      open(disk);
      disk.cutPower();
      disk.restart(Survival.SOME);
      disk.mend();
      checkAfterReopening(disk, script, "seed " + seed);
    }
  }

  /** What a dead process has left in the system's cache is not durable yet. */
  @Test
  void aPowerCutWhileTheLogOfADeadProcessIsReopenedLosesNothing() {
    long calls = callsOfAWholeRun(1);
    for (long n = 1; n <= calls; n++) {
      boolean reopened = false;
      for (long m = 1; !reopened; m++) {
        assertTrue(m < 5_000, "never reopened after call " + n);
        SimDisk disk = new SimDisk(n);
        LogScript script = new LogScript(1);
        disk.cutPowerAtCall(n);
        run(disk, script);
        disk.restart(Survival.CACHED);
        disk.cutPowerAtCall(m);
        LogStore store = open(disk);
        reopened = store != null;
        if (store != null) {
          store.close();
        }
        disk.cutPower();
        disk.restart(Survival.NOTHING);
        disk.mend();
        checkAfterReopening(disk, script, "the process died in call " + n + ", power in " + m);
      }
    }
  }

  @Test
  void aFullDiskPoisonsTheStoreAndLosesNothingThatWasSynced() {
    for (int kilobytes = 16; kilobytes <= 96; kilobytes += 4) {
      SimDisk disk = new SimDisk(kilobytes);
      LogScript script = new LogScript(kilobytes);
      disk.capacityBytes(kilobytes * 1024L);
      run(disk, script);
      disk.mend();
      checkAfterReopening(disk, script, kilobytes + " KiB");
    }
  }

  @Test
  void theSyncedImageHoldsWhatWasSyncedAtAnyTime() {
    SimDisk disk = new SimDisk(5);
    LogScript script = new LogScript(5);
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      for (int i = 0; i < DRAINS; i++) {
        script.drain(store);
        try (LogStore copy = disk.synced(i).log(SEGMENT_BYTES).open()) {
          script.model().checkCopy(copy, "drain " + i);
        }
      }
    }
  }

  /** How many calls a script takes; it must roll, copy and give up segments to be of use here. */
  private static long callsOfAWholeRun(int seed) {
    SimDisk disk = new SimDisk(seed);
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      drainAll(store, new LogScript(seed));
      Counters counters = ((FileLogStore) store).counters();
      assertTrue(counters.copies() > 2 && counters.drops() > 2, () -> seed + ": " + counters);
    }
    return disk.calls();
  }

  private static @Nullable LogStore open(SimDisk disk) {
    try {
      return disk.log(SEGMENT_BYTES).open();
    } catch (StorageException e) {
      return null;
    }
  }

  /**
   * Runs the script until something fails; a store that has failed refuses everything from then.
   */
  private static void run(SimDisk disk, LogScript script) {
    @Nullable LogStore store = open(disk);
    if (store == null) {
      return;
    }
    try (store) {
      drainAll(store, script);
    }
  }

  private static void drainAll(LogStore store, LogScript script) {
    try {
      for (int i = 0; i < DRAINS; i++) {
        script.drain(store);
      }
    } catch (StorageException failure) {
      assertSame(failure, assertThrows(StorageException.class, store::sync));
    }
  }

  private static void checkAfterReopening(SimDisk disk, LogScript script, String when) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      script.model().check(store, when);
    }
  }

  /** IS1. */
  @Test
  @DisplayName("D1: a poisoned store throws the same exception until it is reopened")
  void aPoisonedStoreThrowsTheSameExceptionUntilItIsReopened() {
    SimDisk disk = new SimDisk(1);
    LogStore store = disk.log(SEGMENT_BYTES).open();
    LogStore.Group group = store.group(1, 1, 1);
    group.write(LogContract.entry(1, 1));
    disk.failCall(1);
    StorageException failure = assertThrows(StorageException.class, store::sync);
    assertSame(failure, assertThrows(StorageException.class, store::sync));
    assertSame(
        failure, assertThrows(StorageException.class, () -> group.write(LogContract.entry(2, 1))));
    assertSame(failure, assertThrows(StorageException.class, () -> group.truncate(1, 1)));
    assertSame(failure, assertThrows(StorageException.class, () -> group.save(new byte[1])));
    store.close();
    try (LogStore reopened = disk.log(SEGMENT_BYTES).open()) {
      LogStore.Group again = reopened.group(1, 1, 2);
      long next = again.recovered().last() + 1;
      again.write(LogContract.entry(next, 1));
      reopened.sync();
      assertEquals(1, LogContract.read(again, 1, next, LogContract.ALL).size());
    }
  }
}
