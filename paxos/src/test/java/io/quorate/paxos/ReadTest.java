package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.ReadIndex;
import io.quorate.paxos.PaxosMessage.ReadIndexReply;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads that a leader confirms, and the reads of docs/scenarios.md (Q rows). */
class ReadTest {
  @Test
  @DisplayName("Q1: a new leader answers no read before its Lead is chosen")
  void readsWaitForTheLead() {
    Group group = Group.quiet(3, 4);
    group.instantDisks();
    group.start();
    PaxosReplica leader = group.leading(1);
    group.read(leader, 5);
    group.drop(flight -> flight.message() instanceof Accept);
    for (int i = 0; i < 3; i++) {
      group.pass(100 * Group.MILLI);
      leader.tick();
      group.deliver(Commit.class);
      group.deliver(Accepted.class);
      group.drop(flight -> flight.message() instanceof Accept);
    }
    assertTrue(leader.readable().isEmpty(), "a quorum follows, and has not accepted the Lead");
    group.run(200 * Group.MILLI);
    assertEquals(5, leader.readable().get(5L));
  }

  @Test
  @DisplayName("Q1: a new leader answers no read before all that it has found is chosen")
  void readsWaitForWhatWasFound() {
    Group group = Group.quiet(3, 4);
    Ballot ballot = new Ballot(2, 2);
    group.replica(2).put(ballot, 4, group.chosenAnd(4, Group.batch(5, ballot, "found")));
    group.isolate(1);
    group.instantDisks();
    group.start();
    PaxosReplica leader = group.leading(3);
    group.read(leader, 5);
    group.settle();
    assertEquals(6, leader.readable().get(5L));
    assertEquals(List.of("c3", "c4", "found"), leader.applied());
  }

