package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every replica makes of every Commit: promise × what is held in two slots × its numbers. */
class CommitRelationsTest {
  private static final Ballot LEADERS = new Ballot(5, 3);

  /** In which ballot, beside the leader's, a value is held; the leader's wins below it. */
  enum Held {
    NOTHING(0, 0, ""),
    LOWER(3, 1, "old"),
    LEADERS_OWN(5, 3, "new"),
    HIGHER(6, 1, "new");

    private final long round;
    private final int member;
    private final String value;

    Held(long round, int member, String value) {
      this.round = round;
      this.member = member;
      this.value = value;
    }

    Ballot ballot() {
      return new Ballot(round, member);
    }

    /** The slot, if anything is held. */
    List<Entry> in(long slot) {
      return this == NOTHING ? List.of() : List.of(Group.batch(slot, ballot(), value));
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P13, P41: what a leader calls chosen is taken over by the table, and answered")
  void commit(
      @ForAll @IntRange(min = 4, max = 7) int promisedRound,
      @ForAll Held four,
      @ForAll Held five,
      @ForAll @IntRange(min = 3, max = 6) int chosenTo,
      @ForAll @IntRange(min = 3, max = 6) int sentTo) {
    Group group = Group.quiet(3, 3);
    List<Entry> slots = new ArrayList<>(group.chosen(3));
    slots.addAll(four.in(4));
    slots.addAll(five.in(5));
    Ballot promised = new Ballot(promisedRound, 3);
    promised = Synod.raised(Synod.raised(promised, four.ballot()), five.ballot());
    group.replica(2).put(promised, 3, slots);
    Entry[] theirs = {Group.batch(4, LEADERS, "new"), Group.batch(5, LEADERS, "new")};
    group.replica(1).put(LEADERS, 3, group.chosenAnd(3, theirs));
    group.replica(3).put(LEADERS, 3, group.chosenAnd(3, theirs));
    PaxosReplica replica = group.replica(2);
    replica.start();

    replica.receive(Group.member(3), new Commit(LEADERS, 0, sentTo, chosenTo, 4, true));

    boolean fourIsChosen = four == Held.LEADERS_OWN && chosenTo >= 4;
    boolean fiveIsChosen = five == Held.LEADERS_OWN && chosenTo >= 5;
    int commit = 3 + (fourIsChosen ? 1 : 0) + (fourIsChosen && fiveIsChosen ? 1 : 0);
    assertEquals(commit, replica.commit());
    assertEquals(fourIsChosen, replica.isChosen(4));
    assertEquals(fiveIsChosen, replica.isChosen(5));
    List<PaxosMessage> lacks =
        commit == chosenTo
            ? List.of()
            : List.of(new CatchupRequest(commit + 1, fiveIsChosen && commit == 3 ? 4 : chosenTo));
    assertEquals(lacks, group.messages(CatchupRequest.class, 2, 3));
    answers(group, promised, four, five, chosenTo, sentTo);
  }

  private static void answers(
      Group group, Ballot promised, Held four, Held five, int chosenTo, int sentTo) {
    PaxosReplica replica = group.replica(2);
    if (promised.isAbove(LEADERS)) {
      assertEquals(
          List.of(new AcceptNack(LEADERS, promised)), group.messages(AcceptNack.class, 2, 3));
      assertEquals(0, replica.leader());
      return;
    }
    assertEquals(3, replica.leader());
    if (!promised.equals(LEADERS)) {
      assertEquals(List.of(), group.messages(Accepted.class, 2, 3), "first the promise");
      replica.sync();
      assertEquals(
          List.of(new Accepted(LEADERS, 0, List.of(), List.of(), 4, true)),
          group.messages(Accepted.class, 2, 3));
      assertEquals(LEADERS, replica.durableRecord().promised());
      return;
    }
    SlotRange.Gatherer accepted = new SlotRange.Gatherer();
    SlotRange.Gatherer missing = new SlotRange.Gatherer();
    for (int slot = chosenTo + 1; slot <= sentTo; slot++) {
      boolean has =
          (slot == 4 && four == Held.LEADERS_OWN) || (slot == 5 && five == Held.LEADERS_OWN);
      (has ? accepted : missing).add(slot);
    }
    assertEquals(
        List.of(new Accepted(LEADERS, 0, accepted.take(), missing.take(), 4, true)),
        group.messages(Accepted.class, 2, 3));
  }
}
