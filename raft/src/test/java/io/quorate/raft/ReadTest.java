package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.ReadIndex;
import io.quorate.raft.RaftMessage.ReadIndexReply;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §6.4, and the reads of docs/scenarios.md (Q rows). */
class ReadTest {
  /** Member 1 leads term 4, of which nothing is committed. */
  private static Group justLed() {
    Group group = new Group(3, 1);
    group.replicas().forEach(replica -> replica.put(3, null, group.log(1, 1, 1)));
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.start();
    group.pass(2 * Group.T);
    group.replica(1).tick();
    while (!group.replica(1).leads()) {
      group.deliver(group.flights().remove(0));
    }
    return group;
  }

  @Test
  @DisplayName("Q1: a new leader reads nothing before an entry of its term is committed")
  void readsWaitForTheTerm() {
    Group group = justLed();
    group.read(group.replica(1), 5);
    group.deliver(flight -> flight.message() instanceof Append a && a.entries().isEmpty());
    assertTrue(group.replica(1).readable().isEmpty());
    group.settle();
    assertEquals(4, group.replica(1).readable().get(5L));
  }

  @Test
  @DisplayName("Q2: answers of an earlier round do not confirm a later read")
  void roundsAreUnique() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() != 1);
    List<RaftMessage> delayed = group.messages(Appended.class, 2, 1);
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
  @DisplayName("a read that comes while a round is on its way joins the next one")
  void readsShareRounds() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    group.read(leader, 1);
    group.record();
    for (long id = 2; id <= 100; id++) {
      group.read(leader, id);
    }
    assertEquals(0, group.history().size());
    group.settle();
    assertEquals(100, leader.readable().size());
    long rounds =
        group.history().stream().filter(f -> f.to() == 2 && f.message() instanceof Append).count();
    assertEquals(1, rounds);
  }

  @Test
  @DisplayName("Q3: a single voter reads without a message, and not before its own first commit")
  void singleVoter() {
    Group group = new Group(1, 1);
    group.start();
    RaftReplica replica = group.replica(1);
    replica.sync();
    assertTrue(replica.leads());
    assertEquals(1, replica.leader());
    replica.propose("x");
    replica.sync();
    replica.crash(9);
    replica.restart();
    replica.read(1);
    assertTrue(replica.readable().isEmpty());
    replica.sync();
    if (replica.unreadable().isEmpty()) {
      assertEquals(replica.last(), replica.readable().get(1L));
    }
    replica.read(2);
    assertEquals(replica.last(), replica.readable().get(2L));
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
    assertEquals(
        group.replica(1).commit(), group.replica(2).commit(), "the answer brought the index");
  }

  /** What the leader of a group says to a question of member 2, at once. */
  private static List<RaftMessage> saidTo(RaftReplica leader, Group group, boolean confirms) {
    group.flights().clear();
    leader.receive(Group.member(2), new ReadIndex(1, 77, confirms));
    return group.flights().stream().map(flight -> flight.message()).toList();
  }

  @Test
  @DisplayName("Q12: of three, who asks and who leads are a quorum: nobody else is asked")
  void theQuestionConfirms() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    assertEquals(
        List.of(new ReadIndexReply(1, 77, true, leader.commit())), saidTo(leader, group, true));
  }

  @Test
  @DisplayName("Q12: of five they are none, and a follower that cannot tell confirms nothing")
  void othersAreAsked() {
    for (int voters : new int[] {3, 5}) {
      Group group = Group.formed(voters);
      List<RaftMessage> said = saidTo(group.replica(1), group, voters == 5);
      assertEquals(voters - 1, said.size());
      said.forEach(message -> assertTrue(message instanceof Append, message::toString));
    }
  }

  @Test
  @DisplayName("Q12, D9: a follower gives its word only while its term is durable, and known")
  void theWordIsDurable() {
    Group group = Group.formed(3);
    group.replica(3).instantDisk(false);
    group.isolate(1);
    group.elect(2);
    RaftReplica follower = group.replica(3);
    follower.receive(
        Group.member(2), new Append(3, 1, 0, 0, List.of(), 0, 0)); // Of a term that is newer.
    group.flights().clear();
    group.read(follower, 8);
    assertEquals(List.of(false), words(group, 3, 2));
    follower.sync();
    group.flights().clear();
    group.read(follower, 9);
    assertEquals(List.of(true), words(group, 3, 2));
    follower.crash(0);
    follower.loseRecord();
    follower.restart();
    follower.receive(Group.member(2), new Append(3, 1, 0, 0, List.of(), 0, 0));
    group.flights().clear();
    group.read(follower, 10);
    assertEquals(List.of(false), words(group, 3, 2));
  }

  private static List<Boolean> words(Group group, int from, int to) {
    return group.messages(ReadIndex.class, from, to).stream()
        .map(message -> ((ReadIndex) message).confirms())
        .toList();
  }

  @Test
  @DisplayName("Q12, Q1: nor before an entry of the leader's term is committed")
  void theQuestionWaitsForTheTerm() {
    Group group = justLed();
    group.replica(1).receive(Group.member(2), new ReadIndex(4, 77, true));
    assertTrue(group.messages(ReadIndexReply.class, 1, 2).isEmpty());
    group.settle();
    assertEquals(4, group.replica(1).commit());
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
    RaftReplica leader = group.replica(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() == 2);
    group.deliver(flight -> flight.to() == 1);
    assertTrue(leader.readable().isEmpty());
    group.deliver(flight -> flight.to() == 3);
    group.deliver(flight -> flight.to() == 1);
    assertEquals(1, leader.readable().size());
  }

  @Test
  @DisplayName("a lost round is asked again by the next heartbeat")
  void lostRound() {
    Group group = Group.formed(3);
    group.read(group.replica(1), 1);
    group.flights().clear();
    group.run(101 * Group.MILLI);
    assertTrue(group.replica(1).readable().containsKey(1L));
  }
}
