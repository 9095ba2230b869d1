package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.paxos.PaxosMessage.Cede;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.testkit.engine.EngineGroup.Flight;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leases as DESIGN §4 has them; each effect is also held against IC26 by the group. */
class LeaseTest {
  private static final long LEASE_MILLIS = 2_000;
  private static final long LEASE = LEASE_MILLIS * Group.MILLI;
  private static final long WAIT = LEASE * 10_201 / 10_000;
  private static final long BEAT = 150 * Group.MILLI;

  private static Group formed() {
    Group group = Group.withLeases(3, LEASE_MILLIS);
    group.elect(1);
    group.run(BEAT);
    assertTrue(group.replica(1).holdsLease());
    return group;
  }

  /** Cuts the leader off and has another one elected, which waits. */
  private static PaxosReplica succeed(Group group) {
    group.isolate(1);
    group.elect(2);
    PaxosReplica next = group.replica(2);
    assertTrue(next.isOpen());
    next.propose("new");
    group.settle();
    return next;
  }

  @Test
  @DisplayName("P16: a lease runs from when its round was sent, however late it is confirmed")
  void runsFromTheSending() {
    Group group = formed();
    PaxosReplica leader = group.replica(1);
    group.pass(leader.engine().deadline() - group.now());
    leader.tick();
    long sent = group.now();
    group.pass(900 * Group.MILLI);
    group.settle();
    group.pass(sent + LEASE - group.now() - 1);
    assertTrue(leader.holdsLease());
    group.pass(1);
    assertFalse(leader.holdsLease());
  }

  @Test
  @DisplayName("a lease is kept by heartbeats, and there is none before the leader's first commit")
  void isKeptByHeartbeats() {
    Group group = formed();
    for (int i = 0; i < 100; i++) {
      group.run(BEAT);
      assertTrue(group.replica(1).holdsLease());
    }
    assertFalse(group.replica(2).holdsLease());
  }

  @Test
  @DisplayName("a new leader commits nothing, and confirms no read, until the lease is over")
  void aNewLeaderWaits() {
    Group group = formed();
    long won = group.now();
    PaxosReplica next = succeed(group);
    long before = next.commit();
    group.read(next, 5);
    group.run(won + WAIT - group.now());
    assertEquals(before, next.commit());
    assertFalse(next.readable().containsKey(5L));
    assertFalse(group.replica(3).applied().contains("new"));
    assertTrue(next.engine().status().findings().toString().contains("lease"));
    group.run(2 * Group.T);
    assertTrue(next.applied().contains("new"));
    assertTrue(group.replica(3).applied().contains("new"));
    assertTrue(next.readable().containsKey(5L));
    assertTrue(next.holdsLease());
    assertEquals(
        0, next.engine().status().findings().stream().filter(s -> s.contains("lease")).count());
  }

  @Test
  @DisplayName("P18: an acceptor that restarts inside a lease, and promises, does it no harm")
  void aRestartInsideALease() {
    Group group = formed();
    PaxosReplica old = group.replica(1);
    group.isolate(1);
    for (int id = 2; id <= 3; id++) {
      group.replica(id).crash(0);
      group.replica(id).restart();
    }
    long since = group.now();
    while (!group.replica(2).leads() && !group.replica(3).leads()) {
      group.run(10 * Group.MILLI);
    }
    assertTrue(group.now() - since < LEASE, "it is elected inside the lease");
    PaxosReplica next = group.replica(2).leads() ? group.replica(2) : group.replica(3);
    next.propose("new");
    while (old.holdsLease()) {
      assertFalse(next.applied().contains("new"));
      group.run(10 * Group.MILLI);
    }
    group.run(WAIT);
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName("what was counted during the wait is announced at its end, without another message")
  void theEndOfTheWaitIsNoticed() {
    Group group = formed();
    PaxosReplica next = succeed(group);
    group.run(WAIT - 20 * Group.MILLI);
    assertFalse(next.applied().contains("new"));
    group.heal();
    group.isolate(2);
    group.pass(25 * Group.MILLI);
    next.tick();
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName("Q4: a leader that hands over gives its lease back, which spares the next its wait")
  void aHandOverSparesTheWait() {
    Group group = formed();
    PaxosReplica old = group.replica(1);
    old.transfer(3);
    assertFalse(old.holdsLease(), "from the start of the transfer on");
    group.settle();
    PaxosReplica next = group.replica(3);
    assertTrue(next.isOpen());
    next.propose("new");
    group.settle();
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName("Q4: after a hand-over that came to nothing there is no lease in that ballot")
  void noLeaseAfterAFailedHandOver() {
    Group group = formed();
    PaxosReplica leader = group.replica(1);
    group.isolate(3);
    leader.transfer(3);
    group.run(2 * Group.T);
    assertTrue(leader.isOpen());
    group.heal();
    group.run(20 * Group.T);
    assertTrue(leader.isOpen());
    assertFalse(leader.holdsLease());
    group.read(leader, 7);
    group.settle();
    assertTrue(leader.readable().containsKey(7L), "reads are confirmed by rounds");
  }

  /** Its ballot is higher than the one in between, which has the same round. */
  @Test
  @DisplayName("Q4: a release spares nobody the wait if another one has led since")
  void aReleaseIsForTheNextBallotOnly() {
    Group group = formed();
    group.replica(1).transfer(3);
    group.deliver(Cede.class);
    List<Flight<PaxosMessage>> late =
        group.flights().stream()
            .filter(flight -> flight.message() instanceof Prepare && flight.to() == 1)
            .toList();
    assertEquals(1, late.size());
    group.drop(flight -> true);
    group.isolate(3);
    group.replica(1).crash(0);
    group.replica(1).restart();
    group.elect(2);
    PaxosReplica between = group.replica(2);
    for (int beats = 0; beats < 20; beats++) {
      group.pass(BEAT);
      between.tick(); // Nobody else notices how late it is.
      group.settle();
    }
    assertTrue(between.holdsLease());
    group.heal();
    group.isolate(2);
    late.forEach(group::deliver);
    group.settle();
    PaxosReplica next = group.replica(3);
    assertTrue(next.leads());
    assertTrue(between.holdsLease());
    long known = between.commit();
    assertTrue(next.commit() <= known);
    next.propose("new");
    group.settle();
    assertFalse(next.applied().contains("new"));
  }

  @Test
  @DisplayName("Q4: a leader that waits itself spares nobody the wait")
  void whoWaitsSparesNobody() {
    Group group = formed();
    PaxosReplica next = succeed(group);
    next.transfer(3);
    group.settle();
    assertFalse(group.replica(3).leads(), "nothing of its term is committed yet");
    group.run(Group.T + BEAT);
    assertTrue(next.isOpen());
  }

  @Test
  @DisplayName("a lone voter has a lease of its own")
  void aLoneVoter() {
    Group group = Group.withLeases(1, LEASE_MILLIS);
    group.run(2 * Group.T);
    assertTrue(group.replica(1).holdsLease());
    group.pass(LEASE);
    assertFalse(group.replica(1).holdsLease());
  }
}
