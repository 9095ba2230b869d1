package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;

/** IP1: two entries with one epoch, index and stamp carry the same value. */
final class OneValuePerStamp implements Rule {
  private static final String RULE = "IP1 OneValuePerStamp";

  private final Verdict verdict;
  private final Group group;

  OneValuePerStamp(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void writes(Observed replica, Entry entry) {
    Group.Written first = group.written(entry.epoch(), entry.index(), entry.stamp());
    if (first != null && !first.carries(entry)) {
      verdict.breaks(
          RULE,
          String.format(
              "%s writes entry %d of stamp %s, which is another one elsewhere",
              replica.member(), entry.index(), entry.stamp()));
    }
  }
}
