package io.quorate.testkit.invariants;

/** IC3: a replica commits only what it has written, without a hole. */
final class CommittedIsWritten implements Rule {
  private static final String RULE = "IC3 CommittedIsWritten";

  private final Verdict verdict;

  CommittedIsWritten(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void commits(Observed replica, long to) {
    for (long index = replica.commit() + 1; index <= to; index++) {
      if (!replica.log().holds(index) || replica.log().isFaulty(index)) {
        verdict.breaks(
            RULE,
            String.format(
                "%s commits up to %d, but has not written entry %d (its last one is %d)",
                replica.member(), to, index, replica.log().last()));
        return;
      }
    }
  }
}
