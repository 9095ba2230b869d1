package io.quorate.testkit.invariants;

import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.Map;

/**
 * IR6: at each commit, were the power cut everywhere now, no replica could be elected that lacks
 * the entry. (R1: what a majority holds is not final by that alone.)
 */
/* As Raft elects, by the last entry. Only the highest index matters: who holds it holds all below. */
final class CommitIsFinal implements Rule {
  private static final String RULE = "IR6 CommitIsFinal";

  private final Verdict verdict;
  private final Group group;

  CommitIsFinal(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void commits(Observed replica, long to) {
    if (to <= group.committed()) {
      return;
    }
    Stamp stamp = replica.log().stampAt(to);
    group
        .images()
        .forEach(
            (id, image) -> {
              if (!image.holds(to, stamp) && !group.isReplaced(id) && isElectable(image)) {
                verdict.breaks(
                    RULE,
                    String.format(
                        "%s commits entry %d of stamp %s, but member %d can be elected without it",
                        replica.member(), to, stamp, id));
              }
            });
  }

  private boolean isElectable(SyncedImage candidate) {
    long last = candidate.last();
    Stamp lastStamp = candidate.lastStamp();
    int votes = 0;
    for (Map.Entry<Integer, SyncedImage> one : group.images().entrySet()) {
      SyncedImage voter = one.getValue();
      Stamp voterStamp = voter.lastStamp();
      boolean newer =
          voterStamp.equals(lastStamp) ? voter.last() > last : group.isLater(voterStamp, lastStamp);
      if (!newer && !group.isReplaced(one.getKey())) {
        votes++;
      }
    }
    return Quorum.isMajority(votes, group.images().size());
  }
}
