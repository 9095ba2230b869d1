package io.quorate.testkit.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import io.quorate.testkit.contract.LogScript;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A log on a disk that spoils what it holds: it says so, naming file and offset, or it holds what
 * was synced all the same.
 */
class DamagedDiskTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int SEEDS = 300;

  private final Map<DiskFault, Integer> faults = new EnumMap<>(DiskFault.class);
  private int refused;
  private int faulty;
  private int harmless;

  @ParameterizedTest
  @EnumSource(value = Part.class, mode = Mode.EXCLUDE, names = "SNAPSHOT") // The logs have none.
  void aFlippedBitIsSaidOrHarmless(Part part) {
    for (long seed = 0; seed < SEEDS; seed++) {
      SimDisk disk = disk(seed);
      LogScript script = new LogScript(seed);
      drain(disk, script, 1 + (int) seed % 30);
      if (disk.flipBit(part)) { // Some logs hold nothing of that kind.
        reopen(disk, script, part + " " + seed);
      }
    }
    assertEquals(refused + faulty + harmless, faults.get(part.fault()));
    assertTrue(refused + faulty > SEEDS / 8, this::summary);
  }

  /** Seed 113 lost what was synced before a replay looked for headers that stand elsewhere. */
  @Test
  void aWriteThatLandsElsewhereIsSaidOrHarmless() {
    for (long seed = 0; seed < 4 * SEEDS; seed++) {
      SimDisk disk = disk(seed);
      LogScript script = new LogScript(seed);
      drain(disk, script, 1 + (int) seed % 30);
      disk.misdirectWrite();
      if (seed % 3 == 1) {
        disk.cutPowerAtCall(10 + seed % 20);
      }
      drain(disk, script, 1 + (int) (seed / 2) % 6);
      if (seed % 3 == 1) {
        disk.cutPower();
        disk.restart(Survival.SOME);
      }
      disk.mend();
      reopen(disk, script, "seed " + seed);
    }
    assertTrue(refused + faulty > SEEDS / 3, this::summary);
  }

  private SimDisk disk(long seed) {
    return new SimDisk(seed, fault -> faults.merge(fault, 1, Integer::sum));
  }

  private static void drain(SimDisk disk, LogScript script, int times) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      for (int i = 0; i < times; i++) {
        script.drain(store);
      }
    } catch (StorageException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("simulated"), e::getMessage);
    }
  }

  private void reopen(SimDisk disk, LogScript script, String when) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      if (script.model().isFaulty(store)) {
        faulty++;
        return;
      }
      script.model().check(store, when);
      harmless++;
    } catch (StorageException e) {
      refused++;
      assertNamesPlace(e);
    }
  }

  private static void assertNamesPlace(StorageException e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.matches("[0-9]{16}\\.log, offset [0-9]+: .*"), message);
  }

  private String summary() {
    return refused
        + " refused, "
        + faulty
        + " with faulty entries, "
        + harmless
        + " harmless; "
        + faults;
  }
}
