package io.quorate;

/**
 * The state machine's own, deterministic no. Thrown by {@link StateMachine#apply} before it changed
 * anything; the proposer's future fails with an equal one. A retry gets the same answer.
 */
public final class CommandRejectedException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** The message is the reply: it must be the same on all replicas. At most 32 KiB of UTF-8. */
  public CommandRejectedException(String message) {
    super(message);
  }
}
