package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Entry;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values that are damaged on disk, and a lost record: what an acceptor may still say (§2.11). */
class DamageTest {
  private static final Ballot LOW = new Ballot(2, 1);
  private static final Ballot HIGH = new Ballot(3, 3);

  /**
   * Started, of five: in slot 5 member 3 has accepted w in a high ballot, which is damaged; the
   * others have what the test has put there.
   */
  private static Group damaged(Group group) {
    group.replica(3).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    group.instantDisks();
    group.start();
    restart(group, 3, 5);
    return group;
  }

  private static Group five() {
    Group group = Group.quiet(5, 4);
    group.replicas().forEach(replica -> replica.put(HIGH, 4, group.chosen(4)));
    group.replica(1).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, LOW, "v")));
    return group;
  }

  private static PaxosReplica restart(Group group, int id, long... damaged) {
    PaxosReplica replica = group.replica(id);
    replica.crash(0);
    for (long slot : damaged) {
      replica.spoil(slot);
    }
    replica.restart();
    return replica;
  }

  private static void promiseOf(Group group, int id) {
    group.deliver(flight -> flight.from().id() == id && flight.message() instanceof Promise);
  }

  // P33

  @Test
  @DisplayName("P33: a damaged slot is reported with its ballot, never as one that holds nothing")
  void aDamagedSlotIsReported() {
    Group group = damaged(five());
    group.preparing(1);
    Promise promise = (Promise) group.messages(Promise.class, 3, 1).get(0);
    assertEquals(List.of(new PaxosMessage.Damaged(5, HIGH)), promise.damaged());
    assertEquals(List.of(), promise.accepted());
  }

  @Test
  @DisplayName("P33: when nothing settles it, the proposer waits for another promise")
  void itIsWaitedFor() {
    Group group = damaged(five());
    PaxosReplica proposer = group.preparing(1);
    promiseOf(group, 2);
    promiseOf(group, 3);
    assertFalse(proposer.leads(), "v would be proposed, and w may be chosen");
    String findings = proposer.engine().status().findings().toString();
    assertTrue(findings.contains("slot 5 is damaged at one of them"), findings);
    assertTrue(group.messages(Accept.class, 1, 2).isEmpty());
  }

  @Test
  @DisplayName("P33: (a) somebody knows the slot to be chosen, in whatever ballot")
  void aChosenReportSettlesIt() {
    Group group = five();
    Entry chosen = Group.batch(6, LOW, "x");
    for (int id : new int[] {2, 4, 5}) {
      group.replica(id).put(HIGH, 4, group.chosenAnd(4, chosen));
    }
    group.replica(3).put(HIGH, 4, group.chosenAnd(4, Group.batch(6, HIGH, "x")));
    group.instantDisks();
    group.start();
    restart(group, 3, 6);
    group.replica(2).receive(Group.member(4), new CatchupResponse(List.of(chosen), 4, 0));
    PaxosReplica proposer = group.preparing(1);
    promiseOf(group, 3);
    assertFalse(proposer.leads());
    promiseOf(group, 2);
    assertTrue(proposer.leads());
    assertEquals("6 x@2.1", proposer.slot(6));
  }

  @Test
  @DisplayName("P33: (b) somebody has a value there of a ballot that is as high, intact")
  void anIntactReportAsHighSettlesIt() {
    Group group = five();
    group.replica(2).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    damaged(group);
    PaxosReplica proposer = group.preparing(1);
    promiseOf(group, 3);
    assertFalse(proposer.leads());
    promiseOf(group, 2);
    assertTrue(proposer.leads(), "two of three are no quorum without the third");
    assertEquals("5 w@4.1", proposer.slot(5));
  }

  @Test
  @DisplayName("P33: (c) those without damage are a quorum by themselves")
  void theOthersSettleIt() {
    Group group = damaged(five());
    PaxosReplica proposer = group.preparing(1);
    promiseOf(group, 3);
    promiseOf(group, 2);
    assertFalse(proposer.leads());
    promiseOf(group, 4);
    assertTrue(proposer.leads());
    assertEquals("5 v@4.1", proposer.slot(5));
    group.settle();
    assertEquals("5 v@4.1", group.replica(3).slot(5), "which mends it");
    assertFalse(group.replica(3).isFaulty(5));
  }

  @Test
  @DisplayName("P33: the counter-example: w is chosen by two, one copy is lost, the other is away")
  void theCounterExample() {
    Group group = Group.quiet(3, 4);
    group.replica(1).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, LOW, "v")));
    group.replica(2).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    group.isolate(2);
    damaged(group);
    group.run(10 * Group.T);
    assertFalse(group.isOpen(), "it is waited for the one that is away");
    group.heal();
    group.run(12 * Group.T);
    group.replicas().forEach(replica -> assertEquals("w", replica.applied().get(2)));
  }

  @Test
  @DisplayName("P33: who has the damage itself may propose, and counts its own report as any other")
  void theProposersOwnDamage() {
    Group group = damaged(five());
    PaxosReplica proposer = group.preparing(3);
    promiseOf(group, 1);
    promiseOf(group, 2);
    assertFalse(proposer.leads());
    promiseOf(group, 4);
    assertTrue(proposer.leads());
    assertEquals("5 v@4.3", proposer.slot(5));
    assertFalse(proposer.isFaulty(5));
  }

  // P35

  @Test
  @DisplayName("P35: damaged slots that are chosen are fetched, and nothing is applied past them")
  void whatIsChosenIsFetched() {
    Group group = Group.quiet(3, 9);
    group.instantDisks();
    group.start();
    group.elect(1);
    PaxosReplica damaged = restart(group, 3, 1, 4, 7);
    assertEquals(0, damaged.commit());
    String findings = damaged.engine().status().findings().toString();
    assertTrue(findings.contains("slot 1 is damaged on this replica: it waits for"), findings);
    group.run(Group.T);
    assertEquals(group.leader().commit(), damaged.commit());
    assertEquals(group.leader().applied(), damaged.applied());
    assertEquals(Long.MAX_VALUE, damaged.firstFaulty());
    damaged.crash(0);
    damaged.restart();
    assertEquals(Long.MAX_VALUE, damaged.firstFaulty());
  }

  @Test
  @DisplayName(
      "P35: an acceptance that is damaged is told no more; the leader sends the value again")
  void aDamagedAcceptanceIsNotTold() {
    Group group = Group.formed(3);
    group.isolate(2);
    group.leader().propose("x");
    long slot = group.leader().last();
    group.deliver(Accept.class);
    group.drop(flight -> flight.message() instanceof Accepted);
    PaxosReplica damaged = restart(group, 3, slot);
    group.record();
    group.run(Group.T);
    assertFalse(damaged.isFaulty(slot));
    assertTrue(damaged.holdsDurably(group.leader().entry(slot)));
    assertTrue(group.leader().applied().contains("x"));
    long accepts =
        group.history().stream()
            .filter(flight -> flight.to() == 3 && flight.message() instanceof Accept)
            .count();
    assertTrue(accepts > 0, "it was sent again");
  }

  // D10

  @Test
  @DisplayName("D10: a leader that finds an old value damaged goes on, and gets it from another")
  void aLeaderMendsItself() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.leader();
    group.replicas().forEach(replica -> replica.keepResident(1));
    group.isolate(3);
    for (int i = 0; i < 6; i++) {
      leader.propose("v" + i);
      group.run(Group.T / 4);
    }
    leader.spoil(4);
    group.heal();
    leader.receive(Group.member(3), new CatchupRequest(4, 4));
    while (leader.isFetching()) {
      leader.answerFetch();
    }
    assertTrue(leader.isFaulty(4));
    leader.propose("goes on");
    group.run(3 * Group.T);
    assertFalse(leader.isFaulty(4));
    assertTrue(leader.leads());
    assertEquals(leader.applied(), group.replica(3).applied());
    assertTrue(leader.applied().contains("goes on"));
  }

  @Test
  @DisplayName("D10, P33: damage that is found while a promise is made is told in it")
  void damageFoundByAPromise() {
    Group group = five();
    group.replica(3).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    group.replica(3).keepResident(-1);
    group.instantDisks();
    group.start();
    group.replica(3).spoil(5);
    group.preparing(1);
    assertTrue(group.replica(3).isFetching());
    group.replica(3).answerFetch();
    Promise promise = (Promise) group.messages(Promise.class, 3, 1).get(0);
    assertEquals(List.of(new PaxosMessage.Damaged(5, HIGH)), promise.damaged());
  }

  // P48

  /** Started, of three, led by 2, who alone knows that slots 5 and 6 are chosen; 5 is damaged. */
  private static PaxosReplica aloneKnows(Group group, Ballot ballot, Ballot others) {
    Entry six = Group.batch(6, ballot, "x");
    group.replica(2).put(HIGH, 6, group.chosenAnd(4, Group.batch(5, ballot, "w"), six));
    for (int id : new int[] {1, 3}) {
      group.replica(id).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, others, "w"), six));
    }
    startWithDamage(group);
    group.elect(2);
    return group.replica(2);
  }

  /** Slot 5 is damaged at member 2, which finds that when it reads it for another. */
  private static void startWithDamage(Group group) {
    group.instantDisks();
    group.replica(2).keepResident(-1);
    group.start();
    group.replica(2).spoil(5);
  }

  private static void allHave(Group group, int commands) {
    group.replicas().forEach(replica -> assertEquals(Long.MAX_VALUE, replica.firstFaulty()));
    group.replicas().forEach(replica -> assertEquals(group.leader().applied(), replica.applied()));
    assertTrue(group.leader().applied().size() >= commands, group.leader().applied()::toString);
  }

  @Test
  @DisplayName("P48: who alone knows a damaged value to be chosen gets it from who has accepted it")
  void whatIsAcceptedElsewhereMendsWhatIsChosen() {
    Group group = new Group(3, 7);
    PaxosReplica alone = aloneKnows(group, HIGH, HIGH);
    group.run(4 * Group.T);
    assertFalse(alone.isFaulty(5));
    assertEquals("5 w@3.3", alone.slot(5));
    allHave(group, 4);
  }

  @Test
  @DisplayName(
      "P48: so it is if all others have accepted it in lower ballots; but not by one of two")
  void allOthersMendWhatWasChosenInALowerBallot() {
    Group group = new Group(3, 7);
    PaxosReplica alone = aloneKnows(group, HIGH, LOW);
    group.isolate(3);
    group.run(6 * Group.T);
    assertTrue(
        alone.isFaulty(5), "the one that is away may have another value, of a higher ballot");
    group.heal();
    group.run(6 * Group.T);
    assertFalse(alone.isFaulty(5));
    allHave(group, 4);
  }

  @Test
  @DisplayName("P48: who has accepted nothing there says so, and counts among all others")
  void whoHasAcceptedNothingCounts() {
    Group group = new Group(5, 7);
    for (int id : new int[] {1, 3, 4}) {
      group.replica(id).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, LOW, "w")));
    }
    group.replica(2).put(HIGH, 5, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    group.replica(5).put(HIGH, 4, group.chosen(4));
    startWithDamage(group);
    group.isolate(4);
    group.elect(2);
    group.run(6 * Group.T);
    assertFalse(group.replica(2).isFaulty(5), "1, 3 and 5 have told");
    group.heal();
    group.run(6 * Group.T);
    allHave(group, 3);
  }

  @Test
  @DisplayName("P48: a value of a lower ballot is not taken for the damaged one")
  void aLowerBallotsValueIsNotTaken() {
    Group group = new Group(3, 7);
    group.replica(1).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, LOW, "v")));
    group.replica(2).put(HIGH, 5, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    group.replica(3).put(HIGH, 4, group.chosenAnd(4, Group.batch(5, HIGH, "w")));
    startWithDamage(group);
    group.isolate(3);
    group.elect(2);
    group.run(6 * Group.T);
    assertTrue(group.replica(2).isFaulty(5));
    group.heal();
    group.run(6 * Group.T);
    assertEquals("w", group.replica(1).applied().get(2));
    allHave(group, 3);
  }

  @Test
  @DisplayName("P48: a read that has failed once is tried again")
  void aReadThatFailedOnceIsTriedAgain() {
    Group group = new Group(3, 7);
    PaxosReplica alone = aloneKnows(group, HIGH, HIGH);
    group.drop(flight -> flight.to() == 2);
    alone.receive(Group.member(3), new CatchupRequest(5, 5));
    while (alone.isFetching()) {
      alone.answerFetch();
    }
    assertTrue(alone.isFaulty(5));
    alone.readsAgain(5);
    group.isolate(1);
    group.isolate(3);
    group.run(2 * Group.T);
    assertFalse(alone.isFaulty(5));
  }

  // P34

  private static PaxosReplica forgets(Group group, int id) {
    PaxosReplica replica = group.replica(id);
    replica.crash(0);
    replica.loseRecord();
    replica.restart();
    return replica;
  }

  @Test
  @DisplayName(
      "P34: an acceptor without its record promises, accepts and votes no more, and learns")
  void anAcceptorWithoutItsRecordIsSilent() {
    Group group = Group.formed(3);
    PaxosReplica silent = forgets(group, 3);
    group.record();
    silent.receive(Group.member(2), new Poll(7, 0));
    silent.receive(Group.member(2), new Prepare(new Ballot(9, 2), 7, 1));
    group.drop(flight -> true);
    for (int i = 0; i < 5; i++) {
      group.leader().propose("v" + i);
    }
    group.run(Group.T);
    assertEquals(group.leader().applied(), silent.applied());
    for (int life = 0; life < 2; life++) {
      group.isolate(2);
      group.run(6 * Group.T);
      assertFalse(group.isOpen(), "one of two is silent");
      group.heal();
      group.run(4 * Group.T);
      assertTrue(group.isOpen());
      silent.crash(0);
      silent.restart();
    }
    assertTrue(
        group.history().stream()
            .filter(flight -> flight.from().id() == 3)
            .map(flight -> flight.message())
            .noneMatch(
                message ->
                    message instanceof Promise
                        || message instanceof PrepareNack
                        || message instanceof Accepted
                        || message instanceof PollReply
                        || message instanceof Poll));
    String findings = silent.engine().status().findings().toString();
    assertTrue(findings.contains("the record of this replica's promises is damaged"), findings);
  }

  @Test
  @DisplayName("P34: what it had promised and knows no more it does not go back on")
  void noPromiseIsTakenBack() {
    Group group = Group.quiet(3, 4);
    group.instantDisks();
    group.start();
    group.preparing(2);
    group.isolate(1);
    promiseOf(group, 3);
    assertTrue(group.replica(2).leads());
    group.drop(flight -> true);
    forgets(group, 3);
    group.heal();
    Entry old = Group.batch(5, Group.FIRST, "of an older ballot");
    group.replica(3).receive(Group.member(1), new Accept(Group.FIRST, 1, List.of(old), 4, 0, true));
    assertTrue(group.messages(Accepted.class, 3, 1).isEmpty());
    assertEquals(0, group.replica(3).savedDurably().length);
  }
}
