package io.quorate.testkit.invariants;

import io.quorate.Status;
import java.util.HashMap;
import java.util.Map;

/**
 * IC15: applied &lt;= commit &lt;= last and durable &lt;= last, and in one life neither what is
 * applied nor what is committed goes back.
 */
/* Judged whenever somebody looks at a replica, for a look costs more than all other rules together. */
final class PointersInOrder implements Rule {
  private static final String RULE = "IC15 PointersInOrder";

  private final Verdict verdict;
  private final Map<Integer, Status> last = new HashMap<>();

  PointersInOrder(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void starts(Observed replica) {
    last.remove(replica.member().id());
  }

  @Override
  public void looks(Status now) {
    boolean ordered =
        now.appliedEntry() <= now.committedEntry()
            && now.committedEntry() <= now.lastEntry()
            && now.durableEntry() <= now.lastEntry();
    if (!ordered) {
      verdict.breaks(RULE, "out of order: " + now);
    }
    Status before = last.put(now.member(), now);
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
