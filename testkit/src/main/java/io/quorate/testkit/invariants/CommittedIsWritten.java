package io.quorate.testkit.invariants;

/** IC3: a replica commits only what it has written. */
final class CommittedIsWritten implements Rule {
  private static final String RULE = "IC3 CommittedIsWritten";

  private final Verdict verdict;

  CommittedIsWritten(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void commits(Observed replica, long to) {
    if (to > 0 && !replica.log().holds(to)) {
      verdict.breaks(
          RULE,
          replica.member() + " commits " + to + ", but its last entry is " + replica.log().last());
    }
  }
}
