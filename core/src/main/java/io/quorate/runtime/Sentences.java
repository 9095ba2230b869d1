package io.quorate.runtime;

import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.QuorateException;
import io.quorate.runtime.Calls.Call;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Unresolved;

/** What a replica tells the callers whose calls it cannot fulfil. Any thread. */
final class Sentences {
  private final int member;

  Sentences(int member) {
    this.member = member;
  }

  /** Why the replica has ended. */
  String end(Throwable cause) {
    return cause instanceof ClosedException
        ? "member " + member + " is closed"
        : "member " + member + " has halted: " + cause.getMessage();
  }

  /** To a call that was left when the replica ended. */
  QuorateException abandoned(Call left, Throwable cause) {
    if (!(left instanceof Proposal proposal)) {
      return new QuorateException(end(cause), cause);
    }
    return proposal.copies == 0
        ? new NotLeaderException(end(cause) + "; the command is not applied", 0)
        : new OutcomeUnknownException(end(cause) + "; the outcome is not known");
  }

  /** To a command whose deadline has passed. */
  static QuorateException timedOut(Proposal late, int leader, String why, Entrance entrance) {
    Unresolved left = late.unresolved;
    if (left == null) {
      return new NotLeaderException(
          "the command was not proposed in time, and is not applied: " + why, leader);
    }
    return new OutcomeUnknownException(
        "the command was proposed, but its outcome is not known in time; a retry may tell: " + why,
        timeout -> entrance.retry(left, timeout));
  }

  /** To a command that can be resolved no more. */
  static QuorateException givenUp() {
    return new OutcomeUnknownException(
        "the command can be resolved no more: too many others came after it, or wait to be resolved"
            + " as well, or its session has ended; ask the state machine what it holds");
  }

  /** To a command that is too long; it is not admitted. */
  static IllegalArgumentException tooLong(byte[] command) {
    return new IllegalArgumentException(
        "a command of "
            + command.length
            + " bytes; the most is "
            + Batch.COMMAND_BYTES_MAX
            + ": split it, or keep the data elsewhere and propose where it is");
  }

  /** To a question that is too long; it is not admitted. */
  static IllegalArgumentException questionTooLong(int length) {
    return new IllegalArgumentException(
        "a question of " + length + " bytes; the most is " + Batch.COMMAND_BYTES_MAX);
  }

  /** To a command whose session expired after more than one copy was sent. */
  static QuorateException sessionExpired() {
    return new OutcomeUnknownException(
        "the session expired; an earlier copy of the command may have been applied before, and"
            + " nobody can tell any more: ask the state machine what it holds");
  }

  /** Why a replica ends that its owner closes. */
  static final class ClosedException extends QuorateException {
    private static final long serialVersionUID = 1L;

    ClosedException() {
      super("the replica is closed");
    }
  }
}
