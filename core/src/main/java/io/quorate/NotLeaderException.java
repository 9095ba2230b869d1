package io.quorate;

/**
 * The replica could not pass the command to a leader. It was certainly not applied and may be
 * proposed again, best at {@link #leader()}.
 */
public final class NotLeaderException extends QuorateException {
  private static final long serialVersionUID = 1L;
  private final int leader;

  /** With the member that leads, or 0. */
  public NotLeaderException(String message, int leader) {
    super(message);
    this.leader = leader;
  }

  /** The member that leads as far as this replica knows; 0 if none is known. */
  public int leader() {
    return leader;
  }
}
