package io.quorate.examples.cli;

/**
 * A program was called wrongly. The message is one sentence that says what is wrong and what to do.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the sentence. */
  public UsageException(String message) {
    super(message);
  }
}
