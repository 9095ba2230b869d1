package io.quorate.paxos;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepts;
import io.quorate.paxos.PaxosMessage.AskAccepted;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads that a quorum confirms; the group checks that none is older than what is committed. */
class QuorumReadTest {
  @Test
  @DisplayName("a follower reads without the leader, and while there is none")
  void withoutALeader() {
    Group group = Group.formed(3);
    group.replica(1).propose("x");
    group.settle();
    group.run(2 * Group.MILLI + Group.T / 4);
    group.replica(1).crash(0);
    group.readOfQuorum(group.replica(3), 7);
    group.settle();
    long index = readIndex(group.replica(3));
    assertEquals(index, group.replica(3).commit());
  }

  @Test
  @DisplayName(
      "P39: a slot that is accepted and not chosen is waited for, and decided by the next leader")
  void anUndecidedSlot() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    leader.propose("x");
    group.deliver(flight -> flight.to() == 2 && flight.message() instanceof Accept);
    group.drop(flight -> true);
    leader.crash(0);
    PaxosReplica reader = group.replica(3);
    group.readOfQuorum(reader, 7);
    group.settle();
    long index = readIndex(reader);
    assertTrue(index > reader.commit(), "it may have been chosen");
    group.run(4 * Group.T);
    assertTrue(reader.commit() >= index);
    assertTrue(reader.applied().contains("x"));
  }

  @Test
  @DisplayName(
      "P39: what one acceptor alone has accepted may stay undecided; its slot is told all the same")
  void aSlotThatIsNeverDecided() {
    Group group = Group.formed(3);
    PaxosReplica old = group.replica(1);
    group.isolate(1);
    for (int i = 0; i < 20; i++) {
      old.propose("lost " + i);
    }
    group.elect(2);
    group.heal();
    group.drop(flight -> true);
    group.isolate(2);
    PaxosReplica reader = group.replica(3);
    group.readOfQuorum(reader, 7);
    group.deliver(AskAccepted.class);
    group.deliver(Accepts.class);
    assertTrue(readIndex(reader) > group.replica(2).commit());
  }

  @Test
  @DisplayName("P40: it takes as many answers as meet every quorum that accepts: three of four")
  void threeOfFour() {
    Group group = Group.formed(4);
    group.readOfQuorum(group.replica(3), 7);
    group.deliver(AskAccepted.class);
    group.deliver(flight -> flight.from().id() == 1);
    assertFalse(group.replica(3).readable().containsKey(7L), "its own answer and one more");
    group.deliver(flight -> flight.from().id() == 4);
    assertTrue(group.replica(3).readable().containsKey(7L));
  }

  @Test
  @DisplayName("an answer counts once, and for the question that it was given to")
  void answersAreNotMixed() {
    Group group = Group.formed(5);
    PaxosReplica reader = group.replica(3);
    group.readOfQuorum(reader, 7);
    group.deliver(AskAccepted.class);
    Accepts old = (Accepts) group.messages(Accepts.class, 1, 3).get(0);
    reader.receive(Group.member(1), old);
    reader.receive(Group.member(1), old);
    assertFalse(reader.readable().containsKey(7L));
    group.drop(flight -> true);
    group.readOfQuorum(reader, 8);
    reader.receive(Group.member(1), old);
    reader.receive(Group.member(2), old);
    assertTrue(reader.readable().containsKey(7L));
    assertFalse(reader.readable().containsKey(8L));
  }

  @Test
  @DisplayName("who has lost the record of its promises answers nothing")
  void whoHasLostItsRecordIsSilent() {
    Group group = Group.formed(3);
    group.replica(2).loseRecord();
    group.replica(2).crash(0);
    group.replica(2).restart();
    group.drop(flight -> true);
    group.readOfQuorum(group.replica(3), 7);
    group.deliver(flight -> flight.to() == 2 && flight.message() instanceof AskAccepted);
    assertEquals(List.of(), group.messages(Accepts.class, 2, 3));
  }

  @Test
  @DisplayName("before the group is founded there is nothing to read")
  void beforeTheGroupIsFounded() {
    Group group = Group.started(3);
    group.replica(1).readOfQuorum(7);
    assertEquals(List.of(7L), group.replica(1).unreadable());
  }

  private static long readIndex(PaxosReplica reader) {
    return requireNonNull(reader.readable().get(7L));
  }
}
