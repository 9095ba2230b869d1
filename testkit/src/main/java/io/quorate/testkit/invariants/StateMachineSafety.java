package io.quorate.testkit.invariants;

/** IR5: what is committed at an index is the same entry wherever it is committed. */
/* Whoever commits up to an index has committed the same below, if it has the same there (IR3, see
 * LogMatching). So one look at the highest index that was committed before compares all of them; a
 * replica that commits its whole log anew after a restart costs no more than one.
 */
final class StateMachineSafety implements Rule {
  private static final String RULE = "IR5 StateMachineSafety";

  private final Verdict verdict;
  private final Group group;

  StateMachineSafety(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void commits(Observed replica, long to) {
    long top = Math.min(to, group.committed());
    if (top > replica.commit() && !replica.log().stampAt(top).equals(group.committed(top))) {
      verdict.breaks(
          RULE,
          String.format(
              "%s commits another entry at %d or below (of stamp %s) than was committed (of %s)",
              replica.member(), top, replica.log().stampAt(top), group.committed(top)));
    }
  }
}
