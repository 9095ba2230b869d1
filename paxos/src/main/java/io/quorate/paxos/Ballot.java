package io.quorate.paxos;

import io.quorate.spi.Check;
import io.quorate.spi.Stamp;

/**
 * The number of a proposal ("Paxos Made Simple" §2.2): a round, and the member that used it, so
 * that no two members ever propose under the same one. Ordered by round, then by member.
 *
 * @param round from 1; a member uses each round once, in all its lives together (P14)
 */
record Ballot(long round, int member) implements Comparable<Ballot> {
  /** Below every ballot that is used. */
  static final Ballot NONE = new Ballot(0, 0);

  Ballot {
    Check.that(round >= 0 && member >= 0, "IP8 a ballot is not below 0.0", round, member);
    Check.that((round == 0) == (member == 0), "IP8 a round belongs to a member", round, member);
  }

  static Ballot of(Stamp stamp) {
    return stamp.equals(Stamp.NONE) ? NONE : new Ballot(stamp.high(), Math.toIntExact(stamp.low()));
  }

  Stamp stamp() {
    return new Stamp(round, member);
  }

  @Override
  public int compareTo(Ballot that) {
    int byRound = Long.compare(round, that.round);
    return byRound != 0 ? byRound : Integer.compare(member, that.member);
  }

  boolean isAbove(Ballot that) {
    return compareTo(that) > 0;
  }

  @Override
  public String toString() {
    return round + "." + member;
  }
}
