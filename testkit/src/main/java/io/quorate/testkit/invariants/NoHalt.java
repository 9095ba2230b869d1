package io.quorate.testkit.invariants;

/** IC19: no replica halts unless its disk or its state machine was made to fail. */
final class NoHalt {
  private static final String RULE = "IC19 NoHalt";

  private final Verdict verdict;

  NoHalt(Verdict verdict) {
    this.verdict = verdict;
  }

  void halts(int member, boolean mayFail, Object cause) {
    if (!mayFail) {
      verdict.breaks(RULE, "member " + member + " has halted: " + cause);
    }
  }
}
