package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Stamp;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class EpochIndexTest {
  /** Puts an entry, moves it, truncates from an index on, or releases up to it. */
  record Step(Kind kind, long index) {}

  enum Kind {
    PUT,
    MOVE,
    TRUNCATE,
    RELEASE
  }

  @Property
  void theIndexHoldsWhatATreeWouldHold(@ForAll("steps") List<Step> steps) {
    LiveBytes live = new LiveBytes(0);
    EpochIndex index = new EpochIndex(live);
    TreeMap<Long, Long> tree = new TreeMap<>();
    long position = 1;
    for (Step step : steps) {
      switch (step.kind()) {
        case PUT -> {
          index.put(step.index(), ++position, (int) position);
          tree.put(step.index(), position);
        }
        case MOVE -> {
          if (tree.computeIfPresent(step.index(), (at, old) -> old + 1) != null) {
            long moved = tree.getOrDefault(step.index(), 0L);
            index.move(step.index(), moved, (int) moved, false);
            position = Math.max(position, moved);
          }
        }
        case TRUNCATE -> {
          index.truncate(step.index());
          tree.tailMap(step.index()).clear();
        }
        case RELEASE -> {
          index.release(step.index());
          tree.headMap(step.index(), true).clear();
        }
      }
      assertSame(tree, index);
      assertEquals(tree.values().stream().mapToLong(Long::longValue).sum(), live.total());
    }
  }

  /**
   * Long runs of equal entries, some that differ, and holes; as the tables of a replay are made.
   */
  @Test
  void whatAReplayHasFoundIsKeptForEachEntry() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      EpochIndex index = new EpochIndex(new LiveBytes(0));
      TreeMap<Long, List<Object>> tree = new TreeMap<>();
      long at = 1L + random.nextInt(300);
      int differs = 20 << random.nextInt(6);
      for (int i = 0; i < 3000; i++) {
        boolean isOther = random.nextInt(differs) == 0;
        int kind = isOther ? 1 + random.nextInt(2) : 1;
        Stamp stamp = new Stamp(1 + i / 900, isOther ? random.nextInt(2) : 0);
        boolean isFaulty = isOther && random.nextBoolean();
        index.recover(at, i + 1, 100, kind, stamp, isFaulty);
        tree.put(at, List.of(kind, stamp, isFaulty));
        if (random.nextInt(900) == 0) {
          at -= random.nextInt(20);
          index.truncate(Math.max(1, at));
          tree.tailMap(Math.max(1, at)).clear();
          at = Math.max(0, at - 1);
        }
        at += random.nextInt(500) == 0 ? 3 : 1;
      }
      TreeMap<Long, List<Object>> found = new TreeMap<>();
      for (long next = index.first(); next <= index.last(); ) {
        List<Object> facts = List.of(index.kind(next), index.stamp(next), index.faulty(next));
        long before = index.sameBefore(next);
        for (long same = next; same < before; same++) {
          found.put(same, facts);
        }
        next = index.heldFrom(before);
      }
      assertEquals(tree, found, "seed " + seed);
    }
  }

  private static void assertSame(NavigableMap<Long, Long> tree, EpochIndex index) {
    assertEquals(tree.isEmpty(), index.isEmpty());
    if (tree.isEmpty()) {
      assertEquals(index.last() + 1, index.first());
      return;
    }
    assertEquals(tree.firstKey(), index.first());
    assertEquals(tree.lastKey(), index.last());
    assertEquals(tree.firstKey(), index.heldFrom(0));
    assertEquals(tree.lastKey() + 1, index.heldFrom(tree.lastKey() + 1));
    for (long at = tree.firstKey(); at <= tree.lastKey(); at++) {
      assertEquals(tree.ceilingKey(at), index.heldFrom(at));
      long expected = tree.getOrDefault(at, 0L);
      assertEquals((int) expected, index.length(at));
      if (expected != 0) {
        assertEquals(expected, index.position(at));
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> indexes =
        Arbitraries.oneOf(Arbitraries.longs().between(1, 40), Arbitraries.longs().between(1, 5000));
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(16, Kind.PUT),
            Tuple.of(2, Kind.MOVE),
            Tuple.of(2, Kind.TRUNCATE),
            Tuple.of(1, Kind.RELEASE));
    return kinds.flatMap(kind -> indexes.map(index -> new Step(kind, index))).list().ofMaxSize(30);
  }
}
