package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Member;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Promises and acceptances, the disk that they are saved on, and the power that goes (ID1). */
class PromiseDurabilityTest {
  @Test
  @DisplayName("P2: no promise leaves while it is not durable, and a crash before that unmakes it")
  void promiseWaitsForTheDisk() {
    Group group = Group.quiet(3, 4);
    group.start();
    PaxosReplica acceptor = group.replica(2);
    Prepare prepare = new Prepare(new Ballot(9, 3), 1, 5);
    acceptor.receive(Group.member(3), prepare);
    assertTrue(group.flights().isEmpty());
    acceptor.crash(0);
    acceptor.restart();
    assertEquals(Group.FIRST, acceptor.promised());
    acceptor.receive(Group.member(1), new Prepare(new Ballot(8, 1), 1, 5));
    acceptor.sync();
    assertEquals(1, group.messages(Promise.class, 2, 1).size(), "nobody knew of 9.3");
    acceptor.receive(Group.member(3), prepare);
    acceptor.crash(1);
    acceptor.restart();
    acceptor.receive(Group.member(1), new Prepare(new Ballot(8, 1), 2, 5));
    assertEquals(1, group.messages(PrepareNack.class, 2, 1).size(), "9.3 was saved");
  }

  @Test
  @DisplayName("P2: a promise that is overtaken before it is durable is never told")
  void overtakenPromise() {
    Group group = Group.quiet(3, 4);
    group.start();
    PaxosReplica acceptor = group.replica(2);
    acceptor.receive(Group.member(1), new Prepare(new Ballot(8, 1), 1, 5));
    acceptor.receive(Group.member(3), new Prepare(new Ballot(9, 3), 1, 5));
    acceptor.sync();
    assertTrue(group.messages(Promise.class, 2, 1).isEmpty());
    assertEquals(1, group.messages(Promise.class, 2, 3).size());
  }

  @Test
  @DisplayName("P3: an acceptance that was not durable before a crash is not counted")
  void acceptanceWaitsForTheDisk() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    PaxosReplica acceptor = group.replica(2);
    acceptor.instantDisk(false);
    group.isolate(3);
    long before = leader.commit();
    leader.propose("x");
    group.deliver(Accept.class);
    assertTrue(acceptor.holds(before + 1));
    assertTrue(group.messages(Accepted.class, 2, 1).isEmpty());
    acceptor.crash(0);
    acceptor.restart();
    assertFalse(acceptor.holds(before + 1));
    group.pass(100 * Group.MILLI);
    leader.tick();
    group.deliver(flight -> flight.to() == 2);
    group.deliver(flight -> flight.to() == 1);
    assertEquals(before, leader.commit(), "the leader's copy is one of three");
    acceptor.instantDisk(true);
    group.run(Group.T / 2);
    assertEquals(before + 1, leader.commit());
    assertEquals(List.of("x"), leader.applied());
  }

  @Test
  @DisplayName("P3: of two acceptances the first that is durable is told alone")
  void whatIsDurableIsTold() {
    Group group = Group.formed(3);
    PaxosReplica leader = group.replica(1);
    PaxosReplica acceptor = group.replica(2);
    acceptor.instantDisk(false);
    long before = leader.commit();
    leader.propose("x");
    leader.propose("y");
    group.deliver(flight -> flight.to() == 2);
    acceptor.sync(1);
    Accepted told = (Accepted) group.messages(Accepted.class, 2, 1).get(0);
    assertEquals(List.of(new SlotRange(before + 1, before + 1)), told.accepted());
  }

  @Test
  @DisplayName("what is saved as chosen was durable when it was saved: a crash may keep that alone")
  void whatIsSavedAsChosenIsDurable() {
    Group group = Group.formed(3);
    PaxosReplica acceptor = group.replica(2);
    acceptor.instantDisk(false);
    long before = acceptor.commit();
    group.replica(1).propose("x");
    group.settle();
    group.replica(1).propose("y");
    group.settle();
    assertEquals(before + 1, acceptor.commit(), "x is chosen, and not durable here");
    acceptor.receive(Group.member(3), new Prepare(new Ballot(9, 3), 1, 1));
    acceptor.sync();
    assertEquals(before, acceptor.durableRecord().chosenTo());
    acceptor.receive(Group.member(3), new Prepare(new Ballot(10, 3), 2, 1));
    acceptor.sync();
    assertEquals(before + 1, acceptor.durableRecord().chosenTo());
  }

  @Test
  @DisplayName("P14: nobody hears of a ballot whose promise to itself is not durable")
  void theRoundIsDurableFirst() {
    Group group = Group.quiet(3, 4);
    group.start();
    PaxosReplica proposer = group.standing(1);
    assertTrue(group.flights().isEmpty());
    proposer.crash(0);
    assertEquals(Group.FIRST, proposer.durableRecord().promised());
    proposer.restart();
    group.standing(1).sync();
    Prepare asked = (Prepare) group.messages(Prepare.class, 1, 2).get(0);
    assertEquals(new Ballot(2, 1), asked.ballot(), "the round was not used");
  }

  @Test
  @DisplayName("P14: a proposer uses no round again after a restart, nor promises of another life")
  void noRoundIsUsedTwice() {
    Group group = Group.quiet(3, 4);
    group.start();
    PaxosReplica proposer = group.preparing(1);
    List<Flight<PaxosMessage>> late = List.copyOf(group.flights());
    group.flights().clear();
    proposer.crash(0);
    proposer.restart();
    assertEquals(new Ballot(2, 1), proposer.promised());
    group.standing(1).sync();
    Prepare asked = (Prepare) group.messages(Prepare.class, 1, 2).get(0);
    assertEquals(new Ballot(3, 1), asked.ballot());
    late.forEach(group::deliver);
    assertEquals("candidate", proposer.role());
    Promise wiped =
        new Promise(
            asked.ballot(),
            asked.attempt(),
            Ballot.NONE,
            0,
            true,
            4,
            true,
            true,
            List.of(),
            List.of(),
            List.of());
    proposer.receive(new Member(2, 666), wiped);
    assertEquals("candidate", proposer.role(), "of another incarnation");
    proposer.receive(Group.member(2), wiped);
    assertEquals("leader", proposer.role());
  }
}
