package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every acceptor makes of every Prepare: role × ballot × slot asked from × what is held. */
class PrepareRelationsTest {
  /** What stands in slot 4. */
  enum Held {
    NOTHING,
    LOWER,
    PROMISED
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P1a, P2, P7: a Prepare is answered by the table")
  void prepare(
      @ForAll InRole role,
      @ForAll @IntRange(min = -1, max = 1) int round,
      @ForAll boolean fromAbove,
      @ForAll @IntRange(min = 1, max = 3) int promisedMember,
      @ForAll Held held,
      @ForAll boolean fiveIsChosen,
      @ForAll @IntRange(min = 1, max = 7) int from) {
    Group group = Group.quiet(3, 3);
    Ballot saved = new Ballot(5, promisedMember);
    Entry five = Group.batch(5, new Ballot(4, 1), "five");
    List<Entry> slots = group.chosenAnd(3, five);
    if (held != Held.NOTHING) {
      Ballot ballot = held == Held.LOWER ? new Ballot(3, 3) : saved;
      slots = group.chosenAnd(3, Group.batch(4, ballot, "four"), five);
    }
    group.replica(2).put(saved, 3, slots);
    PaxosReplica acceptor = role.begin(group, 2);
    if (fiveIsChosen) {
      acceptor.receive(
          Group.member(3), new PaxosMessage.CatchupResponse(List.of(acceptor.entry(5)), 3, 0));
    }
    int sender = fromAbove ? 3 : 1;
    Ballot promised = acceptor.promised();
    Ballot asked = new Ballot(promised.round() + round, sender);
    boolean allowed = 10 * asked.round() + sender >= 10 * promised.round() + promised.member();
    List<Entry> reported = reported(acceptor, asked, from);
    int saves = acceptor.saves();
    String before = acceptor.role();

    acceptor.receive(Group.member(sender), new Prepare(asked, 77, from));

    if (!allowed) {
      assertEquals(
          List.of(new PrepareNack(asked, 77, promised)),
          group.flights().stream().map(Flight::message).toList());
      assertEquals(saves, acceptor.saves());
      assertEquals(before, acceptor.role());
      return;
    }
    assertTrue(asked.equals(promised) || group.flights().isEmpty(), "P2: nothing before the sync");
    acceptor.sync();
    List<SlotRange> chosen =
        fiveIsChosen && reported.stream().anyMatch(entry -> entry.index() == 5)
            ? List.of(new SlotRange(5, 5))
            : List.of();
    Ballot earlier = asked.equals(promised) ? saved : promised;
    assertEquals(
        List.of(
            new Promise(asked, 77, earlier, 0, true, 3, true, true, reported, chosen, List.of())),
        group.messages(Promise.class, 2, sender));
    assertEquals(asked, acceptor.promised());
    assertEquals(asked, acceptor.durableRecord().promised());
    assertEquals("follower", acceptor.role());
  }

  /**
   * All that it has accepted, but for what is chosen up to 3 and what the one who asks proposed.
   */
  private static List<Entry> reported(PaxosReplica acceptor, Ballot asked, int from) {
    List<Entry> reported = new ArrayList<>();
    for (Entry entry : acceptor.entries()) {
      boolean isNew = entry.index() >= from && entry.index() > 3;
      if (isNew && !entry.stamp().equals(asked.stamp())) {
        reported.add(entry);
      }
    }
    return reported;
  }
}
