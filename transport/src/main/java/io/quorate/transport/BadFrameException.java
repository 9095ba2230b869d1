package io.quorate.transport;

/** What arrived is no frame of ours; the connection is closed. The message completes "it ...". */
final class BadFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadFrameException(String message) {
    super(message);
  }
}
