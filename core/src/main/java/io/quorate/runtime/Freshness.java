package io.quorate.runtime;

import java.util.function.LongSupplier;

/**
 * How old at most what a replica has committed is, by the rounds of reads that were confirmed to
 * it. Loop only.
 */
/* A round says: all that was acknowledged before it was ASKED stands at or below its index. So the age
 * runs from when the replica asked, never from when the answer came: a late answer makes nothing
 * younger. It is the longer of what two clocks say. Where the monotonic one stands still while the
 * machine is suspended, the wall clock has gone on; where the wall clock was put back, the monotonic
 * one tells. The wall clock can only make a state look older than it is.
 */
final class Freshness {
  static final long UNKNOWN = Long.MAX_VALUE;

  private final LongSupplier wallNanos;
  private boolean known;
  private long askedAt;
  private long wallAskedAt;
  private long index;

  /** Nothing is known yet. */
  Freshness(LongSupplier wallNanos) {
    this.wallNanos = wallNanos;
  }

  /** What the wall clock says. */
  long wall() {
    return wallNanos.getAsLong();
  }

  /** A round is confirmed at that index; the latest that was asked counts. */
  void confirmed(long asked, long wallAsked, long at) {
    if (!known || asked - askedAt >= 0) {
      known = true;
      askedAt = asked;
      wallAskedAt = wallAsked;
      index = at;
    }
  }

  /** What is applied up to there is as young as {@link #age} says. */
  long index() {
    return index;
  }

  /** How many nanoseconds old at most; {@link #UNKNOWN} before the first round. */
  long age(long now) {
    return known ? Math.max(now - askedAt, wall() - wallAskedAt) : UNKNOWN;
  }
}
