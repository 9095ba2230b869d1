package io.quorate.runtime;

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
  String commandRefusal() {
    String why = obstacle.get();
    return why == null ? refusal() : why;
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

  String refusal() {
    return count.get()
        + " commands and queries of "
        + (bytes.get() >> 10)
        + " KiB wait already (the most is "
        + COUNT_MAX
        + " or "
        + (BYTES_MAX >> 20)
        + " MiB); this one was not accepted: try again later";
  }
}
