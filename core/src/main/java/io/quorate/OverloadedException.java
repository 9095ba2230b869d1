package io.quorate;

/**
 * More commands wait than the admission limit lets in, or the disk of the member is full. The
 * command was not accepted; try again later, with back-off, or at another member.
 */
public final class OverloadedException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** Says which limit was met. */
  public OverloadedException(String message) {
    super(message);
  }
}
