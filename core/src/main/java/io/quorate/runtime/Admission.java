package io.quorate.runtime;

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

  /** Why a command or query was not let in, if nothing but load is in the way. */
  /* It comes back after about as long as a full admission takes to get room. */
  static final Refusal LOAD =
      new Refusal(
          COUNT_MAX
              + " commands and queries, or "
              + (BYTES_MAX >> 20)
              + " MiB of them, wait already; this one was not accepted: try again later",
          50);

  /** What waits, in one word: the count above so many bits for the bytes. */
  private static final int BYTES_BITS = 40;

  private static final long ONE = 1L << BYTES_BITS;

  private final Supplier<@Nullable Refusal> obstacle;
  private final AtomicLong waiting = new AtomicLong();

  Admission() {
    this(() -> null);
  }

  /**
   * With what keeps all commands out for the moment.
   *
   * @param obstacle null if nothing does; asked by any thread
   */
  Admission(Supplier<@Nullable Refusal> obstacle) {
    this.obstacle = obstacle;
  }

  /** As {@link #admit}, but only if no obstacle keeps commands out. */
  boolean admitCommand(int length) {
    return obstacle.get() == null && admit(length);
  }

  /** Why a command was not let in. */
  Refusal commandRefusal() {
    Refusal why = obstacle.get();
    return why == null ? LOAD : why;
  }

  /** Lets a command or query of that length in, or not. */
  boolean admit(int length) {
    long before = waiting.get();
    if (before >> BYTES_BITS >= COUNT_MAX || (before & (ONE - 1)) + length > BYTES_MAX) {
      return false;
    }
    waiting.addAndGet(ONE + length);
    return true;
  }

  void release(int length) {
    waiting.addAndGet(-(ONE + length));
  }

  int count() {
    return (int) (waiting.get() >> BYTES_BITS);
  }
}
