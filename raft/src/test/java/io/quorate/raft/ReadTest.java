package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.ReadIndex;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §6.4, and the reads of docs/scenarios.md (Q rows). */
class ReadTest {
  @Test
  @DisplayName("Q1: a new leader reads nothing before an entry of its term is committed")
  void readsWaitForTheTerm() {
    Group group = new Group(3, 1);
    group.nodes.forEach(node -> node.put(3, null, group.log(1, 1, 1)));
    group.nodes.forEach(node -> node.autoDurable = true);
    group.start();
    group.now += 2 * Group.T;
    group.node(1).tick();
    while (!group.node(1).leads()) {
      group.deliver(group.flights.remove(0));
    }
    group.read(group.node(1), 5);
    group.deliver(flight -> flight.message() instanceof Append a && a.entries().isEmpty());
    assertTrue(group.node(1).readable.isEmpty());
    group.settle();
    assertEquals(4, group.node(1).readable.get(5L));
  }

  @Test
  @DisplayName("Q2: answers of an earlier round do not confirm a later read")
  void roundsAreUnique() {
    Group group = Group.formed(3);
    Node leader = group.node(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() != 1);
    List<RaftMessage> delayed = group.messages(Appended.class, 2, 1);
    group.settle();
    assertTrue(leader.readable.containsKey(1L));
    group.isolate(1);
    group.read(leader, 2);
    group.settle();
    delayed.forEach(reply -> leader.receive(Group.member(2), reply));
    assertTrue(!leader.readable.containsKey(2L));
    group.run(3 * Group.T);
    assertTrue(leader.unreadable.contains(2L), "Q7: every read ends");
  }

  @Test
  @DisplayName("a read that comes while a round is on its way joins the next one")
  void readsShareRounds() {
    Group group = Group.formed(3);
    Node leader = group.node(1);
    group.read(leader, 1);
    group.recording = true;
    for (long id = 2; id <= 100; id++) {
      group.read(leader, id);
    }
    assertEquals(0, group.history.size());
    group.settle();
    assertEquals(100, leader.readable.size());
    long rounds =
        group.history.stream().filter(f -> f.to() == 2 && f.message() instanceof Append).count();
    assertEquals(1, rounds);
  }

  @Test
  @DisplayName("Q3: a single voter reads without a message, and not before its own first commit")
  void singleVoter() {
    Group group = new Group(1, 1);
    group.start();
    Node node = group.node(1);
    node.sync();
    assertTrue(node.leads());
    assertEquals(1, node.leader);
    node.propose("x");
    node.sync();
    node.crash(9);
    node.restart();
    node.read(1);
    assertTrue(node.readable.isEmpty());
    node.sync();
    if (node.unreadable.isEmpty()) {
      assertEquals(node.last(), node.readable.get(1L));
    }
    node.read(2);
    assertEquals(node.last(), node.readable.get(2L));
    assertTrue(group.flights.isEmpty());
  }

  @Test
  @DisplayName("a follower asks its leader, under a token that is used once")
  void followerReads() {
    Group group = Group.formed(3);
    group.node(1).propose("x");
    group.settle();
    group.read(group.node(2), 8);
    assertEquals(1, group.messages(ReadIndex.class, 2, 1).size());
    group.settle();
    assertEquals(group.node(1).commit, group.node(2).readable.get(8L));
    assertEquals(group.node(1).commit, group.node(2).commit, "the round brought the commit index");
  }

  @Test
  @DisplayName("Q7: reads of a follower end when its leader is lost, and without one at once")
  void followerWithoutLeader() {
    Group group = Group.formed(3);
    group.read(group.node(2), 8);
    group.node(2).peerLost(1);
    group.read(group.node(2), 9);
    assertEquals(List.of(8L, 9L), group.node(2).unreadable);
  }

  @Test
  @DisplayName("Q8: one answer of four followers is no quorum of five")
  void exactQuorum() {
    Group group = Group.formed(5);
    Node leader = group.node(1);
    group.read(leader, 1);
    group.deliver(flight -> flight.to() == 2);
    group.deliver(flight -> flight.to() == 1);
    assertTrue(leader.readable.isEmpty());
    group.deliver(flight -> flight.to() == 3);
    group.deliver(flight -> flight.to() == 1);
    assertEquals(1, leader.readable.size());
  }

  @Test
  @DisplayName("a lost round is asked again by the next heartbeat")
  void lostRound() {
    Group group = Group.formed(3);
    group.read(group.node(1), 1);
    group.flights.clear();
    group.run(101 * Group.MILLI);
    assertTrue(group.node(1).readable.containsKey(1L));
  }
}
