package io.quorate.examples.quorate;

import java.io.PrintWriter;

/** How far long work has come, on one line of a terminal: share, rate and time left. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final long EVERY_NANOS = 200_000_000;

  private final PrintWriter out;
  private final boolean shown;
  private final String unit;
  private final long begin = System.nanoTime();
  private long last;

  /**
   * Begins.
   *
   * @param shown whether there is a terminal to show it on
   */
  ProgressBar(PrintWriter out, boolean shown, String unit) {
    this.out = out;
    this.shown = shown;
    this.unit = unit;
  }

  /** Shows it anew, a few times a second at most. */
  void show(double share, long done) {
    long now = System.nanoTime();
    if (shown && (now - last >= EVERY_NANOS || share >= 1)) {
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

  /** Wipes the line. */
  void end() {
    if (shown) {
      out.print("\r" + " ".repeat(WIDTH + 50) + "\r");
      out.flush();
    }
  }
}
