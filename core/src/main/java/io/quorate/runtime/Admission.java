package io.quorate.runtime;

import io.quorate.OverloadedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place that refuses: on load, for which it counts what waits, commands and queries, and
 * their bytes; and commands while the disk is full. Any thread.
 */
final class Admission {
  static final int COUNT_MAX = 1 << 16;
  static final long BYTES_MAX = 64L << 20;

  /** So long a full admission takes to get room, about; a hint to who was refused. */
  private static final long LOAD_MILLIS = 50;

  /** As long as a full disk waits before it looks for room again. */
  private static final long OBSTACLE_MILLIS = 1_000;

  private final Supplier<@Nullable String> obstacle;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Admission() {
    this(() -> null);
  }

  /**
   * With what keeps all commands out for the moment, as the sentence for who proposes them.
   *
   * @param obstacle null if nothing does; asked by any thread
   */
  Admission(Supplier<@Nullable String> obstacle) {
    this.obstacle = obstacle;
  }

  /** As {@link #admit}, but only if no obstacle keeps commands out. */
  boolean admitCommand(int length) {
    return obstacle.get() == null && admit(length);
  }

  /** Why a command was not let in. */
  Refusal commandRefusal() {
    String why = obstacle.get();
    return why == null ? refusal() : new Refusal(why, OBSTACLE_MILLIS);
  }

  /** Lets a command or query of that length in, or not. */
  boolean admit(int length) {
    if (count.get() >= COUNT_MAX || bytes.get() + length > BYTES_MAX) {
      return false;
    }
    count.incrementAndGet();
    bytes.addAndGet(length);
    return true;
  }

  void release(int length) {
    count.decrementAndGet();
    bytes.addAndGet(-length);
  }

  int count() {
    return count.get();
  }

  /** Why a command or query was not let in, if nothing but load is in the way. */
  Refusal refusal() {
    return new Refusal(
        count.get()
            + " commands and queries of "
            + (bytes.get() >> 10)
            + " KiB wait already (the most is "
            + COUNT_MAX
            + " or "
            + (BYTES_MAX >> 20)
            + " MiB); this one was not accepted: try again later",
        LOAD_MILLIS);
  }

  /** A no, with when to ask again. */
  record Refusal(String why, long retryAfterMillis) {
    OverloadedException exception() {
      return new OverloadedException(why, Duration.ofMillis(retryAfterMillis));
    }

    Outcome outcome() {
      return Outcome.text(Outcome.Code.OVERLOADED, retryAfterMillis, why);
    }
  }
}