  @Test
  @DisplayName("Q2: a read joins no round that is under way")
  void aReadJoinsNoRoundUnderWay() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    group.read(leader, 1);
    group.deliver(Commit.class);
    group.read(leader, 2);
    group.deliver(Accepted.class);
    assertEquals(Set.of(1L), leader.readable().keySet());
    group.settle();
    assertEquals(Set.of(1L, 2L), leader.readable().keySet());
  }

  @Test
  @DisplayName("Q2: answers of an earlier round do not confirm a later read")
  void roundsAreUnique() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() != 1);
    List<PaxosMessage> delayed = group.messages(Accepted.class, 2, 1);
    group.settle();
    assertTrue(leader.readable().containsKey(1L));
    group.isolate(1);
    group.read(leader, 2);
    group.settle();
    delayed.forEach(reply -> leader.receive(Group.member(2), reply));
    assertTrue(!leader.readable().containsKey(2L));
    group.run(3 * Group.T);
    assertTrue(leader.unreadable().contains(2L), "Q7: every read ends");
  }

  @Test
  @DisplayName("Q2: a round of an earlier ballot confirms nothing in a later one")
  void roundsOfAnotherBallot() {
    Group group = Group.formed(3);
    for (long id = 1; id <= 5; id++) {
      group.read(group.replica(1), id);
      group.settle();
    }
    group.isolate(1);
    group.elect(2);
    PaxosReplica leader = group.replica(2);
    leader.propose("x");
    group.deliver(Accept.class);
    group.read(leader, 6);
    group.deliver(Accepted.class);
    assertTrue(leader.readable().isEmpty(), "who answered had not heard of the read");
    group.settle();
    assertTrue(leader.readable().containsKey(6L));
  }

  @Test
  @DisplayName("Q3: a single voter reads without a message, and not before its Lead is chosen")
  void singleVoter() {
    Group group = new Group(1, 1);
    group.start();
    PaxosReplica alone = group.replica(1);
    alone.sync();
    assertTrue(alone.isOpen());
    alone.propose("x");
    alone.sync();
    alone.crash(9);
    alone.restart();
    alone.read(1);
    alone.sync(1);
    alone.read(2);
    assertTrue(alone.readable().isEmpty(), "its new Lead is not durable");
    alone.sync();
    alone.read(3);
    assertEquals(alone.last(), alone.readable().get(3L));
    assertTrue(group.flights().isEmpty());
  }

  @Test
  @DisplayName("a follower asks its leader, under a token that is used once")
  void followerReads() {
    Group group = Group.formed(3);
    group.replica(1).propose("x");
    group.settle();
    group.read(group.replica(2), 8);
    assertEquals(1, group.messages(ReadIndex.class, 2, 1).size());
    group.settle();
    assertEquals(group.replica(1).commit(), group.replica(2).readable().get(8L));
    assertEquals(group.replica(1).commit(), group.replica(2).commit(), "the answer says it");
  }

  /** What the leader of a group says to a question of member 2, at once. */
  private static List<PaxosMessage> saidTo(PaxosReplica leader, Group group, Ballot promised) {
    group.flights().clear();
    leader.receive(Group.member(2), new ReadIndex(77, promised));
    return group.flights().stream().map(flight -> flight.message()).toList();
  }

  @Test
  @DisplayName("Q12: of three, who asks and who leads are a quorum: nobody else is asked")
  void theQuestionConfirms() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    Ballot ballot = leader.promised();
    assertEquals(
        List.of(new ReadIndexReply(77, ballot, leader.commit())), saidTo(leader, group, ballot));
  }

  @Test
  @DisplayName("Q12: of five they are none, and who has promised another ballot confirms nothing")
  void othersAreAsked() {
    for (int voters : new int[] {3, 5}) {
      Group group = Group.formed(voters);
      PaxosReplica leader = group.replica(1);
      Ballot higher = new Ballot(leader.promised().round() + 1, 2);
      List<PaxosMessage> said = saidTo(leader, group, voters == 5 ? leader.promised() : higher);
      assertEquals(voters - 1, said.size());
      said.forEach(message -> assertTrue(message instanceof Commit, message::toString));
    }
  }

  @Test
  @DisplayName("Q12, P34: an acceptor gives its word only while its promise is durable, and known")
  void theWordIsDurable() {
    Group group = Group.formed(3);
    group.replica(3).instantDisk(false);
    PaxosReplica follower = group.replica(3);
    Ballot first = follower.promised();
    Ballot next = new Ballot(first.round() + 1, 2);
    assertEquals(first, word(group, 1));
    follower.receive(Group.member(2), new Commit(next, 1, 0, 0, 0, true));
    assertEquals(Ballot.NONE, word(group, 2));
    follower.sync();
    assertEquals(next, word(group, 2));
    follower.crash(0);
    follower.loseRecord();
    follower.restart();
    follower.receive(Group.member(2), new Commit(next, 2, 0, 0, 0, true));
    assertEquals(Ballot.NONE, word(group, 2));
  }

  /** What member 3 says of itself as it asks that leader. */
  private static Ballot word(Group group, int leader) {
    group.flights().clear();
    group.read(group.replica(3), group.now());
    group.pass(1);
    return ((ReadIndex) group.messages(ReadIndex.class, 3, leader).get(0)).promised();
  }

  @Test
  @DisplayName("Q12, Q1: nor before the leader's own Lead is chosen")
  void theQuestionWaitsForTheLead() {
    Group group = Group.quiet(3, 4);
    group.instantDisks();
    group.start();
    PaxosReplica leader = group.leading(1);
    assertTrue(saidTo(leader, group, leader.promised()).isEmpty());
  }

  @Test
  @DisplayName("Q7: reads of a follower end when its leader is lost, and without one at once")
  void followerWithoutLeader() {
    Group group = Group.formed(3);
    group.read(group.replica(2), 8);
    group.replica(2).peerLost(1);
    group.read(group.replica(2), 9);
    assertEquals(List.of(8L, 9L), group.replica(2).unreadable());
  }

  @Test
  @DisplayName("Q8: one answer of four followers is no quorum of five")
  void exactQuorum() {
    Group group = Group.formed(5);
    PaxosReplica leader = group.replica(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() == 2);
    group.deliver(flight -> flight.to() == 1);
    assertTrue(leader.readable().isEmpty());
    group.deliver(flight -> flight.to() == 3);
    group.deliver(flight -> flight.to() == 1);
    assertEquals(1, leader.readable().size());
  }
}
