package io.quorate.testkit.invariants;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first rule that was broken. A production class that is being simulated may swallow a throw.
 */
public final class Verdict {
  private @Nullable String broken;

  /** States that a rule is broken, unless the condition holds. */
  public void check(boolean condition, String rule, Supplier<String> message) {
    if (!condition) {
      breaks(rule, message.get());
    }
  }

  /** States that a rule is broken: its id in docs/invariants.md and its name, and by what. */
  void breaks(String rule, String message) {
    if (broken == null) {
      broken = rule + ": " + message;
    }
  }

  public @Nullable String broken() {
    return broken;
  }
}
