package io.quorate.testkit.invariants;

/** IC2: nobody removes an entry that is committed anywhere. */
/* If the first entry that goes is not the committed one, no later one is (IR3, see LogMatching). */
final class CommittedStays implements Rule {
  private static final String RULE = "IC2 CommittedStays";

  private final Verdict verdict;
  private final Group group;

  CommittedStays(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void truncates(Observed replica, long from) {
    if (from <= group.committed()
        && replica.log().holds(from)
        && replica.log().stampAt(from).equals(group.committed(from))) {
      verdict.breaks(RULE, replica.member() + " removes the entry " + from + " that is committed");
    }
  }
}
