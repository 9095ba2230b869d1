package io.quorate;

import java.time.Duration;

/**
 * A read with a bound on its age was not answered: what this replica has applied may be older, and
 * no leader has confirmed anything newer within the timeout. May be asked again, or asked with
 * {@link ReadMode#STALE} and no bound.
 */
public final class TooStaleException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** How old the state may be of a replica that no leader has confirmed anything to yet. */
  public static final Duration UNKNOWN = Duration.ofNanos(Long.MAX_VALUE);

  private final Duration age;

  /** Says how old what is there may be. */
  public TooStaleException(String message, Duration age) {
    super(message);
    this.age = age;
  }

  /**
   * What is applied here holds every command that was acknowledged longer ago than this; {@link
   * #UNKNOWN} if nothing is known.
   */
  public Duration age() {
    return age;
  }
}
