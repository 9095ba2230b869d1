package io.quorate.testkit.invariants;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * IC20: the state machine is deterministic: a command leads to the same reply, or the same
 * rejection, and to the same state at each replica, in each of its lives, and in a replay.
 */
/* The state is what snapshot() writes. While that is small it is compared after each command; a
 * larger one only when the commands since the last comparison have as many bytes, or are as many as
 * there were before it, so that comparing costs no more than a multiple of the commands themselves;
 * and at the end. Who applies a command first decides; all others look at the same places.
 */
final class Deterministic {
  private static final String RULE = "IC20 Deterministic";
  private static final int SMALL_BYTES = 1 << 10;
  private static final int COMMAND_BYTES = 16;
  private static final Specimen.Name ELSEWHERE = new Specimen.Name(-1, 0);

  private final Verdict verdict;
  private final List<Mark> marks = new ArrayList<>();
  private @Nullable Mark lastSeen;
  private long bytesSince;

  /** What is known of a command's effect, and by whom. */
  static final class Mark {
    private final History.Applied command;
    private final Specimen.Name by;
    private final @Nullable Mark seenBefore;
    private boolean stateSeen;
    private long digest;
    private int length;

    Mark(History.Applied command, Specimen.Name by, @Nullable Mark seenBefore) {
      this.command = command;
      this.by = by;
      this.seenBefore = seenBefore;
    }
  }

  Deterministic(Verdict verdict) {
    this.verdict = verdict;
  }

  /** All commands that are there were applied in another cluster. */
  void begins(History other) {
    for (long index = 1; index <= other.size(); index++) {
      marks.add(new Mark(other.at(index), ELSEWHERE, null));
    }
  }

  /**
   * A machine has applied a command.
   *
   * @return whether its state is to be compared now, by {@link #state}
   */
  boolean answered(History.Applied command, Answer answer, Specimen.Name by) {
    if (command.index > marks.size()) {
      marks.add(new Mark(command, by, lastSeen));
      bytesSince += command.bytes.length + COMMAND_BYTES;
      return isDue(command);
    }
    Mark mark = mark(command);
    if (!command.answer.equals(answer)) {
      verdict.breaks(
          RULE,
          String.format(
              "command %d \"%s\": %s %s, but %s %s",
              command.index, command.text(), mark.by, command.answer, by, answer));
    }
    return mark.stateSeen;
  }

  private boolean isDue(History.Applied command) {
    Mark last = lastSeen;
    return last == null
        || last.length <= SMALL_BYTES
        || bytesSince >= last.length
        || command.index >= 2 * last.command.index;
  }

  /** What the machine's state is after the command. */
  void state(History.Applied command, Snapshot snapshot, Specimen.Name by) {
    Mark mark = mark(command);
    long digest = snapshot.digest();
    if (!mark.stateSeen) {
      mark.stateSeen = true;
      mark.digest = digest;
      mark.length = snapshot.size();
      lastSeen = mark;
      bytesSince = 0;
    } else if (mark.digest != digest || mark.length != snapshot.size()) {
      verdict.breaks(RULE, differ(mark, by, snapshot.size()));
    }
  }

  private static String differ(Mark mark, Specimen.Name by, int length) {
    History.Applied command = mark.command;
    String text =
        String.format(
            "command %d \"%s\": same reply, but another state after it, at %s and at %s; the state"
                + " is what snapshot() writes (%d and %d bytes)",
            command.index, command.text(), mark.by, by, mark.length, length);
    Mark before = mark.seenBefore;
    long last = before == null ? 0 : before.command.index;
    if (last == command.index - 1) {
      return text;
    }
    return text
        + "; it was last compared "
        + (before == null ? "at the start" : "after command " + last + ", " + before.command)
        + ": one of the commands "
        + (last + 1)
        + " to "
        + command.index
        + " made the difference";
  }

  /** Whether the state after that command was looked at. */
  boolean hasState(History.Applied command) {
    return command.index <= marks.size() && mark(command).stateSeen;
  }

  private Mark mark(History.Applied command) {
    return marks.get((int) command.index - 1);
  }
}
