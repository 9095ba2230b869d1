package io.quorate;

import org.jspecify.annotations.Nullable;

/**
 * The parent of all that this library reports to its user. The message says what happened, why, and
 * what to do.
 */
public class QuorateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message only. */
  public QuorateException(String message) {
    super(message);
  }

  /** With the error below. */
  public QuorateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * That many are given when there is least time for it; without a stack trace nothing in it
   * changes.
   */
  QuorateException(String message, boolean stackTrace) {
    super(message, null, stackTrace, stackTrace);
  }
}
