package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Cede;
import io.quorate.paxos.PaxosMessage.Poll;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leadership that is handed over: A4 of docs/scenarios.md, for ballots. */
class CedeTest {
  @Test
  @DisplayName("A4: the target prepares the next ballot without a poll")
  void handsOver() {
    Group group = Group.formed(3);
    PaxosReplica old = group.replica(1);
    old.propose("x");
    group.settle();
    group.record();
    old.transfer(3);
    assertFalse(old.isOpen(), "nothing may be proposed from now on");
    group.settle();
    assertTrue(group.replica(3).isOpen());
    assertEquals(3, old.leader());
    assertTrue(group.history().stream().noneMatch(f -> f.message() instanceof Poll));
    assertEquals(List.of(), old.failedTransfers());
  }

  @Test
  @DisplayName("A4: the target is told only once all is chosen and it has answered for it")
  void waitsForTheTarget() {
    Group group = Group.formed(3);
    PaxosReplica old = group.replica(1);
    group.replica(2).instantDisk(false);
    old.propose("x");
    group.record();
    old.transfer(2);
    group.settle();
    assertTrue(group.history().stream().noneMatch(f -> f.message() instanceof Cede));
    assertTrue(old.leads() && !old.isOpen());
    group.replica(2).instantDisk(true);
    group.replica(2).sync();
    group.settle();
    assertTrue(group.replica(2).isOpen());
    assertTrue(group.replica(2).applied().contains("x"));
  }

  @Test
  @DisplayName("A4: a target that lacks what is chosen fetches it before it prepares")
  void aTargetThatLacksSomethingFetchesIt() {
    Group group = Group.formed(3);
    PaxosReplica old = group.replica(1);
    PaxosReplica target = group.replica(2);
    Ballot ballot = Ballot.of(old.stamp());
    group.isolate(2);
    old.propose("x");
    group.settle();
    group.heal();
    target.receive(Group.member(1), new Cede(ballot, old.commit(), false));
    assertEquals("follower", target.engine().status().role());
    group.drop(flight -> flight.message() instanceof Accept);
    group.run(300 * Group.MILLI);
    assertEquals(old.commit(), target.commit());
  }

  @Test
  @DisplayName("A4: the target is told again if the word was lost")
  void tellsAgain() {
    Group group = Group.formed(3);
    group.replica(1).transfer(2);
    group.drop(flight -> flight.message() instanceof Cede);
    group.run(150 * Group.MILLI);
    assertTrue(group.replica(2).isOpen());
  }

  @Test
  @DisplayName("A4: after an election timeout without a successor the leader goes on")
  void isBounded() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
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
    PaxosReplica leader = group.replica(1);
    group.isolate(2);
    for (int i = 0; i <= Progress.WINDOW_MESSAGES; i++) {
      leader.propose("v" + i);
    }
    group.settle();
    for (int target : new int[] {2, 1, 9}) {
      int before = leader.failedTransfers().size();
      leader.transfer(target);
      assertEquals(before + 1, leader.failedTransfers().size(), "to " + target);
      assertTrue(leader.isOpen(), "to " + target);
    }
    leader.transfer(0);
    group.settle();
    assertTrue(group.replica(3).isOpen(), "of the two the one that is here");
  }

  @Test
  @DisplayName("A4: a second transfer is refused, and the first goes on")
  void oneAtATime() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    leader.transfer(2);
    leader.transfer(3);
    assertEquals(1, leader.failedTransfers().size());
    group.settle();
    assertTrue(group.replica(2).isOpen());
    leader.transfer(3);
    assertEquals(2, leader.failedTransfers().size(), "who does not lead has nothing to hand over");
  }

  @Test
  @DisplayName("A4: a word of an earlier ballot moves nobody")
  void anOldWordMovesNobody() {
    Group group = Group.formed(3);
    Ballot ballot = Ballot.of(group.replica(1).stamp());
    group.elect(3);
    group.settle();
    group.record();
    group.replica(2).receive(Group.member(1), new Cede(ballot, 0, false));
    group.settle();
    assertEquals(List.of(), group.history());
  }
}
