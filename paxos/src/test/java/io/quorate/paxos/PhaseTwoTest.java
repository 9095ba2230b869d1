package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** "Paxos Made Simple" §2.2 and §2.3: how values are accepted, chosen and learned. */
class PhaseTwoTest {
  @Test
  @DisplayName("P4: accepting in a ballot that was never asked for raises the promise, for ever")
  void acceptingRaisesThePromise() {
    Group group = Group.quiet(3, 4);
    group.start();
    PaxosReplica acceptor = group.replica(2);
    Ballot high = new Ballot(100, 1);
    acceptor.receive(Group.member(1), accept(high, 5, "high"));
    acceptor.sync();
    assertEquals(high, acceptor.promised());
    refuses(group, acceptor, high);
    acceptor.crash(0);
    acceptor.restart();
    refuses(group, acceptor, high);
  }

  private static void refuses(Group group, PaxosReplica acceptor, Ballot promised) {
    group.flights().clear();
    Ballot low = new Ballot(2, 3);
    acceptor.receive(Group.member(3), accept(low, 5, "low"));
    acceptor.receive(Group.member(3), accept(low, 6, "low"));
    acceptor.sync();
    AcceptNack no = new AcceptNack(low, promised);
    assertEquals(List.of(no, no), group.flights().stream().map(Flight::message).toList());
    assertEquals("5 high@" + promised, acceptor.slot(5));
    assertFalse(acceptor.holds(6));
  }

  private static Accept accept(Ballot ballot, long slot, String value) {
    return new Accept(ballot, 1, List.of(Group.batch(slot, ballot, value)), 4, 0, true);
  }

  @Test
  @DisplayName("the leader's disk works beside the followers', and is one vote of three")
  void leaderDiskInParallel() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    leader.instantDisk(false);
    long before = leader.commit();
    leader.propose("x");
    assertEquals(1, group.messages(Accept.class, 1, 2).size(), "sent before it is durable here");
    group.settle();
    assertEquals(before + 1, leader.commit(), "two followers are a quorum");
    assertEquals(before, leader.engine().status().durable());

