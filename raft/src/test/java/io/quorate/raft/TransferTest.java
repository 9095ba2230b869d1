package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.TimeoutNow;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dissertation §3.10, and A4 of docs/scenarios.md. */
class TransferTest {
  @Test
  @DisplayName(
      "A4: the target stands without a pre-vote, and no voter refuses for the leader's sake")
  void handsOver() {
    Group group = Group.formed(3);
    RaftReplica old = group.replica(1);
    old.propose("x");
    group.settle();
    group.record();
    old.transfer(3);
    assertFalse(old.isOpen(), "nothing may be proposed from now on");
    group.settle();
    assertTrue(group.replica(3).isOpen());
    assertEquals(3, old.leader());
    assertTrue(group.history().stream().noneMatch(f -> f.message() instanceof PreVote));
    assertEquals(List.of(), old.failedTransfers());
  }

  @Test
  @DisplayName("A4: the target is told only once it holds all, and all of it is committed")
  void waitsForTheTarget() {
    Group group = Group.formed(5);
    RaftReplica old = group.replica(1);
    group.replica(2).instantDisk(false);
    old.propose("x");
    group.record();
    old.transfer(2);
    group.settle();
    assertTrue(group.history().stream().noneMatch(f -> f.message() instanceof TimeoutNow));
    assertTrue(old.leads() && !old.isOpen());
    group.replica(2).instantDisk(true);
    group.replica(2).sync();
    group.settle();
    assertTrue(group.replica(2).isOpen());
    assertTrue(group.replica(2).applied().contains("x"));
  }

  @Test
  @DisplayName("A4: what only the target holds is not committed, and is waited for")
  void waitsForTheCommit() {
    Group group = Group.formed(5);
    RaftReplica old = group.replica(1);
    old.propose("x");
    group.drop(flight -> flight.message() instanceof Append && flight.to() != 2);
    old.transfer(2);
    group.deliver(flight -> flight.to() == 2);
    group.deliver(Appended.class);
    assertEquals(0, group.messages(TimeoutNow.class, 1, 2).size());
    group.run(200 * Group.MILLI);
    assertTrue(group.replica(2).isOpen());
  }

  @Test
  @DisplayName("A4: the target is told again if the word was lost, and takes over once")
  void tellsAgain() {
    Group group = Group.formed(3);
    group.replica(1).transfer(2);
    group.drop(flight -> flight.message() instanceof TimeoutNow);
    group.run(150 * Group.MILLI);
    assertTrue(group.replica(2).isOpen());
  }

  @Test
  @DisplayName("A4: after an election timeout without a successor the leader goes on")
  void isBounded() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    leader.transfer(2);
    group.isolate(2);
    group.run(Group.T - Group.MILLI);
    assertFalse(leader.isOpen());
    group.run(2 * Group.MILLI);
    assertTrue(leader.isOpen());
    assertEquals(1, leader.failedTransfers().size());
    leader.propose("y");
    group.settle();
    assertTrue(leader.applied().contains("y"));
  }

  @Test
  @DisplayName("A4: who is away, far behind, unknown or the leader itself is refused at once")
  void refusesATargetThatLags() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    group.isolate(2);
    for (int i = 0; i <= Transfer.LAG_ENTRIES; i++) {
      leader.propose("v" + i);
    }
    group.settle();
    for (int target : new int[] {2, 1, 9}) {
      int before = leader.failedTransfers().size();
      leader.transfer(target);
      assertEquals(before + 1, leader.failedTransfers().size(), "to " + target);
      assertTrue(leader.isOpen(), "to " + target);
    }
    group.run(2 * Group.T);
    leader.transfer(0);
    group.settle();
    assertTrue(group.replica(3).isOpen(), "of the two the one that is here");
  }

  @Test
  @DisplayName("A4: a second transfer is refused, and the first goes on")
  void oneAtATime() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    leader.transfer(2);
    leader.transfer(3);
    assertEquals(1, leader.failedTransfers().size());
    group.settle();
    assertTrue(group.replica(2).isOpen());
    leader.transfer(3);
    assertEquals(2, leader.failedTransfers().size(), "who does not lead has nothing to hand over");
  }

  @Test
  @DisplayName("A4: a transfer is forgotten with the leadership")
  void isForgotten() {
    Group group = Group.formed(3);
    RaftReplica first = group.replica(1);
    group.isolate(1);
    first.transfer(2);
    group.run(3 * Group.T);
    group.heal();
    group.run(Group.T);
    assertFalse(first.leads());
    group.leader().transfer(1);
    group.settle();
    assertTrue(first.isOpen());
  }

  @Test
  @DisplayName("D8: a target whose log is damaged does not stand")
  void aDamagedTargetDoesNotStand() {
    Group group = Group.formed(3);
    RaftReplica leader = group.replica(1);
    leader.propose("x");
    group.settle();
    RaftReplica target = group.replica(2);
    target.crash(9);
    target.spoil(target.entries().size());
    target.restart();
    target.receive(Group.member(1), new TimeoutNow(target.term(), false));
    assertFalse(target.leads());
    assertEquals(0, group.messages(RequestVote.class, 2, 3).size());
  }

  @Test
  @DisplayName("A4: a word of an earlier term moves nobody")
  void anOldWordMovesNobody() {
    Group group = Group.formed(3);
    long term = group.replica(2).term();
    group.elect(3);
    group.settle();
    group.record();
    group.replica(2).receive(Group.member(1), new TimeoutNow(term, false));
    group.settle();
    assertEquals(List.of(), group.history());
  }
}
