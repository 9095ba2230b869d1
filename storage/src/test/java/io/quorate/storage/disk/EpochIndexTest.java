package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EpochIndexTest {
  /** Puts an entry, or truncates from an index on. */
  record Step(boolean put, long index) {}

  @Property
  void theIndexHoldsWhatATreeWouldHold(@ForAll("steps") List<Step> steps) {
    EpochIndex index = new EpochIndex();
    TreeMap<Long, Long> tree = new TreeMap<>();
    long position = 1;
    for (Step step : steps) {
      if (step.put()) {
        index.put(step.index(), ++position, (int) position);
        tree.put(step.index(), position);
      } else {
        index.truncate(step.index());
        tree.tailMap(step.index()).clear();
      }
      assertSame(tree, index);
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
    Arbitrary<Boolean> puts = Arbitraries.integers().between(0, 9).map(choice -> choice < 8);
    return puts.flatMap(put -> indexes.map(index -> new Step(put, index))).list().ofMaxSize(30);
  }
}
