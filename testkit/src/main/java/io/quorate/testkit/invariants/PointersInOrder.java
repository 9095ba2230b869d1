package io.quorate.testkit.invariants;

import io.quorate.Status;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * IC15: applied &lt;= commit &lt;= last and durable &lt;= last, and in one life neither what is
 * applied nor what is committed goes back.
 */
/* Judged whenever somebody looks at a replica, for a look costs more than all other rules together. */
final class PointersInOrder implements Rule {
  private static final String RULE = "IC15 PointersInOrder";

  private final Verdict verdict;
  private @Nullable Status[] last = new @Nullable Status[8];

  PointersInOrder(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void starts(Observed replica) {
    begins(replica.member().id());
  }

  /** A life of the member's process begins. */
  void begins(int id) {
    if (id >= last.length) {
      last = Arrays.copyOf(last, id * 2);
    }
    last[id] = null;
  }

  void looks(Status now) {
    boolean ordered =
        now.appliedEntry() <= now.committedEntry()
            && now.committedEntry() <= now.lastEntry()
            && now.durableEntry() <= now.lastEntry();
    if (!ordered) {
      verdict.breaks(RULE, "out of order: " + now);
    }
    Status before = last[now.member()];
    last[now.member()] = now;
    if (before != null && hasGoneBack(before, now)) {
      verdict.breaks(RULE, now + " goes back behind " + before);
    }
  }

  private static boolean hasGoneBack(Status before, Status now) {
    return now.appliedEntry() < before.appliedEntry()
        || now.committedEntry() < before.committedEntry()
        || now.commandIndex() < before.commandIndex();
  }
}
