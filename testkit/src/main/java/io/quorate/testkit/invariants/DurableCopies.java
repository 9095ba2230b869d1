package io.quorate.testkit.invariants;

import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;

/**
 * ID2: when an entry is first committed, a majority of the SYNCED images holds it. A disk that was
 * lost since it was acknowledged from counts: losing it is no fault of who commits.
 */
final class DurableCopies implements Rule {
  private static final String RULE = "ID2 DurableCopies";

  private final Verdict verdict;
  private final Group group;

  DurableCopies(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void commits(Observed replica, long to) {
    for (long index = group.committed() + 1; index <= to; index++) {
      Stamp stamp = replica.log().stampAt(index);
      int copies = group.copies(index, stamp) + group.lostCopies(index, stamp);
      if (!Quorum.isMajority(copies, group.images().size())) {
        verdict.breaks(
            RULE,
            String.format(
                "%s commits entry %d of stamp %s with %d durable copies",
                replica.member(), index, stamp, copies));
      }
    }
  }
}
