package io.quorate.testkit;

import org.jspecify.annotations.Nullable;

/** A simulated run has broken a rule, or did not get where it had to. */
public final class SimFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String rule;
  private final int step;

  /** Of a rule: the name before the first colon of what is said. */
  SimFailure(String message, @Nullable Throwable cause) {
    this(message, message.replaceFirst(":.*", ""), 0, cause);
  }

  /** The same, said with more words around it. */
  SimFailure(String message, String rule, int step, @Nullable Throwable cause) {
    super(message, cause);
    this.rule = rule;
    this.step = step;
  }

  /** Which rule was broken, by its name. */
  String rule() {
    return rule;
  }

  /** In which step of a drawn run. */
  int step() {
    return step;
  }
}
