package io.quorate.testkit.invariants;

import io.quorate.spi.Base;

/** IC24: a state that a replica takes over stands behind an entry that is committed. */
final class RestoredIsCommitted implements Rule {
  private static final String RULE = "IC24 RestoredIsCommitted";

  private final Verdict verdict;
  private final Group group;

  RestoredIsCommitted(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void restores(Observed replica, Base base) {
    long index = base.index();
    Group.Written own = group.written(index, base.stamp());
    Group.Written first =
        index > group.committed() ? null : group.written(index, group.committed(index));
    if (own == null || first == null || !first.carries(own.entry)) {
      verdict.breaks(
          RULE,
          String.format(
              "%s restores the state behind entry %d of stamp %s, which is not what is committed",
              replica.member(), index, base.stamp()));
    }
  }
}
