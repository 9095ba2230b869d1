package io.quorate.testkit.invariants;

import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.HashMap;
import java.util.Map;

/** IR7: a replica votes for one candidate under a stamp, in all its lives together. */
/* The last vote is enough to remember: one under an earlier stamp breaks ID3. */
final class OneVote implements Rule {
  private static final String RULE = "IR7 OneVote";

  private final Verdict verdict;
  private final Group group;
  private final Map<Member, Vote> votes = new HashMap<>();

  private record Vote(Stamp stamp, int candidate) {}

  OneVote(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  /** Whoever has lost its votes may vote again once it is safe (ID4). */
  @Override
  public void starts(Observed replica) {
    if (group.image(replica.member().id()).isRecordLost()) {
      votes.remove(replica.member());
    }
  }

  @Override
  public void votes(Observed replica, Stamp stamp, int candidate) {
    Vote last = votes.put(replica.member(), new Vote(stamp, candidate));
    if (last != null && last.stamp.equals(stamp) && last.candidate != candidate) {
      verdict.breaks(
          RULE,
          String.format(
              "%s votes for %d under stamp %s, after it has voted for %d",
              replica.member(), candidate, stamp, last.candidate));
    }
  }
}
