package io.quorate.runtime;

import java.time.Duration;

/** Checks the times that users give. */
public final class Durations {
  private static final Duration TIMEOUT_MAX = Duration.ofDays(365);
  private static final Duration LEASE_MAX = Duration.ofHours(1);

  private Durations() {}

  /**
   * A timeout in nanoseconds.
   *
   * @param name what it is, for the sentence
   * @throws IllegalArgumentException if it is not above 0 and at most a year
   */
  public static long timeoutNanos(String name, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          name + " must be above 0 and at most " + TIMEOUT_MAX.toDays() + " days, not " + timeout);
    }
    return timeout.toNanos();
  }

  /**
   * The age of a state in nanoseconds, at most a year.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  static long ageNanos(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("a state's age is not below 0: " + age);
    }
    return age.compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX.toNanos() : age.toNanos();
  }

  /**
   * A leader's lease in milliseconds.
   *
   * @throws IllegalArgumentException if it is below 0, above an hour, or not of whole milliseconds
   */
  public static long leaseMillis(Duration lease) {
    if (lease.isNegative() || lease.compareTo(LEASE_MAX) > 0 || lease.toNanos() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "a lease must be 0 (none) or whole milliseconds up to 1 h, not "
              + lease
              + "; as long as the election timeout is usual");
    }
    return lease.toMillis();
  }
}
