package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log whose end is removed and written anew, over several segments, while the power goes. */
class TruncationTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int OLD = 20;
  private static final int KEPT = 4;
  private static final int NEW = 8;

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("R13: a truncation is there or not: no hole, and nothing removed comes back")
  void truncationIsAtomic(Survival survival) {
    boolean done = false;
    for (long call = 1; !done; call++) {
      SimDisk disk = new SimDisk(call);
      try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
        write(store, 1, OLD, 1);
      }
      disk.cutPowerAtCall(call);
      done = rewrite(disk);
      disk.mend();
      disk.cutPower();
      disk.restart(survival);
      List<Long> stamps = stamps(disk);
      disk.cutPower();
      disk.restart(survival);
      assertEquals(stamps, stamps(disk), "what was read once is there again");
      check(stamps, done, "power was cut in call " + call);
    }
  }

  /** The end is removed, then written anew, each durable before the next. */
  private static boolean rewrite(SimDisk disk) {
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      store.group(1, 1, 1).truncate(1, KEPT + 1);
      store.sync();
      write(store, KEPT + 1, KEPT + NEW, 2);
      return true;
    } catch (StorageException powerCut) {
      return false;
    }
  }

  private static void write(LogStore store, int from, int to, long stamp) {
    LogStore.Group group = store.group(1, 1, 1);
    for (int index = from; index <= to; index++) {
      Payload value = Payload.of(new byte[3000]);
      group.write(new Entry(1, index, Entry.Kind.BATCH, new Stamp(stamp, 0), value));
      store.sync();
    }
  }

  private static List<Long> stamps(SimDisk disk) {
    List<Long> stamps = new ArrayList<>();
    try (LogStore store = disk.log(SEGMENT_BYTES).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      LogStore.Recovered found = group.recovered();
      assertEquals(List.of(), found.faulty());
      group.read(1, 1, Integer.MAX_VALUE, entry -> stamps.add(entry.stamp().high()));
      assertEquals(found.last(), stamps.size(), "no hole");
    }
    return stamps;
  }

  /** All of the old ones; or those that were kept, with some of the new ones behind. */
  private static void check(List<Long> stamps, boolean done, String when) {
    boolean untouched = stamps.size() == OLD && !stamps.contains(2L);
    int kept = (int) stamps.stream().filter(stamp -> stamp == 1).count();
    boolean truncated = kept == KEPT && stamps.size() <= KEPT + NEW;
    assertTrue(untouched || truncated, () -> when + ": " + stamps);
    assertTrue(!done || stamps.size() == KEPT + NEW, () -> when + ": " + stamps);
  }
}
