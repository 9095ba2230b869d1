package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ring.RingDiff.Move;
import io.quorate.ring.RingDiff.Transfer;
import io.quorate.ring.Rings.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RingDiffTest {
  @Provide
  Arbitrary<Plan> plans() {
    return Rings.plans();
  }

  @Property
  @Label("1.3: a diff, applied to the owners and replicas of one ring, gives those of the other")
  void applied(
      @ForAll("plans") Plan one,
      @ForAll("plans") Plan other,
      @ForAll @IntRange(min = 1, max = 4) int replicas) {
    Ring<String> before = one.ring();
    Ring<String> after = new Plan(other.specs(), one.perWeight(), one.places()).ring();
    List<Move<String>> moves = before.diff(after, replicas).moves();
    List<Long> hashes = new ArrayList<>(Arrays.stream(Rings.hashes()).boxed().toList());
    for (Move<String> move : moves) {
      hashes.addAll(List.of(move.from(), move.to(), move.from() - 1, move.to() + 1));
    }
    for (long hash : hashes) {
      @Nullable String[] held = new String[replicas];
      List<String> old = Rings.replicasAt(before, hash, replicas);
      for (int i = 0; i < old.size(); i++) {
        held[i] = old.get(i);
      }
      for (Move<String> move : moves) {
        if (move.contains(hash)) {
          assertEquals(held[move.replica()], move.before());
          held[move.replica()] = move.after();
        }
      }
      List<String> expected = Rings.replicasAt(after, hash, replicas);
      for (int i = 0; i < replicas; i++) {
        assertEquals(i < expected.size() ? expected.get(i) : null, held[i]);
      }
    }
  }

  @Property
  @Label("ranges of one replica do not touch: what could be one range is one")
  void coalesced(@ForAll("plans") Plan one, @ForAll("plans") Plan other) {
    List<Move<String>> moves = one.ring().diff(other.ring(), 1).moves();
    for (int i = 1; i < moves.size(); i++) {
      Move<String> last = moves.get(i - 1);
      Move<String> next = moves.get(i);
      assertTrue(Long.compareUnsigned(last.to(), next.from()) < 0);
      assertFalse(
          last.to() + 1 == next.from()
              && Objects.equals(last.before(), next.before())
              && Objects.equals(last.after(), next.after()));
    }
  }

  @Property
  @Label("who is sent something did not hold it, who sends it did")
  void transfers(@ForAll("plans") Plan plan, @ForAll @IntRange(min = 1, max = 3) int replicas) {
    Ring<String> ring = plan.ring();
    Ring<String> next = ring.with("joining", 2, "x");
    RingDiff<String> diff = ring.diff(next, replicas);
    double expected = 0;
    for (Transfer<String> transfer : diff.transfers()) {
      assertFalse(transfer.from().equals(transfer.to()));
      assertTrue(ring.nodes().contains(transfer.from()));
      expected += transfer.share();
    }
    assertEquals(expected, diff.moved(), 1e-12);
    if (replicas == 1) {
      assertEquals(next.share("joining"), diff.moved(), 1e-9, "T8: what moves is its share");
      assertTrue(diff.transfers().stream().allMatch(each -> each.to().equals("joining")));
    }
  }

  @Test
  @DisplayName("rings that are the same move nothing")
  void nothing() {
    Ring<String> ring = Ring.<String>builder().add("a").add("b").build();
    assertEquals(List.of(), ring.diff(ring, 2).moves());
    assertEquals(0, ring.diff(ring.with("c").without("c"), 1).moved());
  }

  @Test
  @DisplayName("what can not be compared is refused")
  void refused() {
    Ring<String> ring = Ring.<String>builder().add("a").build();
    Ring<String> other = Ring.<String>builder().hash(KeyHash.MURMUR3).add("a").build();
    String why =
        assertThrows(IllegalArgumentException.class, () -> ring.diff(other, 1)).getMessage();
    assertEquals("one ring hashes keys with XXH3, the other with MURMUR3", why);
    assertThrows(IllegalArgumentException.class, () -> ring.diff(ring, 0));
  }
}
