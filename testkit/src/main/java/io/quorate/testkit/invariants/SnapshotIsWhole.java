package io.quorate.testkit.invariants;

import io.quorate.StateMachine;
import java.io.IOException;

/**
 * IC22: a snapshot is the whole state, and restoring it replaces the whole state: who restores one
 * writes the same one again. (That the copy then answers as the original does is IC20.)
 */
final class SnapshotIsWhole {
  private static final String RULE = "IC22 SnapshotIsWhole";

  private final Verdict verdict;
  private final Snapshot again = new Snapshot();

  SnapshotIsWhole(Verdict verdict) {
    this.verdict = verdict;
  }

  /**
   * Writes the machine's state.
   *
   * @return false if the machine has no snapshots, or fails to write one
   */
  boolean take(Snapshot into, StateMachine machine, Specimen.Name by, History.Applied after) {
    try {
      into.take(machine);
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (IOException | RuntimeException e) {
      breaks(by, after, "snapshot() threw " + e);
      return false;
    }
  }

  /**
   * Restores the machine's state and compares what it writes then.
   *
   * @param had after which command the machine had the state that is replaced; 0 if it was fresh
   */
  void restore(
      StateMachine machine, Snapshot state, Specimen.Name by, History.Applied after, long had) {
    try {
      machine.restore(state.input());
      again.take(machine);
    } catch (IOException | RuntimeException e) {
      breaks(by, after, "restored into " + words(had) + ", it threw " + e);
      return;
    }
    if (!again.isSame(state)) {
      breaks(
          by,
          after,
          String.format(
              "restored into %s, that machine writes another snapshot (%d bytes, not %d): does"
                  + " snapshot() write all, in an order that the state alone decides, and does"
                  + " restore() replace all?",
              words(had), again.size(), state.size()));
    }
  }

  private static String words(long had) {
    return had == 0 ? "a fresh machine" : "a machine that had the state after command " + had;
  }

  private void breaks(Specimen.Name by, History.Applied after, String what) {
    verdict.breaks(
        RULE,
        String.format(
            "the snapshot of %s after command %d \"%s\": %s", by, after.index, after.text(), what));
  }
}
