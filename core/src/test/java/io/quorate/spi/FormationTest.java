package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FormationTest {
  private static final Stamp STAMP = new Stamp(1, 2);
  private static final long[] VOTED = {11, 12, 13};

  @Test
  void beforeTheFoundingEntryEveryIncarnationOfANamedVoterCountsAndAllAreNeeded() {
    Formation formation = formation(List.of());
    assertFalse(formation.isFounded());
    assertEquals(3, formation.votesToWin());
    assertEquals(1, formation.placeOf(new Member(2, 999)));
    assertEquals(-1, formation.placeOf(new Member(4, 1)));
    assertEquals("member 4 is not one of this group's voters", formation.whyNot(new Member(4, 1)));
  }

  @Test
  void fromTheFoundingEntryOnTheListedIncarnationsCountAndAMajorityIsEnough() {
    Formation formation = formation(List.of());
    formation.adopt(formation.found(1, STAMP, VOTED));
    assertTrue(formation.isFounded());
    assertEquals(2, formation.votesToWin());
    assertEquals(3, formation.voters());
    assertEquals(2, formation.idAt(1));
    assertEquals(1, formation.placeOf(new Member(2, 12)));
    assertNull(formation.whyNot(new Member(2, 12)));
    assertEquals(-1, formation.placeOf(new Member(2, 999)));
    assertTrue(String.valueOf(formation.whyNot(new Member(2, 999))).contains("incarnation (3e7)"));
    assertTrue(formation.hasVote());
  }

  @Test
  void aVoterThatDidNotVoteFoundsNothing() {
    Formation formation = formation(List.of());
    assertThrows(
        IllegalStateException.class, () -> formation.found(1, STAMP, new long[] {11, 0, 13}));
  }

  @Test
  void theSameValueAgainUnderALaterStampChangesNothingAndAnotherOneFails() {
    Formation formation = formation(List.of());
    Entry founding = formation.found(1, STAMP, VOTED);
    Entry other = formation.found(1, STAMP, new long[] {11, 12, 14});
    formation.adopt(founding);
    formation.adopt(
        new Entry(1, 1, Entry.Kind.FOUNDING, new Stamp(9, 3), Payload.of(bytes(founding))));
    assertEquals(2, formation.placeOf(new Member(3, 13)));
    assertThrows(IllegalStateException.class, () -> formation.adopt(other));
    assertEquals(2, formation.placeOf(new Member(3, 13)));
    assertThrows(IllegalStateException.class, () -> formation.found(1, STAMP, VOTED));
  }

  @Test
  void aRecoveredFoundingEntryCountsAndNoOtherConfigurationDoes() {
    Entry founding = formation(List.of()).found(1, STAMP, VOTED);
    assertTrue(formation(List.of(founding)).isFounded());
    Entry stop = new Entry(1, 5, Entry.Kind.STOP, STAMP, founding.value());
    assertFalse(formation(List.of(stop)).isFounded());
  }

  @Test
  void theVotersTakeTurnsByIdWithoutTheOneThatIsLost() {
    assertEquals(1, formation(List.of()).rankWithout(3));
    assertEquals(0, formation(List.of()).rankWithout(1));
  }

  private static byte[] bytes(Entry entry) {
    return entry.value().toByteArray();
  }

  /** As member 2 of three sees it. */
  private static Formation formation(List<Entry> configurations) {
    List<Configuration.Voter> voters = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      voters.add(new Configuration.Voter(new Member(id, 0), "host:" + id));
    }
    Configuration named = new Configuration(new UUID(1, 2), 1, "any", voters, 0, 0, 0);
    return new Formation(
        new Engine.Setup(
            new Member(2, 12), 1, named, configurations, null, false, new NoLog(), new Random(1)));
  }

  /** A formation looks into no log. */
  private static final class NoLog implements LogView {
    @Override
    public Base base() {
      throw new AssertionError();
    }

    @Override
    public long first() {
      throw new AssertionError();
    }

    @Override
    public long last() {
      throw new AssertionError();
    }

    @Override
    public boolean holds(long index) {
      throw new AssertionError();
    }

    @Override
    public Stamp stampAt(long index) {
      throw new AssertionError();
    }

    @Override
    public Entry resident(long index) {
      throw new AssertionError();
    }
  }
}
