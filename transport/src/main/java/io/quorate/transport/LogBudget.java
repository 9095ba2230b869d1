package io.quorate.transport;

/** How many lines may still be logged: a few at once, then one per period. One thread at a time. */
final class LogBudget {
  private final int linesMax;
  private final long periodNanos;
  private long lines;
  private long filledNanos;

  LogBudget(int linesMax, long periodNanos, long nowNanos) {
    this.linesMax = linesMax;
    this.periodNanos = periodNanos;
    this.lines = linesMax;
    this.filledNanos = nowNanos;
  }

  /** Takes one line off the budget; false if there is none. */
  boolean spend(long nowNanos) {
    long periods = (nowNanos - filledNanos) / periodNanos;
    lines = Math.min(linesMax, lines + periods);
    filledNanos += periods * periodNanos;
    if (lines == 0) {
      return false;
    }
    lines--;
    return true;
  }
}
