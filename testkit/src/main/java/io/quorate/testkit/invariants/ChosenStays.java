package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;

/** IP4: what is written under a later stamp than the one that was chosen carries the same value. */
/* Known from the moment on when somebody has taken the value for chosen. */
final class ChosenStays implements Rule {
  private static final String RULE = "IP4 ChosenStays";

  private final Verdict verdict;
  private final Group group;
  private final ChosenByMajority chosen;

  ChosenStays(Verdict verdict, Group group, ChosenByMajority chosen) {
    this.verdict = verdict;
    this.group = group;
    this.chosen = chosen;
  }

  @Override
  public void writes(Observed replica, Entry entry) {
    long index = entry.index();
    if (index > group.committed()) {
      return;
    }
    Stamp under = chosen.under(index);
    if (under == null || !group.isLater(entry.stamp(), under)) {
      return;
    }
    Group.Written first = group.written(index, under);
    if (first != null && !first.carries(entry)) {
      verdict.breaks(
          RULE,
          String.format(
              "%s writes another value for entry %d under stamp %s than was chosen under %s",
              replica.member(), index, entry.stamp(), under));
    }
  }
}
