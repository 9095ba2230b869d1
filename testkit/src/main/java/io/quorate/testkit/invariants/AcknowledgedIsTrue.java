package io.quorate.testkit.invariants;

/** IC16: an acknowledgement names the command's index, and the reply that all replicas have. */
final class AcknowledgedIsTrue {
  private static final String RULE = "IC16 AcknowledgedIsTrue";

  private final Verdict verdict;
  private final History history;

  AcknowledgedIsTrue(Verdict verdict, History history) {
    this.verdict = verdict;
    this.history = history;
  }

  void acknowledged(String text, long index, byte[] reply) {
    if (!history.has(index)) {
      verdict.breaks(
          RULE, "\"" + text + "\" is acknowledged as command " + index + ", which nobody applied");
      return;
    }
    History.Applied command = history.at(index);
    if (!command.text().equals(text) || !command.answer.isReply(reply)) {
      verdict.breaks(
          RULE,
          String.format(
              "\"%s\" is acknowledged as command %d: %s; but that is %s, and the machine %s",
              text, index, Answer.of(reply), command, command.answer));
    }
  }
}
