package io.quorate.testkit.invariants;

/**
 * IC17: what begins after some caller has seen command n comes after n; a read that does sees n.
 */
final class Linearizable {
  private static final String RULE = "IC17 Linearizable";

  private final Verdict verdict;
  private long seen;

  Linearizable(Verdict verdict) {
    this.verdict = verdict;
  }

  /** The highest command index that a caller has seen. */
  long seen() {
    return seen;
  }

  void acknowledged(String text, long floor, long index) {
    if (index <= floor) {
      verdict.breaks(
          RULE,
          "\"" + text + "\" is command " + index + ", but began after " + floor + " was seen");
    }
    seen = Math.max(seen, index);
  }

  void read(int member, long floor, long index) {
    if (index < floor) {
      verdict.breaks(
          RULE,
          String.format(
              "a read at member %d sees %d commands, but began after %d was seen",
              member, index, floor));
    }
    seen = Math.max(seen, index);
  }
}
