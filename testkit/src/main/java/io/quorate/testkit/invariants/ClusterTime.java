package io.quorate.testkit.invariants;

/** IC9: cluster time never goes back from one command to the next. */
/* Looked at where a command is first applied; that all replicas see the same time is IC18. */
final class ClusterTime {
  private static final String RULE = "IC9 ClusterTime";

  private final Verdict verdict;
  private final History history;

  ClusterTime(Verdict verdict, History history) {
    this.verdict = verdict;
    this.history = history;
  }

  /** The command comes next in the history. */
  void applied(int member, History.Applied command) {
    if (history.size() > 0 && command.time < history.at(history.size()).time) {
      verdict.breaks(
          RULE,
          String.format(
              "member %d applies command %d %s, after %s",
              member, command.index, command, history.at(history.size())));
    }
  }
}
