package io.quorate.testkit.invariants;

/** IC1: in one life a replica's commit index never decreases. */
final class CommitMonotone implements Rule {
  private static final String RULE = "IC1 CommitMonotone";

  private final Verdict verdict;

  CommitMonotone(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void commits(Observed replica, long to) {
    if (to < replica.commit()) {
      verdict.breaks(RULE, replica.member() + " commits " + to + " after " + replica.commit());
    }
  }
}
