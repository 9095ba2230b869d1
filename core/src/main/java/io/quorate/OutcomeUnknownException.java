package io.quorate;

/**
 * The command may have been applied, may be applied later, or never. Nobody can say more: ask the
 * state machine what it holds before proposing the same thing again.
 */
public final class OutcomeUnknownException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** Says why the outcome is not known. */
  public OutcomeUnknownException(String message) {
    super(message);
  }
}
