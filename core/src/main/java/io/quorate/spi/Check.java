package io.quorate.spi;

/**
 * Assertions that are always on. A failed check means a bug or a broken invariant, never bad input:
 * the replica that meets one halts, because a crash is recoverable and a divergent log is not.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> A check that fails throws an {@link IllegalStateException} that names the
 * invariant, with the values that broke it.
 */
public final class Check {
  private Check() {}

  /**
   * Throws unless {@code condition} holds.
   *
   * @param invariant the rule that must hold, with its id where it has one (docs/invariants.md)
   * @throws IllegalStateException naming the invariant
   */
  public static void that(boolean condition, String invariant) {
    if (!condition) {
      throw new IllegalStateException("invariant broken: " + invariant);
    }
  }

  /** As {@link #that(boolean, String)}, showing the two numbers that the rule compares. */
  public static void that(boolean condition, String invariant, long left, long right) {
    if (!condition) {
      throw new IllegalStateException(
          "invariant broken: " + invariant + " (" + left + ", " + right + ")");
    }
  }
}
