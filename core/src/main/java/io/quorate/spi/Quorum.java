package io.quorate.spi;

import java.util.Arrays;

/**
 * How votes and copies are counted; both engines count the same way.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Quorum {
  private Quorum() {}

  /** The least number of {@code voters} of which any two sets of that size share a voter. */
  public static int majority(int voters) {
    Check.that(voters > 0, "a quorum counts at least one voter", voters, 1);
    return voters / 2 + 1;
  }

  /** Whether {@code votes} of {@code voters} are a majority. */
  public static boolean isMajority(int votes, int voters) {
    return votes >= majority(voters);
  }

  /**
   * The highest position that a majority has reached.
   *
   * @param positions one per voter, in any order; not changed
   */
  public static long reached(long[] positions) {
    long[] sorted = positions.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - majority(sorted.length)];
  }
}
