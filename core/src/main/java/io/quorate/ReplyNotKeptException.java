package io.quorate;

/**
 * The command is applied, under {@link #index()}, but its reply cannot be given: it was longer than
 * 1 MiB, or this is the answer to a retry and the group has dropped the reply meanwhile, because it
 * kept more than 64 MiB of replies for retries. Do not propose the command again; ask the state
 * machine for what the reply would have said.
 */
public final class ReplyNotKeptException extends QuorateException {
  private static final long serialVersionUID = 1L;
  private final long index;

  /** Says why the reply is not there. */
  public ReplyNotKeptException(String message, long index) {
    super(message);
    this.index = index;
  }

  /** The command's number, see {@link Command#index()}. */
  public long index() {
    return index;
  }
}
