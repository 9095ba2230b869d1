package io.quorate.testkit.invariants;

import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;

/** IR4: a leader of a later stamp holds all that was committed before, under earlier ones. */
/* It is enough to look at the LAST entry that was committed under an earlier stamp. Whoever committed
 * it had the committed entries before it in its log (IR5 has compared them), and a log that has the
 * same stamp at that index is the same up to there (IR3, see LogMatching). So a leader that lacks any
 * entry lacks the last one, or has another in its place.
 *
 * Which one that is: mostly simply the last, for a new leader's stamp is later than any. A candidate
 * that hears of its last vote late may lead with a stamp that is behind; for it the walk goes back
 * over the stamps under which entries were committed since, one step for each reign, not for each
 * entry. Nothing is assumed about the order of those stamps.
 */
final class LeaderCompleteness implements Rule {
  private static final String RULE = "IR4 LeaderCompleteness";

  private final Verdict verdict;
  private final Group group;
  private final List<Reign> reigns = new ArrayList<>();

  /** All entries up to {@code to}, from the reign before on, were committed under that stamp. */
  private record Reign(Stamp under, long to) {}

  LeaderCompleteness(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void commits(Observed replica, long to) {
    if (to <= group.committed()) {
      return;
    }
    Stamp under = replica.stamp();
    int last = reigns.size() - 1;
    if (last >= 0 && reigns.get(last).under.equals(under)) {
      reigns.set(last, new Reign(under, to));
    } else {
      reigns.add(new Reign(under, to));
    }
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    if (leader != replica.member().id()) {
      return;
    }
    for (int i = reigns.size() - 1; i >= 0; i--) {
      Reign reign = reigns.get(i);
      if (group.isLater(stamp, reign.under)) {
        check(replica, stamp, reign);
        return;
      }
    }
  }

  private void check(Observed replica, Stamp stamp, Reign reign) {
    long index = reign.to;
    boolean holds =
        index <= replica.log().base().index()
            || (replica.log().holds(index)
                && replica.log().stampAt(index).equals(group.committed(index)));
    if (!holds) {
      verdict.breaks(
          RULE,
          String.format(
              "%s leads with stamp %s without entry %d, committed under %s",
              replica.member(), stamp, index, reign.under));
    }
  }
}
