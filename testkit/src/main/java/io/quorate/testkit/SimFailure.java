package io.quorate.testkit;

import org.jspecify.annotations.Nullable;

/** A simulated run has broken a rule, or did not get where it had to. */
public final class SimFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  SimFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
