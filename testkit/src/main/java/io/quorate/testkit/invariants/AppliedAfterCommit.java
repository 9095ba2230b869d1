package io.quorate.testkit.invariants;

/** IC10: a replica applies a command only once it has committed the entry that carries it (R15). */
final class AppliedAfterCommit {
  private static final String RULE = "IC10 AppliedAfterCommit";

  private final Verdict verdict;
  private final Group group;

  AppliedAfterCommit(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  void applied(int member, History.Applied command) {
    long commit = group.committedBy(member);
    if (command.entry > commit) {
      verdict.breaks(
          RULE,
          String.format(
              "member %d applies command %d of entry %d, but has committed up to %d only",
              member, command.index, command.entry, commit));
    }
  }
}
