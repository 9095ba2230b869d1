package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StampRunsTest {
  @Property(tries = 500)
  void anyHistoryAgreesWithAMap(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int span, @ForAll boolean truncates) {
    Random random = new Random(seed);
    TreeMap<Long, Stamp> model = new TreeMap<>();
    long lastIfEmpty = 0;
    for (long index = 1L + random.nextInt(span); random.nextInt(6) > 0; ) {
      model.put(index, stamp(random));
      index += random.nextInt(3) + 1;
    }
    StampRuns runs = new StampRuns(runsOf(model), model.isEmpty() ? lastIfEmpty : model.lastKey());
    for (int step = 0; step < 120; step++) {
      if (truncates && random.nextInt(12) == 0) {
        long from = 1L + random.nextInt(span);
        lastIfEmpty = Math.min(runs.last(), from - 1);
        runs.truncate(from);
        model.tailMap(from, true).clear();
      } else {
        long index = 1L + random.nextInt(span);
        Stamp stamp = stamp(random);
        runs.set(index, stamp);
        model.put(index, stamp);
      }
      assertSame(model, lastIfEmpty, runs, span, random);
    }
  }

  private static void assertSame(
      NavigableMap<Long, Stamp> model, long lastIfEmpty, StampRuns runs, int span, Random random) {
    long last = model.isEmpty() ? lastIfEmpty : model.lastKey();
    assertEquals(last, runs.last());
    assertEquals(model.isEmpty() ? last + 1 : model.firstKey(), runs.first());
    for (long index = 0; index <= span + 2; index++) {
      assertEquals(model.getOrDefault(index, Stamp.NONE), runs.at(index));
      Long held = model.floorKey(index);
      assertEquals(held == null ? runs.first() - 1 : held, runs.heldUpTo(index));
    }
    long low = random.nextInt(span + 2);
    long high = low - 1 + random.nextInt(5);
    boolean whole = low > high || model.subMap(low, true, high, true).size() == high - low + 1;
    assertEquals(whole, runs.isWhole(low, high), () -> low + " to " + high);
  }

  @Test
  void aHoleOfManyIndexesIsOneRun() {
    StampRuns runs = new StampRuns(List.of(), 0);
    runs.set(1, new Stamp(1, 0));
    runs.set(10_000_000_000L, new Stamp(2, 0));
    assertEquals(Stamp.NONE, runs.at(5_000_000_000L));
    assertEquals(1, runs.heldUpTo(9_999_999_999L));
    assertFalse(runs.isWhole(1, 10_000_000_000L));
  }

  @Test
  void aRangeThatIsWrittenAgainInOrderBecomesOneRun() {
    StampRuns runs = new StampRuns(List.of(new StampRun(1, new Stamp(1, 0))), 1000);
    for (long index = 1; index <= 1000; index++) {
      runs.set(index, new Stamp(2, 3));
      assertTrue(runs.isWhole(1, 1000));
    }
    assertEquals(new Stamp(2, 3), runs.at(500));
  }

  @Test
  void anEntryHasAStamp() {
    StampRuns runs = new StampRuns(List.of(), 0);
    assertThrows(IllegalStateException.class, () -> runs.set(1, Stamp.NONE));
  }

  @Test
  void aRecoveredLogThatEndsWithAHoleIsRefused() {
    List<StampRun> hole = List.of(new StampRun(1, new Stamp(1, 0)), new StampRun(2, Stamp.NONE));
    assertThrows(IllegalStateException.class, () -> new StampRuns(hole, 3));
  }

  private static Stamp stamp(Random random) {
    return new Stamp(1 + random.nextInt(3), 1);
  }

  /** As a store reports them. */
  private static List<StampRun> runsOf(NavigableMap<Long, Stamp> model) {
    List<StampRun> runs = new ArrayList<>();
    for (long index = model.isEmpty() ? 1 : model.firstKey();
        !model.isEmpty() && index <= model.lastKey();
        index++) {
      Stamp stamp = model.getOrDefault(index, Stamp.NONE);
      if (runs.isEmpty() || !runs.get(runs.size() - 1).stamp().equals(stamp)) {
        runs.add(new StampRun(index, stamp));
      }
    }
    return runs;
  }
}
