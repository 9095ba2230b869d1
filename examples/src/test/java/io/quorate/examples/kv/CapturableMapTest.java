package io.quorate.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.examples.kv.CapturableMap.Captured;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CapturableMapTest {
  private static <K extends Comparable<K>, V> List<Map.Entry<K, V>> list(
      Iterable<Map.Entry<K, V>> all) {
    List<Map.Entry<K, V>> list = new ArrayList<>();
    all.forEach(list::add);
    return list;
  }

  /**
   * The numbers are keys, from 0 to 99, put with their place as their value; from 100 on removed.
   */
  @Property
  void itHoldsWhatATreeMapHoldsAndSoDoesEachCaptureForEver(
      @ForAll @Size(max = 400) List<@IntRange(max = 160) Integer> steps,
      @ForAll @IntRange(min = 1, max = 50) int captureEach) {
    CapturableMap<Integer, Integer> map = new CapturableMap<>();
    TreeMap<Integer, Integer> model = new TreeMap<>();
    List<Captured<Integer, Integer>> captures = new ArrayList<>();
    List<TreeMap<Integer, Integer>> copies = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      int key = steps.get(step);
      if (key < 100) {
        map.put(key, step);
        model.put(key, step);
      } else {
        map.remove(key - 100);
        model.remove(key - 100);
      }
      assertEquals(model.size(), map.size());
      if (step % captureEach == 0) {
        captures.add(map.capture());
        copies.add(new TreeMap<>(model));
      }
    }
    for (int key = 0; key < 100; key++) {
      assertEquals(model.get(key), map.get(key));
    }
    for (int i = 0; i < captures.size(); i++) {
      assertEquals(copies.get(i).size(), captures.get(i).size());
      assertEquals(List.copyOf(copies.get(i).entrySet()), list(captures.get(i)));
    }
  }

  @Property
  void whatHasAKeyOrOneBehindItIsReadInOrder(
      @ForAll @Size(max = 100) List<@IntRange(max = 99) Integer> keys,
      @ForAll @IntRange(max = 100) int from) {
    CapturableMap<Integer, String> map = new CapturableMap<>();
    TreeMap<Integer, String> model = new TreeMap<>();
    for (int key : keys) {
      map.put(key, "value " + key);
      model.put(key, "value " + key);
    }
    assertEquals(List.copyOf(model.tailMap(from, true).entrySet()), list(map.capture().from(from)));
  }

  @Test
  void aMillionKeysInTheirOrderAreFoundInTwentyNineLooksAtMost() {
    AtomicInteger looks = new AtomicInteger();
    record Key(int number, AtomicInteger looks) implements Comparable<Key> {
      @Override
      public int compareTo(Key other) {
        looks.incrementAndGet();
        return Integer.compare(number, other.number);
      }
    }
    CapturableMap<Key, String> map = new CapturableMap<>();
    int keys = 1_000_000;
    for (int key = 0; key < keys; key++) {
      map.put(new Key(key, looks), "");
    }
    for (int key = 0; key < keys; key += 997) {
      looks.set(0);
      map.get(new Key(key, looks));
      assertTrue(looks.get() <= 29, () -> looks + " looks"); // 1.44 log2 of a million.
    }
  }

  @Test
  void whatIsEmptyHasNothing() {
    CapturableMap<String, String> map = new CapturableMap<>();
    map.remove("k");
    Iterator<Map.Entry<String, String>> none = map.capture().iterator();
    assertFalse(none.hasNext());
    assertThrows(NoSuchElementException.class, none::next);
  }
}
