package io.quorate.testkit.invariants;

/** IP2: at most one value is chosen for an epoch and index, whatever the stamps. */
/* Places are agreed on one by one, so each is compared, once in each life of each replica. */
final class ChosenOnce implements Rule {
  private static final String RULE = "IP2 ChosenOnce";

  private final Verdict verdict;
  private final Group group;

  ChosenOnce(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void commits(Observed replica, long to) {
    long known = Math.min(to, group.committed());
    for (long index = replica.commit() + 1; index <= known; index++) {
      Group.Written first = group.written(index, group.committed(index));
      Group.Written own = group.written(index, replica.log().stampAt(index));
      if (first != own && (first == null || own == null || !first.carries(own.entry))) {
        verdict.breaks(
            RULE,
            String.format(
                "%s takes another value of entry %d (of stamp %s) for chosen than was (of %s)",
                replica.member(), index, replica.log().stampAt(index), group.committed(index)));
      }
    }
  }
}
