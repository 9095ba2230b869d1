package io.quorate.testkit.invariants;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.HashMap;
import java.util.Map;

/** IR1: a stamp has one leader, whoever says so: the leader itself, or a replica that follows. */
final class ElectionSafety implements Rule {
  private static final String RULE = "IR1 ElectionSafety";

  private final Verdict verdict;
  private final Map<Stamp, Integer> leaders = new HashMap<>();
  private final Map<Stamp, Member> selves = new HashMap<>();

  ElectionSafety(Verdict verdict) {
    this.verdict = verdict;
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    if (leader == 0) {
      return;
    }
    Integer first = leaders.putIfAbsent(stamp, leader);
    if (first != null && first != leader) {
      verdict.breaks(
          RULE,
          String.format(
              "%s says that %d leads with stamp %s, but %d does",
              replica.member(), leader, stamp, first));
    }
    Member self = replica.member();
    if (leader == self.id()) {
      Member other = selves.putIfAbsent(stamp, self);
      if (other != null && !other.equals(self)) {
        verdict.breaks(RULE, other + " and " + self + " both lead with stamp " + stamp);
      }
    }
  }
}
