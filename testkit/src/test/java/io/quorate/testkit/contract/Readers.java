package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that read the same entries again and again, and find them each time. */
final class Readers {
  private static final int THREADS = 3;

  private final LogStore.Group group;
  private final List<Entry> entries;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;
  private final AtomicInteger rounds = new AtomicInteger();

  Readers(LogStore.Group group, List<Entry> entries) {
    this.group = group;
    this.entries = entries;
  }

  void start() {
    for (int i = 0; i < THREADS; i++) {
      int maxBytes = i == 0 ? Integer.MAX_VALUE : 100 * i;
      Thread thread = new Thread(() -> readAll(maxBytes));
      threads.add(thread);
      thread.start();
    }
  }

  private void readAll(int maxBytes) {
    try {
      while (!stopped) {
        List<Entry> found = new ArrayList<>();
        while (found.size() < entries.size()) {
          int before = found.size();
          group.read(1, before + 1, maxBytes, found::add);
          assertTrue(found.size() > before, () -> "nothing at " + (before + 1));
        }
        assertEquals(entries, found);
        rounds.incrementAndGet();
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Ends them; fails if one has. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable found = failure.get();
    if (found != null) {
      throw new AssertionError("a reader failed", found);
    }
    assertTrue(rounds.get() > 0);
  }
}
