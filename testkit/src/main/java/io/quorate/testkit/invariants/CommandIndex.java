package io.quorate.testkit.invariants;

/** IC6: in one life of a replica the command index advances by one with each command. */
public final class CommandIndex {
  private static final String RULE = "IC6 CommandIndex";

  private final Verdict verdict;
  private final int member;
  private long last;

  CommandIndex(Verdict verdict, int member) {
    this.verdict = verdict;
    this.member = member;
  }

  /** A state was restored that has so many commands. */
  public void restored(long index) {
    last = index;
  }

  void applied(long index) {
    if (index != last + 1) {
      verdict.breaks(RULE, "member " + member + " applies command " + index + " after " + last);
    }
    last = index;
  }
}
