package io.quorate.examples.quorate;

import io.quorate.storage.Progress;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** How far long work has come, on one line of a terminal: share, rate and time left. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long EVERY_NANOS = 200_000_000;
  private static final int WIPED = WIDTH + 50;

  private final PrintWriter out;
  private final boolean terminal;
  private final String unit;
  private final long everyNanos;
  private final long begin = System.nanoTime();
  private boolean shown;
  private long last;

  /**
   * Begins.
   *
   * @param terminal whether there is one to show it on
   */
  ProgressBar(PrintWriter out, boolean terminal, String unit) {
    this(out, terminal, unit, EVERY_NANOS);
  }

  /** The same, not more often than that. */
  ProgressBar(PrintWriter out, boolean terminal, String unit, long everyNanos) {
    this.out = out;
    this.terminal = terminal;
    this.unit = unit;
    this.everyNanos = everyNanos;
  }

  /** Shows it anew, a few times a second at most. */
  void show(double share, long done) {
    long now = System.nanoTime();
    if (terminal && (!shown || now - last >= everyNanos || share >= 1)) {
      shown = true;
      last = now;
      out.print("\r" + line(share, done, (now - begin) / 1e9));
      out.flush();
    }
  }

  /** The line. */
  String line(double share, long done, double seconds) {
    int full = (int) Math.round(WIDTH * Math.min(1, share));
    long left = share <= 0 ? 0 : Math.round(seconds * (1 - Math.min(1, share)) / share);
    return "[%s%s] %3d %%  %,.0f %s/s  %d s left "
        .formatted(
            "#".repeat(full),
            " ".repeat(WIDTH - full),
            Math.round(100 * Math.min(1, share)),
            seconds <= 0 ? 0 : done / seconds,
            unit,
            left);
  }

  /**
   * Shows what a log tells of itself; the unit is MiB.
   *
   * @param phase of what else it may tell nothing is shown
   * @param times how often all of it is read
   */
  Consumer<Progress> bytes(Progress.Phase phase, int times) {
    long[] before = {0};
    long[] latest = {0};
    return progress -> {
      if (progress.phase() != phase || progress.total() == 0) {
        return;
      }
      if (progress.done() <= latest[0]) { // It is read once more.
        before[0] = Math.min(before[0] + progress.total(), (times - 1) * progress.total());
      }
      latest[0] = progress.done();
      long done = before[0] + progress.done();
      show(done / ((double) times * progress.total()), done >> 20);
    };
  }

  /** Wipes the line. */
  @Override
  public void close() {
    if (shown) {
      out.print("\r" + " ".repeat(WIPED) + "\r");
      out.flush();
    }
  }
}
