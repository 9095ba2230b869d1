package io.quorate.testkit.invariants;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ID3: who has testified under a stamp (by a vote, a promise, an acknowledgement) testifies and
 * leads under none that is earlier, in all its lives together.
 */
final class PromiseKept implements Rule {
  private static final String RULE = "ID3 PromiseKept";

  private final Verdict verdict;
  private final Group group;
  private final Map<Member, Stamp> promised = new HashMap<>();

  PromiseKept(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  /** Whoever has lost what it has promised may promise again once it is safe (ID4). */
  @Override
  public void starts(Observed replica) {
    if (group.image(replica.member().id()).isRecordLost()) {
      promised.remove(replica.member());
    }
  }

  @Override
  public void promises(Observed replica, Stamp stamp) {
    Stamp before = promised.get(replica.member());
    if (stamp.equals(before)) {
      return;
    }
    check(replica, before, "testifies", stamp);
    promised.put(replica.member(), stamp);
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    if (leader == replica.member().id()) {
      check(replica, promised.getOrDefault(replica.member(), Stamp.NONE), "leads", stamp);
    }
  }

  private void check(Observed replica, @Nullable Stamp before, String does, Stamp stamp) {
    if (before != null && group.isLater(before, stamp)) {
      verdict.breaks(
          RULE,
          String.format(
              "%s %s under stamp %s, after it has promised %s",
              replica.member(), does, stamp, before));
    }
  }
}
