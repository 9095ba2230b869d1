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
    if (!condition && broken == null) {
      broken = rule + ": " + message.get();
    }
  }

  public @Nullable String broken() {
    return broken;
  }
}
