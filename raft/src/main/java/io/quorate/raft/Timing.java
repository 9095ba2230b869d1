package io.quorate.raft;

import java.util.random.RandomGenerator;

/** How long an engine waits for what; all that it draws at random. */
final class Timing {
  private static final long MILLI_NANOS = 1_000_000;
  private static final long RANK_NANOS = 20 * MILLI_NANOS;
  private static final long JITTER_NANOS = 10 * MILLI_NANOS;
  private static final long RETRY_NANOS = 50 * MILLI_NANOS;

  private final long electionTimeoutNanos;
  private final long heartbeatNanos;
  private final RandomGenerator random;

  Timing(long electionTimeoutNanos, long heartbeatNanos, RandomGenerator random) {
    this.electionTimeoutNanos = electionTimeoutNanos;
    this.heartbeatNanos = heartbeatNanos;
    this.random = random;
  }

  /** T, the least time after which a silent leader counts as lost. */
  long electionTimeoutNanos() {
    return electionTimeoutNanos;
  }

  long heartbeatNanos() {
    return heartbeatNanos;
  }

  /** Uniform in [T, 1.25 T] (§3.4: random, so that votes seldom split). */
  long electionNanos() {
    return electionTimeoutNanos + random.nextLong(electionTimeoutNanos / 4 + 1);
  }

  /** Before a pre-vote that a broken connection has hinted at: the voters take turns. */
  long hintedNanos(int rank) {
    return rank * RANK_NANOS + random.nextLong(JITTER_NANOS);
  }

  /** After a split vote, and while another tries: 50 to 100 ms, never more than T. */
  long retryNanos() {
    return Math.min(RETRY_NANOS + random.nextLong(RETRY_NANOS), electionTimeoutNanos);
  }

  /** The first of a row of tokens that no earlier life of this replica has used. */
  long firstToken() {
    return random.nextLong();
  }
}
