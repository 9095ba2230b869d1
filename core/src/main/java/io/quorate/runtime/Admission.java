package io.quorate.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one place that refuses on load: counts what waits, commands and queries, and their bytes. Any
 * thread.
 */
final class Admission {
  static final int COUNT_MAX = 1 << 16;
  static final long BYTES_MAX = 64L << 20;

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

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
