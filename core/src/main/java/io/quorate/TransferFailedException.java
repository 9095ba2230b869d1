package io.quorate;

/**
 * Leadership was not handed over; the group goes on as before, under the leader that it had unless
 * something else has happened to that. May be asked for again.
 */
public final class TransferFailedException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** Says what was in the way. */
  public TransferFailedException(String message) {
    super(message);
  }
}
