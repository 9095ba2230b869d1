package io.quorate.testkit.invariants;

/**
 * IC27: a restored cluster has the commands of the backup under their numbers, and its own go on at
 * 2^40 above the last of them: no number that the old cluster may have given comes again.
 */
/* All other rules count commands without that gap: here is where one count becomes the other. */
final class RaisedIndex {
  private static final String RULE = "IC27 RaisedIndex";
  private static final long RAISED_BY = 1L << 40;

  private final Verdict verdict;
  private long restored;
  private long last;
  private long raised;

  RaisedIndex(Verdict verdict) {
    this.verdict = verdict;
  }

  /** The cluster begins with so many commands, of which the last had that index. */
  void begins(long commands, long index) {
    restored = commands;
    last = index;
    raised = index + RAISED_BY;
  }

  /** How many commands there are up to one with that index, without the gap. */
  long count(long index) {
    return index > raised ? index - raised + restored : Math.min(index, restored);
  }

  /** The same, of a command that was applied or acknowledged in this cluster. */
  long applied(long index) {
    if (index <= raised) {
      verdict.breaks(
          RULE, "a command has the index " + index + ", but the cluster begins above " + raised);
    }
    return count(index);
  }

  /** The same, of a state. */
  long state(long index) {
    if (index != last && index < raised) {
      verdict.breaks(
          RULE, "a state is that behind command " + index + ", but it began with " + last);
    }
    return count(index);
  }
}
