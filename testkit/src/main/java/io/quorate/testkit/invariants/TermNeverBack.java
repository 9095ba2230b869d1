package io.quorate.testkit.invariants;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.HashMap;
import java.util.Map;

/**
 * IR8: a replica's term never goes back in one life; and in a later life it is not below one that
 * it has testified in, unless its record of that is damaged.
 */
/* A term that was heard of, and never told to anyone, may be lost with the power. A disk that was
 * put back to an older state begins in an older term; but it must not testify there (ID3).
 */
final class TermNeverBack implements Rule {
  private static final String RULE = "IR8 TermNeverBack";

  private final Verdict verdict;
  private final Group group;
  private final Map<Member, Stamp> promised = new HashMap<>();
  private final Map<Member, Stamp> floors = new HashMap<>();

  TermNeverBack(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void starts(Observed replica) {
    Member member = replica.member();
    Stamp last = promised.getOrDefault(member, Stamp.NONE);
    boolean forgets = group.isPutBack(member) || group.image(member.id()).isRecordLost();
    floors.put(member, forgets ? Stamp.NONE : last);
  }

  @Override
  public void promises(Observed replica, Stamp stamp) {
    promised.put(replica.member(), stamp); // Not below the last one, or ID3 is broken.
  }

  @Override
  public void announces(Observed replica, int leader, Stamp stamp) {
    Stamp floor = floors.put(replica.member(), stamp);
    if (floor != null && group.isLater(floor, stamp)) {
      verdict.breaks(
          RULE, replica.member() + " is in stamp " + stamp + ", after it was in " + floor);
    }
  }
}
