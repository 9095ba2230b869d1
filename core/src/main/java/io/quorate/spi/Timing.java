package io.quorate.spi;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long an engine waits for what; all that it draws at random.
 *
 * <p><b>Threads.</b> The loop thread only.
 */
public final class Timing {
  private static final long MILLI_NANOS = 1_000_000;
  private static final long RANK_NANOS = 20 * MILLI_NANOS;
  private static final long JITTER_NANOS = 10 * MILLI_NANOS;
  private static final long RETRY_NANOS = 50 * MILLI_NANOS;
  private static final int HEARTBEATS_MIN = 3;
  private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  private final long electionTimeoutNanos;
  private final long heartbeatNanos;
  private final RandomGenerator random;

  /**
   * Options that {@link #validate} has nothing against.
   *
   * @param random the engine's own, see {@link Engine.Setup#random}
   */
  public Timing(long electionTimeoutNanos, long heartbeatNanos, RandomGenerator random) {
    this.electionTimeoutNanos = electionTimeoutNanos;
    this.heartbeatNanos = heartbeatNanos;
    this.random = random;
  }

  /**
   * Checks the two options that a user may set.
   *
   * @throws IllegalArgumentException saying what is wrong and what to do
   */
  public static void validate(Duration electionTimeout, Duration heartbeat) {
    if (heartbeat.isNegative() || heartbeat.isZero()) {
      throw new IllegalArgumentException(
          "the heartbeat is "
              + millis(heartbeat)
              + "; choose a time above zero, 100 ms if in doubt");
    }
    if (electionTimeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "the election timeout is " + millis(electionTimeout) + "; choose an hour at most");
    }
    if (electionTimeout.compareTo(heartbeat.multipliedBy(HEARTBEATS_MIN)) < 0) {
      throw new IllegalArgumentException(
          "the election timeout of "
              + millis(electionTimeout)
              + " is less than three heartbeats of "
              + millis(heartbeat)
              + ": one lost message would depose a leader; raise the one or lower the other");
    }
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  /** T, the least time after which a silent leader counts as lost. */
  public long electionTimeoutNanos() {
    return electionTimeoutNanos;
  }

  /** How often an idle leader is heard. */
  public long heartbeatNanos() {
    return heartbeatNanos;
  }

  /** Uniform in [T, 1.25 T]: random, so that votes seldom split (Raft §3.4). */
  public long electionNanos() {
    return electionTimeoutNanos + random.nextLong(electionTimeoutNanos / 4 + 1);
  }

  /**
   * Before an attempt to lead that a broken connection has hinted at: the voters take turns.
   *
   * @param rank this replica's turn, see {@link Formation#rankWithout}
   */
  public long hintedNanos(int rank) {
    return rank * RANK_NANOS + random.nextLong(JITTER_NANOS);
  }

  /** After an attempt that split, and while another tries: 50 to 100 ms, never more than T. */
  public long retryNanos() {
    return Math.min(RETRY_NANOS + random.nextLong(RETRY_NANOS), electionTimeoutNanos);
  }

  /** The first of a row of tokens that no earlier life of this replica has used. */
  public long firstToken() {
    return random.nextLong();
  }
}