    Group other = Group.formed(3);
    other.replica(2).instantDisk(false);
    other.replica(3).instantDisk(false);
    other.replica(1).propose("x");
    other.settle();
    assertEquals(before, other.replica(1).commit(), "its own copy alone is none");
  }

  @Test
  @DisplayName("P12: an acceptance of an earlier ballot does not count in a later one")
  void acceptancesOfAnEarlierBallot() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    leader.instantDisk(false);
    group.isolate(3);
    leader.propose("x");
    long slot = leader.last();
    group.deliver(Accept.class);
    List<PaxosMessage> late = group.messages(Accepted.class, 2, 1);
    assertEquals(1, late.size());
    group.flights().clear();
    leader.crash(9);
    leader.restart();
    group.heal();
    group.isolate(2);
    group.leading(1);
    leader.sync();
    assertTrue(leader.leads());
    assertEquals(slot + " x@2.1", leader.slot(slot));
    late.forEach(accepted -> leader.receive(Group.member(2), accepted));
    assertFalse(leader.isChosen(slot), "its own acceptance is one of three in this ballot");
    group.settle();
    assertTrue(leader.isChosen(slot));
  }

  @Test
  @DisplayName("P13: what a leader calls chosen is fetched, not applied, by who holds another")
  void aCommitOfAnotherBallotIsFetched() {
    Group group = Group.quiet(3, 4);
    Ballot lower = new Ballot(2, 1);
    Ballot higher = new Ballot(3, 3);
    Entry chosen = Group.batch(5, higher, "w");
    group.replica(1).put(higher, 4, group.chosenAnd(4, chosen));
    group.replica(2).put(lower, 4, group.chosenAnd(4, Group.batch(5, lower, "v")));
    group.replica(3).put(higher, 5, group.chosenAnd(4, chosen));
    group.instantDisks();
    group.start();
    PaxosReplica follower = group.replica(2);
    follower.receive(Group.member(3), new Commit(higher, 1, 5, 5, 0, true));
    assertEquals(4, follower.commit());
    assertFalse(follower.isChosen(5));
    assertEquals(List.of(new CatchupRequest(5, 5)), group.messages(CatchupRequest.class, 2, 3));
    group.settle();
    assertEquals(List.of("c3", "c4", "w"), follower.applied());
  }

  @Test
  @DisplayName("P41: a last Accept that got lost is sent again without further traffic")
  void aLostAcceptIsSentAgain() {
    Group group = Group.formed(3);
    group.replica(1).propose("last");
    group.drop(flight -> flight.message() instanceof Accept);
    group.settle();
    assertEquals(group.replica(1).last() - 1, group.replica(1).commit());
    group.run(250 * Group.MILLI);
    group.replicas().forEach(replica -> assertEquals(List.of("last"), replica.applied()));
  }

  @Test
  @DisplayName("P41: a last Accepted that got lost is told again without further traffic")
  void aLostAcceptedIsToldAgain() {
    Group group = Group.formed(3);
    group.record();
    group.replica(1).propose("last");
    group.deliver(Accept.class);
    group.drop(flight -> flight.message() instanceof Accepted);
    group.run(250 * Group.MILLI);
    group.replicas().forEach(replica -> assertEquals(List.of("last"), replica.applied()));
    long sent =
        group.history().stream().filter(flight -> flight.message() instanceof Accept).count();
    assertEquals(2, sent, "and no value is sent twice");
  }

  @Test
  @DisplayName(
      "P1: one that has promised more than its leader's ballot is brought back by one above")
  void whoPromisedMoreIsBroughtBack() {
    Group group = Group.formed(3);
    PaxosReplica astray = group.replica(3);
    astray.receive(Group.member(2), new Prepare(new Ballot(9, 2), 1, 3));
    group.flights().clear();
    group.replica(1).propose("x");
    group.run(Group.T / 2);
    assertEquals(List.of("x"), group.replica(1).applied());
    assertEquals(new Ballot(1, 1), group.replica(1).promised(), "two of three follow");
    group.run(Group.T);
    assertTrue(group.replica(1).isOpen());
    assertEquals(new Ballot(10, 1), astray.promised());
    assertEquals(1, astray.leader());
    assertEquals(List.of("x"), astray.applied());
  }

  @Test
  @DisplayName("a slow disk is not taken for a loss: nothing is sent twice")
  void slowDisk() {
    Group group = Group.formed(3);
    group.replica(2).instantDisk(false);
    group.record();
    group.replica(1).propose("x");
    group.settle();
    for (int i = 0; i < 20; i++) {
      group.pass(100 * Group.MILLI);
      group.replica(1).tick();
      group.settle();
    }
    long sent =
        group.history().stream()
            .filter(flight -> flight.to() == 2 && flight.message() instanceof Accept)
            .count();
    assertEquals(1, sent);
  }

  @Test
  @DisplayName("windows: messages and bytes in flight are bounded, and answers open them again")
  void windows() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    for (int i = 0; i < 600; i++) {
      leader.propose("v" + i);
    }
    assertEquals(Progress.WINDOW_MESSAGES, group.messages(Accept.class, 1, 2).size());
    group.run(Group.T);
    assertEquals(leader.slots(), group.replica(2).slots());
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      leader.propose(Payload.of(large.clone()));
    }
    assertEquals(16, group.messages(Accept.class, 1, 2).size());
    group.run(Group.T);
    assertEquals(leader.last(), group.replica(2).last());
    assertEquals(leader.last(), leader.commit());
  }

  @Test
  @DisplayName("who knows what is chosen serves that, and nothing else that it has accepted")
  void onlyWhatIsChosenIsServed() {
    Group group = Group.quiet(3, 4);
    Ballot ballot = new Ballot(2, 3);
    PaxosReplica server = group.replica(1);
    server.put(ballot, 4, group.chosenAnd(4, Group.batch(5, ballot, "not chosen")));
    group.start();
    for (long from = 1; from <= 6; from++) {
      for (long to = from; to <= 7; to++) {
        server.receive(Group.member(2), new CatchupRequest(from, to));
        CatchupResponse expected =
            new CatchupResponse(
                server.entries().subList((int) Math.min(from - 1, 4), (int) Math.min(to, 4)), 4, 0);
        assertEquals(List.of(expected), group.messages(CatchupResponse.class, 1, 2));
        group.flights().clear();
      }
    }
  }

  @Test
  @DisplayName("what is no longer in memory is served, and reported, from disk")
  void fetched() {
    Group group = Group.quiet(3, 60);
    group.replica(3).put(Group.FIRST, 2, group.chosen(2));
    group.instantDisks();
    group.replica(1).keepResident(4);
    group.replica(2).keepResident(4);
    group.start();
    group.elect(1);
    group.run(Group.T);
    assertEquals(group.replica(1).slots(), group.replica(3).slots());
    assertEquals(61, group.replica(3).commit());

    Group reported = Group.quiet(3, 4);
    Ballot ballot = new Ballot(2, 2);
    Entry[] slots = new Entry[30];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Group.batch(5 + i, ballot, "v" + i);
    }
    reported.replica(2).put(ballot, 4, reported.chosenAnd(4, slots));
    reported.replica(2).keepResident(3);
    reported.isolate(1);
    reported.instantDisks();
    reported.start();
    reported.elect(3);
    assertEquals(32, reported.replica(3).applied().size());
    assertEquals("34 v29@2.3", reported.replica(3).slot(34));
  }
}
