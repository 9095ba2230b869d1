package io.quorate.testkit.invariants;

import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;

/**
 * IC2: nobody removes an entry that it knows to be committed, or without which no majority of the
 * SYNCED images holds it any more.
 */
/* A copy beside a majority may go: a follower that still follows a deposed leader removes what only
 * the new one has committed, without it, and gets it again.
 *
 * If the first entry that goes is not the committed one, no later one is (IR3, see LogMatching).
 */
final class CommittedStays implements Rule {
  private static final String RULE = "IC2 CommittedStays";

  private final Verdict verdict;
  private final Group group;

  CommittedStays(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void truncates(Observed replica, long from) {
    if (from <= group.committed()
        && replica.log().holds(from)
        && replica.log().stampAt(from).equals(group.committed(from))
        && (from <= replica.commit() || !isElsewhere(replica, from))) {
      verdict.breaks(RULE, replica.member() + " removes the entry " + from + " that is committed");
    }
  }

  private boolean isElsewhere(Observed replica, long index) {
    Stamp stamp = group.committed(index);
    int id = replica.member().id();
    boolean here = !group.isReplaced(id) && group.image(id).holds(index, stamp);
    int copies = group.copies(index, stamp) + group.lostCopies(index, stamp) - (here ? 1 : 0);
    return Quorum.isMajority(copies, group.images().size());
  }
}
