package io.quorate.transport;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before dialling again: 50 ms doubling to 1 s, of which the half is random. */
final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private long ceilingNanos = FIRST_NANOS;

  /** The next wait. */
  long nextNanos() {
    long half = ceilingNanos / 2;
    ceilingNanos = Math.min(2 * ceilingNanos, LAST_NANOS);
    return half + ThreadLocalRandom.current().nextLong(half);
  }

  /** Starts again with the shortest wait. */
  void reset() {
    ceilingNanos = FIRST_NANOS;
  }
}
