package io.quorate.testkit.invariants;

import io.quorate.spi.Stamp;
import java.util.function.Predicate;

/** ID1: whatever a message claims is in the sender's synced image when it leaves. */
final class DurableBeforeTestimony {
  private static final String RULE = "ID1 DurableBeforeTestimony";

  private final Verdict verdict;
  private final Group group;

  DurableBeforeTestimony(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  /**
   * All entries up to there. The last one is enough in logs that match (IR3), if none is damaged.
   */
  void entriesTo(Observed replica, long index, Object message) {
    boolean durable =
        index <= image(replica).snapshot()
            || (replica.log().holds(index)
                && image(replica).isWholeTo(index)
                && image(replica).holds(index, replica.log().stampAt(index)));
    if (!durable) {
      breaks(replica, message, "an entry up to " + index + " is not durable");
    }
  }

  void entry(Observed replica, long index, Stamp stamp, Object message) {
    if (index > image(replica).snapshot() && !image(replica).isIntact(index, stamp)) {
      breaks(replica, message, "entry " + index + " of stamp " + stamp + " is not durable");
    }
  }

  void saved(Observed replica, String what, Predicate<byte[]> isTrue, Object message) {
    if (!isTrue.test(image(replica).saved())) {
      breaks(replica, message, "its saved record is not durable: " + what);
    }
  }

  private SyncedImage image(Observed replica) {
    return group.image(replica.member().id());
  }

  private void breaks(Observed replica, Object message, String but) {
    verdict.breaks(RULE, replica.member() + " sends " + message + ", but " + but);
  }
}
