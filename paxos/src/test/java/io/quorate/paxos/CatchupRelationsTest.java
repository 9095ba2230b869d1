package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.paxos.CommitRelationsTest.Held;
import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every replica makes of chosen values that it is sent: role × promise × held × slots. */
class CatchupRelationsTest {
  private static final Ballot CHOSEN = new Ballot(5, 3);

  @Property(generation = GenerationMode.EXHAUSTIVE)
  @Label("P2c, P13, IP9: chosen values that are sent are taken over by the table")
  void response(
      @ForAll InRole role,
      @ForAll @IntRange(min = 4, max = 7) int promisedRound,
      @ForAll Held four,
      @ForAll @IntRange(min = 2, max = 5) int first,
      @ForAll @IntRange(min = 0, max = 3) int count) {
    Group group = Group.quiet(3, 3);
    Ballot saved = Synod.raised(new Ballot(promisedRound, 1), four.ballot());
    List<Entry> held = new ArrayList<>(group.chosen(3));
    held.addAll(four.in(4));
    group.replica(2).put(saved, 3, held);
    List<Entry> theirs = new ArrayList<>(group.chosen(3));
    for (long slot = 4; slot <= 7; slot++) {
      theirs.add(Group.batch(slot, CHOSEN, "new"));
    }
    group.replica(1).put(CHOSEN, 3, theirs);
    group.replica(3).put(CHOSEN, 3, theirs);
    PaxosReplica replica = role.begin(group, 2);
    Ballot promised = replica.promised();
    int last = first + count - 1;
    boolean hasProposedOthers = four == Held.NOTHING || four == Held.LOWER || last >= 5;
    if (role == InRole.LEADING && hasProposedOthers) {
      return; // Its phase 1 would have found what was chosen: not a possible history.
    }
    List<Entry> sent = theirs.subList(first - 1, last);
    List<Ballot> before = new ArrayList<>();
    for (long slot = 1; slot <= 7; slot++) {
      before.add(replica.holds(slot) ? Ballot.of(replica.stampAt(slot)) : Ballot.NONE);
    }

    replica.receive(Group.member(3), new CatchupResponse(sent, 7, 0));
    replica.sync();

    long commit = first > 4 ? 3 : Math.max(3, last);
    assertEquals(commit, replica.commit());
    Ballot raised = promised;
    for (Entry entry : sent) {
      Ballot was = before.get((int) entry.index() - 1);
      Ballot comes = Ballot.of(entry.stamp());
      boolean stored = entry.index() > 3 && comes.isAbove(was);
      assertEquals(entry.value(), replica.entry(entry.index()).value());
      assertEquals(stored ? comes : was, Ballot.of(replica.stampAt(entry.index())));
      raised = stored ? Synod.raised(raised, comes) : raised;
    }
    assertEquals(raised, replica.promised());
    boolean goesOn = role != InRole.IDLE && raised.equals(promised);
    assertEquals(goesOn, !replica.role().equals("follower"));
    long to = first > 4 && count > 0 ? first - 1 : 7; // What is known ahead is not asked for.
    assertEquals(
        List.of(new CatchupRequest(commit + 1, to)), group.messages(CatchupRequest.class, 2, 3));
  }

  @Test
  @DisplayName("a leader that learns a value chosen in a higher ballot gives up its own")
  void aLeaderThatLearns() {
    Group group = Group.quiet(3, 3);
    Ballot higher = new Ballot(9, 3);
    Entry chosen = Group.batch(4, higher, "theirs");
    group.replica(2).put(higher, 3, group.chosenAnd(3, chosen));
    group.replica(3).put(higher, 3, group.chosenAnd(3, chosen));
    PaxosReplica leader = InRole.LEADING.begin(group, 1);
    assertEquals("4 Lead@2.1", leader.slot(4));
    leader.receive(Group.member(3), new CatchupResponse(List.of(chosen), 4, 0));
    assertEquals("follower", leader.role());
    assertEquals("4 theirs@" + higher, leader.slot(4));
    assertEquals(higher, leader.promised());
    assertEquals(4, leader.commit());
    leader.sync();
    leader.receive(
        Group.member(2),
        new PaxosMessage.Accepted(
            new Ballot(2, 1), 1, List.of(new SlotRange(4, 4)), List.of(), 0, true));
    group.pass(100 * Group.MILLI);
    leader.tick();
    assertEquals(List.of(), group.messages(PaxosMessage.Commit.class, 1, 2), "nothing in 2.1");
  }
}
