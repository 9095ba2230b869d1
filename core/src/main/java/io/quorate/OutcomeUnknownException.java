package io.quorate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The command may have been applied, may be applied later, or never.
 *
 * <p>If {@link #isRetryable()}, a retry can resolve that: {@link #retry} sends the same command
 * under the same number, so that it applies once at most, and gets the first reply if it has been
 * applied. Otherwise nobody can say more: ask the state machine what it holds before proposing the
 * same thing again.
 *
 * <p><b>Bounds.</b> A caller's session keeps room for 1,024 such commands of 8 MiB together, and
 * until 32,768 later commands were proposed; whatever is beyond, the oldest first, can be resolved
 * no more, and its retry fails with an exception that says so. So does one after the session has
 * expired, or its client or replica was closed.
 */
public final class OutcomeUnknownException extends QuorateException {
  private static final long serialVersionUID = 1L;
  private final transient @Nullable Function<Duration, CompletableFuture<Reply>> retry;

  /** Says why the outcome is not known, and never will be. */
  public OutcomeUnknownException(String message) {
    this(message, null);
  }

  /**
   * Says why the outcome is not known.
   *
   * @param retry what {@link #retry} does; null if nothing can be done
   */
  public OutcomeUnknownException(
      String message, @Nullable Function<Duration, CompletableFuture<Reply>> retry) {
    super(message);
    this.retry = retry;
  }

  /** Whether {@link #retry} may tell what became of the command. */
  public boolean isRetryable() {
    return retry != null;
  }

  /**
   * Sends the same command again, under the same number. Any thread; never blocks. The future ends
   * as that of the command would have: it fails with an exception of this class if the outcome is
   * not known in time again.
   *
   * @param timeout how long to try
   * @throws IllegalStateException if it is not {@link #isRetryable()}
   */
  public CompletableFuture<Reply> retry(Duration timeout) {
    if (retry == null) {
      throw new IllegalStateException("no retry can tell the outcome: " + getMessage());
    }
    return retry.apply(timeout);
  }
}
