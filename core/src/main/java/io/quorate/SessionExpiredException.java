package io.quorate;

/**
 * The group has forgotten the session of this client, which is of no more use for commands: it was
 * silent for longer than the session expiry of cluster time, or the group knew too many sessions
 * that were busy since. A client that is connected keeps its session alive; it expires in a client
 * that was cut off for long. A session is never replaced behind its caller's back, because what was
 * said in it, and what it still had to resolve, would be lost in silence. Open a new client.
 */
public final class SessionExpiredException extends QuorateException {
  private static final long serialVersionUID = 1L;
  private final boolean maybeApplied;

  /** Says which session, and whether the command may have been applied before it expired. */
  public SessionExpiredException(String message, boolean maybeApplied) {
    super(message);
    this.maybeApplied = maybeApplied;
  }

  /**
   * Whether the command may have been applied before the session expired; then nobody can tell any
   * more. If not, it was certainly not applied, and may be proposed again in another session.
   */
  public boolean isMaybeApplied() {
    return maybeApplied;
  }
}
