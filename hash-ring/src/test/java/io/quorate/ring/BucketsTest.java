package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BucketsTest {
  private static final int KEYS = 400;

  @Property(tries = 300)
  @Label("T8: whatever comes and goes, keys move only from what left and to what came")
  void noStrays(@ForAll @IntRange(min = 1, max = 130) int start, @ForAll long seed) {
    Random random = new Random(seed);
    Buckets<Integer> before = Buckets.of(numbers(start));
    for (int step = 0; step < 40; step++) {
      Buckets<Integer> after;
      boolean leaves = before.nodes().size() > 1 && random.nextInt(3) > 0;
      int changed;
      if (leaves) {
        changed = before.nodes().get(random.nextInt(before.nodes().size()));
        after = before.without(changed);
      } else {
        List<Integer> free = new ArrayList<>(numbers(before.numbers() + 1));
        free.removeAll(before.nodes());
        changed = free.get(random.nextInt(free.size()));
        after = before.with(changed, changed);
      }
      for (int i = 0; i < KEYS; i++) {
        long key = seed + i;
        int from = before.owner(key);
        int to = after.owner(key);
        assertTrue(leaves ? from == changed || to == from : to == changed || to == from);
        assertTrue(to != changed || !leaves);
      }
      before = after;
    }
  }

  @Property(tries = 200)
  @Label("the owner depends on who is there, not on the order in which the others left")
  void orderDoesNotMatter(@ForAll @IntRange(min = 2, max = 200) int count, @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> leaving = new ArrayList<>(numbers(count));
    Collections.shuffle(leaving, random);
    leaving = leaving.subList(0, random.nextInt(count));
    Buckets<Integer> one = Buckets.of(numbers(count));
    for (int number : leaving) {
      one = one.without(number);
    }
    Collections.shuffle(leaving, random);
    Buckets<Integer> other = Buckets.of(numbers(count));
    for (int number : leaving) {
      other = other.without(number);
    }
    Collections.shuffle(leaving, random);
    Buckets<Integer> again = other;
    for (int number : leaving) {
      again = again.with(number, number);
    }
    Buckets<Integer> first = Buckets.of(numbers(count));
    for (int i = 0; i < KEYS; i++) {
      assertEquals(one.owner(seed + i), other.owner(seed + i));
      assertEquals(first.owner(seed + i), again.owner(seed + i));
    }
  }

  @Property(tries = 100)
  @Label("where 64 draws find nobody, the one who is left is found all the same")
  void whenNearlyAllHaveLeft(@ForAll @IntRange(max = 1999) int last, @ForAll long seed) {
    Buckets<Integer> one = onlyOf(2000, last);
    Buckets<Integer> two = one.with(1999 - last, 1999 - last);
    for (int i = 0; i < KEYS; i++) {
      assertEquals(last, one.owner(seed + i));
      assertTrue(List.of(last, 1999 - last).contains(two.owner(seed + i)));
      assertEquals(last, two.without(1999 - last).owner(seed + i));
    }
  }

  @Example
  @Label("each node gets its part: all there, a third away, and all but few away")
  void even() {
    assertEven(Buckets.of(numbers(97)));
    Buckets<Integer> some = Buckets.of(numbers(97));
    for (int number = 0; number < 97; number += 3) {
      some = some.without(number);
    }
    assertEven(some);
    Buckets<Integer> few = onlyOf(2000, 1234);
    for (int number : List.of(0, 1, 2, 1999, 777, 1024, 1023)) {
      few = few.with(number, number);
    }
    assertEven(few);
  }

  @Example
  @Label("the keys of one that leaves go to all others alike")
  void whatLeavesIsSpread() {
    Buckets<Integer> before = Buckets.of(numbers(20)).without(3);
    Buckets<Integer> after = before.without(11);
    int[] counts = new int[20];
    int moved = 0;
    for (long key = 0; key < 400_000; key++) {
      if (before.owner(key) == 11) {
        counts[after.owner(key)]++;
        moved++;
      }
    }
    for (int number : after.nodes()) {
      assertEquals(moved / 18.0, counts[number], 5 * Math.sqrt(moved / 18.0), "of " + number);
    }
  }

  @Property(tries = 1000)
  @Label("a draw among one number more stays, or falls on the new number")
  void drawsAreConsistent(@ForAll long seed) {
    int draw = 0;
    for (int numbers = 1; numbers <= 1100; numbers++) {
      int next = Buckets.draw(seed, numbers);
      assertTrue(next == draw || next == numbers - 1, numbers + ": " + draw + ", " + next);
      draw = next;
    }
  }

  @Property(tries = 1000)
  @Label("so it does between any two numbers of numbers")
  void drawsAreConsistentFarApart(
      @ForAll long seed, @ForAll @IntRange(min = 1) int one, @ForAll @IntRange(min = 1) int other) {
    int fewer = Math.min(one, other);
    int draw = Buckets.draw(seed, Math.max(one, other));
    assertTrue(draw >= 0 && draw < Math.max(one, other));
    assertTrue(draw >= fewer || draw == Buckets.draw(seed, fewer));
  }

  @Example
  @Label("draws fall on all numbers alike, whatever their number")
  void drawsAreEven() {
    for (int numbers = 1; numbers <= 70; numbers++) {
      int[] counts = new int[numbers];
      for (int i = 0; i < 2000 * numbers; i++) {
        counts[Buckets.draw(Mixing.mix(i), numbers)]++;
      }
      assertChiSquare(counts, numbers, 2000);
    }
  }

  @Property(tries = 300)
  @Label("text is its bytes in UTF-8, and all keys go by their hash")
  void keysOfEachKind(@ForAll String key, @ForAll long number, @ForAll KeyHash hash) {
    Buckets<Integer> buckets = Buckets.of(numbers(1000), hash);
    assertEquals(buckets.owner(key.getBytes(UTF_8)), buckets.owner(key));
    int byHash = Buckets.draw(hash.hash(number), 1000);
    assertEquals(byHash, buckets.owner(number));
  }

  @Example
  @Label("numbers are given out lowest first, and wrong ones are refused in words")
  void numbering() {
    Buckets<String> buckets = Buckets.of(List.of("a", "b", "c")).without(1);
    assertEquals(List.of("a", "c"), buckets.nodes());
    assertEquals(3, buckets.numbers());
    assertEquals("Buckets[a, d, c, e]", buckets.with("d").with("e").toString());
    assertEquals("Buckets[a, null, c]", buckets.toString());
    assertMessage("no node has number 1", () -> buckets.without(1));
    assertMessage("no node has number 3", () -> buckets.without(3));
    assertMessage("no node has number -1", () -> buckets.without(-1));
    assertMessage("number 2 is that of c", () -> buckets.with(2, "x"));
    assertMessage("number 4 is neither free nor the next, which is 3", () -> buckets.with(4, "x"));
    assertMessage(
        "number -1 is neither free nor the next, which is 3", () -> buckets.with(-1, "x"));
    Buckets<String> none = buckets.without(0).without(2);
    assertThrows(IllegalStateException.class, () -> none.owner(1));
    assertThrows(IllegalStateException.class, () -> Buckets.of(List.of()).owner("a"));
    assertEquals("z", Buckets.of(List.<String>of()).with("z").owner("a"));
    assertNotEquals(buckets.nodes(), none.nodes());
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static Buckets<Integer> onlyOf(int count, int last) {
    Buckets<Integer> buckets = Buckets.of(numbers(count));
    for (int number = 0; number < count; number++) {
      buckets = number == last ? buckets : buckets.without(number);
    }
    return buckets;
  }

  private static void assertEven(Buckets<Integer> buckets) {
    int[] counts = new int[buckets.numbers()];
    for (long key = 0; key < 2000L * buckets.nodes().size(); key++) {
      counts[buckets.owner(key)]++;
    }
    assertChiSquare(counts, buckets.nodes().size(), 2000);
  }

  /** Five standard deviations: one in three million if draws are even, and keys never change. */
  private static void assertChiSquare(int[] counts, int nodes, double expected) {
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += count == 0 ? 0 : (count - expected) * (count - expected) / expected;
    }
    double freedom = nodes - 1;
    assertTrue(
        chiSquare <= freedom + 5 * Math.sqrt(2 * freedom) + 10, nodes + " nodes: " + chiSquare);
    assertEquals(nodes, IntStream.of(counts).filter(count -> count > 0).count());
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
