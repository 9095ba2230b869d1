package io.quorate.storage.disk;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells how far something is that takes long, a few times per second at most. */
final class ProgressMeter {
  private static final long NANOS_BETWEEN = 250_000_000;

  private final ProgressListener listener;
  private final LongSupplier nanoTime;
  private ProgressListener.Phase phase = ProgressListener.Phase.RECOVERY;
  private long total;
  private long start;
  private long toldAt;
  private boolean told;

  ProgressMeter(ProgressListener listener, LongSupplier nanoTime) {
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.toldAt = nanoTime.getAsLong();
  }

  /** Tells nobody. */
  static ProgressMeter silent() {
    return new ProgressMeter(ProgressListener.NONE, System::nanoTime);
  }

  /** Tells another one how much of what it measures is done by somebody who begins anew. */
  ProgressMeter part() {
    return new ProgressMeter((newPhase, done, of, nanos, problem) -> advance(done), nanoTime);
  }

  /** Something of so many bytes begins. */
  synchronized void begin(ProgressListener.Phase newPhase, long totalBytes) {
    phase = newPhase;
    total = totalBytes;
    start = nanoTime.getAsLong();
    told = false;
  }

  /**
   * So many bytes are done. What was told of is told of to its end; a compaction alone may not be.
   */
  synchronized void advance(long done) {
    long now = nanoTime.getAsLong();
    boolean isEnd = done >= total && (told || phase != ProgressListener.Phase.COMPACTION);
    if (isEnd || now - toldAt >= NANOS_BETWEEN) {
      toldAt = now;
      told = true;
      tell(done, now, null);
    }
  }

  /** It cannot go on now. */
  synchronized void stop(long done, String problem) {
    tell(done, nanoTime.getAsLong(), problem);
  }

  private void tell(long done, long now, @Nullable String problem) {
    try {
      listener.at(phase, done, total, now - start, problem);
    } catch (RuntimeException e) {
      // The listener's own affair: the log goes on.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
