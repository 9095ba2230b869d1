package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Stamp;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BallotTest {
  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("IP8: ballots are ordered by round, then by member, and no two members share one")
  void order(
      @ForAll @IntRange(min = 1, max = 4) int round,
      @ForAll @IntRange(min = 1, max = 4) int member,
      @ForAll @IntRange(min = 1, max = 4) int otherRound,
      @ForAll @IntRange(min = 1, max = 4) int otherMember) {
    Ballot one = new Ballot(round, member);
    Ballot other = new Ballot(otherRound, otherMember);
    int naive = Integer.signum(100 * round + member - 100 * otherRound - otherMember);
    assertEquals(naive, Integer.signum(one.compareTo(other)));
    assertEquals(naive > 0, one.isAbove(other));
    assertEquals(naive == 0, one.equals(other));
    assertEquals(
        naive, Integer.signum(MultiPaxos.protocol().compareStamps(one.stamp(), other.stamp())));
    assertEquals(true, one.isAbove(Ballot.NONE));
  }

  @Property
  @Label("a ballot is what it was after it was a stamp")
  void stamps(
      @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int member, @ForAll long drawnRound) {
    Ballot ballot = new Ballot((drawnRound >>> 1) | 1, member);
    assertEquals(ballot, Ballot.of(ballot.stamp()));
  }

  @Test
  @DisplayName("IP8: no ballot has a round without a member, or a member without a round")
  void whatIsNoBallot() {
    assertEquals(Ballot.NONE, Ballot.of(Stamp.NONE));
    assertEquals(Stamp.NONE, Ballot.NONE.stamp());
    assertThrows(IllegalStateException.class, () -> new Ballot(1, 0));
    assertThrows(IllegalStateException.class, () -> new Ballot(0, 1));
    assertThrows(IllegalStateException.class, () -> new Ballot(-1, 1));
    assertThrows(IllegalStateException.class, () -> new Ballot(1, -1));
  }
}
