package io.quorate;

/**
 * The session of a client is no longer known to the group: it was silent for longer than the
 * session expiry of cluster time, with a command in flight that had been sent more than once. What
 * became of it cannot be told any more. Open a new client.
 */
public final class SessionExpiredException extends QuorateException {
  private static final long serialVersionUID = 1L;

  /** Says which session. */
  public SessionExpiredException(String message) {
    super(message);
  }
}
