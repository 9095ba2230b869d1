package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.storage.disk.Counters;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.testkit.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One store for all groups of a host: what that costs, and what it takes on disk. */
class ManyEntriesTest {
  private static final int RECORD_BYTES = 88 + 24;
  private static final int IDLE_ENTRIES = 200;

  private static final Payload VALUE = Payload.of(new byte[20]);

  private static Entry entry(long index) {
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), VALUE);
  }

  /** The others release all but their last 1,000 entries, now and then. */
  @Test
  void oneIdleGroupAndAMillionEntriesOfOthersTakeLittleRoom() {
    int segmentBytes = 128 << 10;
    int groups = 4;
    SimDisk disk = new SimDisk(1);
    try (FileLogStore store = (FileLogStore) disk.log(segmentBytes).open()) {
      LogStore.Group idle = store.group(100, 1, 1);
      for (int index = 1; index <= IDLE_ENTRIES; index++) {
        idle.write(entry(index));
      }
      long live = (long) RECORD_BYTES * (groups * 2_000 + IDLE_ENTRIES);
      long most = 0;
      for (int index = 1; index <= 1_000_000 / groups; index++) {
        for (int group = 1; group <= groups; group++) {
          LogStore.Group busy = store.group(group, 1, 1);
          busy.write(entry(index));
          if (index % 1_000 == 0) {
            busy.release(1, index - 1_000);
          }
        }
        if (index % 100 == 0) {
          store.sync();
          most = Math.max(most, (long) disk.names().size() * segmentBytes);
        }
      }
      // One more is prepared ahead, and while one is copied and given up the log goes on.
      assertTrue(most <= 2 * live + 6L * segmentBytes, most + " bytes for " + live);
      List<Entry> found = new ArrayList<>();
      idle.read(1, 1, Integer.MAX_VALUE, found::add);
      assertEquals(IDLE_ENTRIES, found.size());
      Counters counters = store.counters();
      assertTrue(counters.copies() < counters.records() / 2, counters::toString);
    }
  }

  @Test
  void aThousandGroupsCostTheForcesOfOne() {
    long one = forces(1);
    for (int groups : new int[] {10, 100, 1_000}) {
      long many = forces(groups);
      assertTrue(many <= one * 1.3, groups + " groups cost " + many + " forces, one " + one);
    }
  }

  /** Of 200 rounds in which so many of 1,000 groups write an entry each. */
  private static long forces(int groups) {
    SimDisk disk = new SimDisk(1);
    try (FileLogStore store = (FileLogStore) disk.log(8 << 20).open()) {
      List<LogStore.Group> open = new ArrayList<>();
      for (int group = 1; group <= 1_000; group++) {
        open.add(store.group(group, 1, 1));
      }
      Counters before = store.counters();
      for (int round = 1; round <= 200; round++) {
        for (LogStore.Group group : open.subList(0, groups)) {
          group.write(entry(round));
          if (round % 10 == 0) {
            group.release(1, round - 5);
          }
        }
        store.sync();
      }
      return store.counters().forces() - before.forces();
    }
  }
}
