package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** "Paxos Made Simple" §2.2 and §3: what a new leader finds, and what it makes of it. */
class PhaseOneTest {
  private static final Ballot LAST = new Ballot(3, 3);

  @Test
  @DisplayName(
      "honest Paxos: an empty log wins, adopts what two acceptors hold under different ballots,"
          + " fills the hole between with a no-op, and has slot k+1 chosen before slot k")
  void anEmptyLogLeadsAndSlotsAreChosenInAnyOrder() {
    Group group = new Group(3, 7);
    byte[] promised = PaxosCodec.encodeRecord(new PaxosRecord(LAST, 0, false));
    Entry three = Group.batch(3, new Ballot(2, 2), "a");
    group.replica(1).put(promised, List.of());
    group.replica(2).put(promised, group.chosenAnd(2, three));
    group.replica(3).put(promised, group.chosenAnd(2, Group.batch(5, LAST, "b")));
    group.instantDisks();
    group.start();
    PaxosReplica leader = group.replica(1);
    assertEquals(List.of(), leader.slots());
    group.elect(1);
    assertEquals(
        List.of("1 FOUNDING@4.1", "2 Lead@4.1", "3 a@4.1", "4 no-op@4.1", "5 b@4.1", "6 Lead@4.1"),
        leader.slots());
    assertEquals(List.of("a", "b"), leader.applied());

    leader.propose("k");
    leader.propose("k+1");
    long k = leader.last() - 1;
    group.drop(flight -> flight.to() == 3);
    List<Flight<PaxosMessage>> ofK = List.of(group.flights().remove(0));
    group.deliver(Accept.class);
    group.settle();
    assertTrue(leader.isChosen(k + 1));
    assertFalse(leader.isChosen(k));
    assertEquals(k - 1, leader.commit(), "nothing is applied over a hole");
    ofK.forEach(group::deliver);
    group.settle();
    assertEquals(k + 1, leader.commit());
    assertEquals(List.of("a", "b", "k", "k+1"), leader.applied());
  }

  @Test
  @DisplayName("P5: of two values in a slot that of the higher ballot wins, also against one's own")
  void theHighestBallotWins() {
    for (int id = 1; id <= 2; id++) {
      Group group = twoValues(3);
      group.isolate(3);
      group.start();
      group.elect(id);
      assertEquals("5 w@4." + id, group.replica(1).slot(5));
      assertEquals("5 w@4." + id, group.replica(2).slot(5));
      assertEquals(List.of("c3", "c4", "w"), group.replica(id).applied());
    }
  }

  @Test
  @DisplayName("P5: of two values in a slot that of the higher ballot wins, whoever is heard first")
  void theOrderOfPromisesDoesNotMatter() {
    for (int first = 1; first <= 2; first++) {
      Group group = twoValues(5);
      group.start();
      PaxosReplica leader = group.preparing(5);
      promiseOf(group, first);
      promiseOf(group, 3 - first);
      assertTrue(leader.leads());
      assertEquals("5 w@4.5", leader.slot(5));
    }
  }

  private static void promiseOf(Group group, int id) {
    group.deliver(flight -> flight.from().id() == id && flight.message() instanceof Promise);
  }

  /** In slot 5 member 1 has accepted v, and member 2, in a higher ballot, w. */
  private static Group twoValues(int voters) {
    Group group = Group.quiet(voters, 4);
    group.replicas().forEach(replica -> replica.put(LAST, 4, group.chosen(4)));
    Ballot lower = new Ballot(2, 1);
    group.replica(1).put(LAST, 4, group.chosenAnd(4, Group.batch(5, lower, "v")));
    group.replica(2).put(LAST, 4, group.chosenAnd(4, Group.batch(5, LAST, "w")));
    group.instantDisks();
    return group;
  }

  @Test
  @DisplayName("P6: a slot that nobody of a quorum reports becomes a no-op between adopted ones")
  void holesBecomeNoOps() {
    Group group = Group.quiet(3, 4);
    Ballot lower = new Ballot(2, 1);
    group.replica(1).put(LAST, 4, group.chosenAnd(4, Group.batch(5, lower, "five")));
    group.replica(2).put(LAST, 4, group.chosenAnd(4, Group.batch(7, LAST, "seven")));
    group.replica(3).put(LAST, 4, group.chosen(4));
    group.start();
    PaxosReplica leader = group.preparing(3);
    group.deliver(flight -> flight.from().id() == 1 && flight.message() instanceof Promise);
    assertTrue(leader.leads(), "a quorum that does not know of slot 7");
    assertEquals("6 Lead@4.3", leader.slot(6));

    Group all = Group.quiet(3, 4);
    all.replica(1).put(LAST, 4, all.chosenAnd(4, Group.batch(5, lower, "five")));
    all.replica(2).put(LAST, 4, all.chosenAnd(4, Group.batch(7, LAST, "seven")));
    all.replica(3).crash(0);
    all.instantDisks();
    all.start();
    all.elect(2);
    all.run(Group.T);
    for (int id = 1; id <= 2; id++) {
      PaxosReplica replica = all.replica(id);
      assertEquals(
          List.of("5 five@4.2", "6 no-op@4.2", "7 seven@4.2", "8 Lead@4.2"),
          replica.slots().subList(4, 8));
      assertEquals(List.of("c3", "c4", "five", "seven"), replica.applied());
      assertEquals(8, replica.commit());
    }
  }

