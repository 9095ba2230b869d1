package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;

/** IC23: what a replica writes where it has committed carries the value that is committed there. */
/* The stamp may be any: a chosen value is proposed again under later ones, and who learns it from
 * another takes over the stamp that it has there. In an earlier life, or before it has heard that a
 * value is chosen, a replica may write another; then IP4 says which ones.
 */
final class CommittedValueStays implements Rule {
  private static final String RULE = "IC23 CommittedValueStays";

  private final Verdict verdict;
  private final Group group;

  CommittedValueStays(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void writes(Observed replica, Entry entry) {
    long index = entry.index();
    if (index > replica.commit()) {
      return;
    }
    Group.Written committed = group.written(index, group.committed(index));
    if (committed != null && !committed.carries(entry)) {
      verdict.breaks(
          RULE,
          String.format(
              "%s writes another value for entry %d (under stamp %s) than it has committed",
              replica.member(), index, entry.stamp()));
    }
  }
}
