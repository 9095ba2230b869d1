package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Quorum;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** R9, Q8: what is on a quorum, against the plainest way of counting. */
class QuorumPropertyTest {
  @Property(tries = 50_000)
  @Label("R9, Q8: the position that a quorum has reached is the naive one")
  void reached(@ForAll @Size(min = 1, max = 9) byte[] drawn) {
    long[] positions = new long[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      positions[i] = drawn[i] % 16;
    }
    long[] untouched = positions.clone();
    long naive = Long.MIN_VALUE;
    for (long position : positions) {
      int holders = 0;
      for (long reached : positions) {
        holders += reached >= position ? 1 : 0;
      }
      if (2 * holders > positions.length) {
        naive = Math.max(naive, position);
      }
    }
    assertEquals(naive, Quorum.reached(positions));
    assertEquals(Arrays.toString(untouched), Arrays.toString(positions));
  }

  @Property
  @Label("Q8: two majorities share a voter, and no smaller number does")
  void majorities(@ForAll @IntRange(min = 1, max = 31) int voters) {
    int least = Quorum.majority(voters);
    assertTrue(2 * least > voters && 2 * (least - 1) <= voters);
  }
}