  @Test
  @DisplayName("P7: what one reports as chosen is learned, not proposed again, whatever its ballot")
  void whatIsReportedAsChosenIsLearned() {
    Group group = Group.quiet(5, 4);
    Ballot lower = new Ballot(2, 1);
    Entry chosen = Group.batch(6, lower, "x");
    for (int id : new int[] {1, 2, 4}) {
      group.replica(id).put(LAST, 4, group.chosenAnd(4, chosen));
    }
    group.replica(3).put(LAST, 4, group.chosenAnd(4, Group.batch(6, LAST, "x")));
    group.instantDisks();
    group.isolate(2);
    group.isolate(5);
    group.start();
    group.replica(1).receive(Group.member(2), new CatchupResponse(List.of(chosen), 4, 0));
    assertTrue(group.replica(1).isChosen(6) && !group.replica(1).isChosen(5));
    group.record();
    group.elect(3);
    assertEquals("6 x@" + LAST, group.replica(3).slot(6), "not again");
    assertTrue(
        group.history().stream()
            .filter(flight -> flight.message() instanceof Accept)
            .flatMap(flight -> ((Accept) flight.message()).entries().stream())
            .noneMatch(entry -> entry.index() == 6));
    assertEquals(List.of("c3", "c4", "x"), group.replica(3).applied());
    group.run(Group.T);
    assertEquals(List.of("c3", "c4", "x"), group.replica(4).applied());
  }

  @Test
  @DisplayName("P8: a leader that has nothing of what was chosen proposes nothing there, and waits")
  void whoLagsProposesNothingThere() {
    for (boolean founded : new boolean[] {true, false}) {
      Group group = Group.quiet(3, 300);
      PaxosReplica lagging = group.replica(3);
      if (founded) {
        lagging.put(LAST, 2, group.chosen(2));
      } else {
        lagging.put(new byte[0], List.of());
      }
      group.replica(2).crash(0);
      group.instantDisks();
      group.start();
      group.record();
      group.leading(3); // As far as it gets without a value that was chosen.
      assertEquals(founded, lagging.leads());
      group.runUntil(group::isOpen, group.now() + 8 * Group.T);
      assertTrue(group.isOpen());
      assertTrue(
          group.history().stream()
              .filter(flight -> flight.message() instanceof Accept)
              .flatMap(flight -> ((Accept) flight.message()).entries().stream())
              .allMatch(entry -> entry.index() > 300));
      group.run(Group.T);
      assertEquals(group.replica(1).applied(), lagging.applied());
      assertEquals(298, lagging.applied().size());
    }
  }

  @Test
  @DisplayName("P8: a leader that lags takes no command before it has what was chosen before")
  void whoLagsIsNotOpen() {
    Group group = Group.quiet(3, 9);
    PaxosReplica lagging = group.replica(3);
    lagging.put(LAST, 2, group.chosen(2));
    group.instantDisks();
    group.start();
    group.leading(3);
    assertTrue(lagging.leads());
    assertFalse(lagging.isOpen());
    assertEquals("10 Lead@4.3", lagging.slot(10));
    assertEquals(3, lagging.slots().size());
    assertTrue(
        String.join("\n", lagging.engine().status().findings()).contains("fetches slots 3 to 9"));
    group.settle();
    assertTrue(lagging.isOpen());
    assertEquals(10, lagging.commit());
  }

  @Test
  @DisplayName("P8: a leader that lags asks for no acceptances of what it does not propose")
  void whoLagsAsksForItsOwn() {
    Group group = Group.quiet(3, 300);
    PaxosReplica lagging = group.replica(3);
    lagging.put(LAST, 2, group.chosen(2));
    group.instantDisks();
    group.start();
    group.leading(3);
    group.drop(flight -> true); // It does not get what it lacks before its next heartbeat.
    group.pass(100 * Group.MILLI);
    lagging.tick();
    Commit commit = (Commit) group.messages(Commit.class, 3, 1).get(0);
    assertEquals(300, commit.chosenTo(), "a quorum has told that all this is chosen");
    group.deliver(Commit.class);
    Accepted answer = (Accepted) group.messages(Accepted.class, 1, 3).get(0);
    assertEquals(List.of(new SlotRange(301, 301)), answer.missing(), "the Lead, and nothing else");
  }

  @Test
  @DisplayName("P9: phase 1 asks from the first slot that is not known to be chosen")
  void asksFromTheFirstUnknown() {
    Group group = Group.quiet(3, 3);
    Entry four = Group.batch(4, Group.FIRST, "x");
    group.replica(1).put(LAST, 3, group.chosenAnd(3, four));
    group.replica(2).put(LAST, 3, group.chosenAnd(3, four));
    group.replica(3).put(LAST, 3, group.chosenAnd(3, Group.batch(6, LAST, "y")));
    group.instantDisks();
    group.isolate(2);
    group.start();
    group.record();
    group.elect(3);
    Prepare asked =
        group.history().stream()
            .map(Flight::message)
            .filter(Prepare.class::isInstance)
            .map(Prepare.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(4, asked.from());
    assertEquals(List.of("c3", "x", "y"), group.replica(3).applied(), "x was chosen by two");
  }

  @Test
  @DisplayName("P11: a promise that was given to an earlier ballot of the proposer does not count")
  void promisesOfAnEarlierBallot() {
    Group group = Group.quiet(3, 4);
    group.start();
    group.preparing(1);
    List<Flight<PaxosMessage>> late = List.copyOf(group.flights());
    group.flights().clear();
    PaxosReplica proposer = group.preparing(1);
    List<Flight<PaxosMessage>> timely = List.copyOf(group.flights());
    group.flights().clear();
    assertEquals(2, late.stream().filter(flight -> flight.message() instanceof Promise).count());
    late.forEach(group::deliver);
    assertEquals("candidate", proposer.role());
    timely.forEach(group::deliver);
    assertEquals("leader", proposer.role());
    assertEquals(new Ballot(3, 1), proposer.promised());
  }
}
