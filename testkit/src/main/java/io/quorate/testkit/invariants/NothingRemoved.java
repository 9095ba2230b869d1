package io.quorate.testkit.invariants;

/** IP5: a log that is agreed on place by place never loses an entry. */
final class NothingRemoved implements Rule {
  private static final String RULE = "IP5 NothingRemoved";

  private final Verdict verdict;

  NothingRemoved(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void truncates(Observed replica, long from) {
    verdict.breaks(RULE, replica.member() + " removes entry " + from + " and all after it");
  }
}
