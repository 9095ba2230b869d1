package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuorumTest {
  @Test
  void theReachedPositionIsTheHighestThatAMajorityHolds() {
    Random random = new Random(7);
    for (int round = 0; round < 50_000; round++) {
      long[] positions = new long[1 + random.nextInt(9)];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = random.nextInt(12);
      }
      long[] before = positions.clone();
      assertEquals(naive(positions), Quorum.reached(positions));
      assertArrayEquals(before, positions);
    }
  }

  private static long naive(long[] positions) {
    for (long candidate = 12; candidate > 0; candidate--) {
      int holders = 0;
      for (long position : positions) {
        holders += position >= candidate ? 1 : 0;
      }
      if (holders * 2 > positions.length) {
        return candidate;
      }
    }
    return 0;
  }

  @Test
  void anyTwoMajoritiesShareAVoterAndNoSmallerSetsMust() {
    for (int voters = 1; voters <= 31; voters++) {
      int majority = Quorum.majority(voters);
      assertTrue(2 * majority > voters);
      assertTrue(2 * (majority - 1) <= voters);
      assertTrue(Quorum.isMajority(majority, voters));
      assertTrue(!Quorum.isMajority(majority - 1, voters));
    }
  }

  @Test
  void aQuorumOfNobodyIsABug() {
    assertThrows(IllegalStateException.class, () -> Quorum.majority(0));
    assertThrows(IllegalStateException.class, () -> Quorum.reached(new long[0]));
  }
}
