package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * IR2: a leader never removes or overwrites an entry of its own log, and what it adds carries its
 * own stamp.
 */
/* A replica that is deposed by a message says so at the end of that input, after it may have removed
 * and written what its new leader wants. So whoever seems to break the rule is asked for its stamp:
 * it still leads only if that is the one under which it said so.
 */
final class LeaderAppendOnly implements Rule {
  private static final String RULE = "IR2 LeaderAppendOnly";

  private final Verdict verdict;
  private @Nullable Stamp[] leading = new @Nullable Stamp[8];

  LeaderAppendOnly(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void starts(Observed replica) {
    int id = replica.member().id();
    if (id >= leading.length) {
      leading = Arrays.copyOf(leading, id * 2);
    }
    leading[id] = null;
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    int id = replica.member().id();
    leading[id] = leader == id ? stamp : null;
  }

  @Override
  public void truncates(Observed replica, long from) {
    Stamp own = leading[replica.member().id()];
    if (own != null && own.equals(replica.stamp())) {
      verdict.breaks(
          RULE, replica.member() + " leads with stamp " + own + " and removes entry " + from);
    }
  }

  @Override
  public void writes(Observed replica, Entry entry) {
    Stamp own = leading[replica.member().id()];
    if (own == null) {
      return;
    }
    boolean adds = entry.index() > replica.log().last() && entry.stamp().equals(own);
    boolean mends = replica.log().isFaulty(entry.index());
    if (!adds && !mends && own.equals(replica.stamp())) {
      verdict.breaks(
          RULE,
          String.format(
              "%s leads with stamp %s and writes entry %d of stamp %s after %d",
              replica.member(), own, entry.index(), entry.stamp(), replica.log().last()));
    }
  }
}
