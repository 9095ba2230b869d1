package io.quorate.examples.kv;

/** A line that is no command. The message is one sentence with the remedy. */
public final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  /** With the sentence. */
  public MalformedLineException(String message) {
    super(message);
    this.sentence = message;
  }

  /** The message. */
  public String sentence() {
    return sentence;
  }
}
