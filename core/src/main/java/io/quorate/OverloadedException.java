package io.quorate;

import java.time.Duration;

/**
 * More commands wait than the admission limit lets in, here or at the leader, or a disk is full.
 * The command was not accepted, and is certainly not applied; try again after {@link
 * #retryAfter()}, with back-off, or at another member.
 *
 * <p>It has no stack trace, and many callers may be given the same one, to which nothing can be
 * added: to walk the stack, or to make one, for each command that is refused would take the time of
 * those that are not.
 */
public final class OverloadedException extends QuorateException {
  private static final long serialVersionUID = 1L;
  private final Duration retryAfter;

  /** Says which limit was met, and when it may be met no more. */
  public OverloadedException(String message, Duration retryAfter) {
    super(message, false);
    this.retryAfter = retryAfter;
  }

  /** A hint: to try earlier is most likely in vain. Above 0. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
