package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a ring does at its bounds, and what that costs. */
class RingBoundsTest {
  /** Loads that do not change; the total is said apart, as an old one may be. */
  private record Still(Map<String, Long> each, long total, AtomicInteger asked)
      implements Loads<String> {
    Still(Map<String, Long> each, long total) {
      this(each, total, new AtomicInteger());
    }

    @Override
    public long of(String node) {
      asked.incrementAndGet();
      return each.getOrDefault(node, Long.MAX_VALUE);
    }
  }

  private static RingBuilder<String> nodes(int count) {
    RingBuilder<String> builder = Ring.builder();
    IntStream.range(0, count).forEach(i -> builder.add("node-" + i));
    return builder;
  }

  @Test
  @DisplayName("more tokens than a long can count are refused before any is made")
  void countsDoNotWrap() {
    RingBuilder<String> builder = Ring.<String>builder().tokens(65_536);
    IntStream.range(0, 1 << 17).forEach(i -> builder.add("node-" + i, Integer.MAX_VALUE));
    String why = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    assertTrue(String.valueOf(why).contains("use smaller weights"), why);
  }

  @Test
  @DisplayName("1.5: a bound is rounded once: who has it takes no more")
  void theBoundIsExact() {
    Ring<String> ring = Ring.<String>builder().add("a", 27).add("b", 6).build();
    Still loads = new Still(Map.of("a", 3708L, "b", 0L), 2265); // 2 * 2266 * 27 / 33 is 3708.
    for (long key = 0; key < 100; key++) {
      assertEquals("b", ring.owner(key, loads, 2));
    }
  }

  @Test
  @DisplayName("1.5: where all are full, nodes are asked three times and not once for each token")
  void fullRingsAreSeenThrough() {
    Ring<String> ring = nodes(100).build();
    Still loads = new Still(Map.of(), 0);
    ring.owner(1, loads, 1.25);
    assertTrue(loads.asked().get() <= 300, () -> "asked: " + loads.asked());
  }

  @Test
  @DisplayName("1.10: where all are dead, nodes are asked twice and not once for each token")
  void deadRingsAreSeenThrough() {
    Ring<String> ring = nodes(100).build();
    AtomicInteger asked = new AtomicInteger();
    assertTrue(ring.owner(1, node -> asked.incrementAndGet() < 0).isEmpty());
    assertTrue(asked.get() <= 200, () -> "asked: " + asked);
  }

  @Test
  @DisplayName("1.5: the next with room is taken, however far away, and not the least loaded")
  void theNextWithRoom() {
    Ring<String> ring = nodes(100).build();
    Map<String, Long> each = Map.of("node-3", 1L, "node-77", 0L);
    Still loads = new Still(each, 199);
    for (long key = 0; key < 300; key++) {
      assertEquals(ring.owner(key, each::containsKey).orElseThrow(), ring.owner(key, loads, 1.25));
    }
  }

  @Test
  @DisplayName("1.4: zones that are small, or many, are spread over like any others")
  void zonesOfAllSizes() {
    for (int zones : new int[] {2, 3, 40, 97}) {
      List<Oracle.Spec> specs =
          IntStream.range(0, 100)
              .mapToObj(i -> new Oracle.Spec("node-" + i, 1, "zone-" + Math.min(i, zones - 1)))
              .toList();
      Rings.Plan plan = new Rings.Plan(specs, 4, Rings.Places.EVERYWHERE);
      Ring<String> ring = plan.ring();
      Oracle oracle = plan.oracle();
      for (long hash : Rings.hashes()) {
        for (int count : new int[] {1, 2, 3, zones, zones + 1, 100}) {
          assertEquals(oracle.replicas(hash, count), Rings.replicasAt(ring, hash, count));
        }
      }
    }
  }

  @Test
  @DisplayName("1.10: the one that is alive is found, however far away")
  void theLastOneAlive() {
    Ring<String> ring = nodes(100).tokens(1).build();
    for (long key = 0; key < 300; key++) {
      String alive = "node-" + key % 100;
      assertEquals(alive, ring.owner(key, alive::equals).orElseThrow());
      Still loads = new Still(Map.of(alive, 0L), 0);
      assertEquals(alive, ring.owner(key, loads, 1.25));
    }
  }
}
