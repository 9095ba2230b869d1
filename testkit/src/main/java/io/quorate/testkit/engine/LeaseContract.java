package io.quorate.testkit.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Leases of either engine, as docs/clocks.md has them; each effect is also held against IC26 by the
 * group. Extend it with a class that makes groups of that engine.
 *
 * @param <M> the engine's messages
 * @param <R> a replica
 */
public abstract class LeaseContract<M, R extends EngineReplica<M>> {
  private static final long LEASE_MILLIS = 2_000;
  private static final long LEASE = LEASE_MILLIS * EngineGroup.MILLI;

  /** How long a new leader announces nothing. */
  protected static final long WAIT = LEASE * 10_201 / 10_000;

  /** More than the time between two heartbeats. */
  protected static final long BEAT = 150 * EngineGroup.MILLI;

  /** For the engine's class. */
  protected LeaseContract() {}

  /** A started group whose disks are instant. */
  protected abstract EngineGroup<M, R> withLeases(int voters, long leaseMillis);

  /** Three, of which the first leads and has a lease. */
  protected final EngineGroup<M, R> formed() {
    EngineGroup<M, R> group = withLeases(3, LEASE_MILLIS);
    group.elect(1);
    group.run(BEAT);
    assertTrue(group.replica(1).holdsLease());
    return group;
  }

  /** Cuts the leader off and has another one elected, which waits. */
  private R succeed(EngineGroup<M, R> group) {
    group.isolate(1);
    group.elect(2);
    R next = group.replica(2);
    assertTrue(next.isOpen());
    next.propose("new");
    group.settle();
    return next;
  }

  @Test
  @DisplayName("Q5, P16: a lease runs from when its round was sent, however late it is confirmed")
  void runsFromTheSending() {
    EngineGroup<M, R> group = formed();
    R leader = group.replica(1);
    group.pass(leader.engine().deadline() - group.now());
    leader.tick();
    long sent = group.now();
    group.pass(900 * EngineGroup.MILLI);
    group.settle();
    group.pass(sent + LEASE - group.now() - 1);
    assertTrue(leader.holdsLease());
    group.pass(1);
    assertFalse(leader.holdsLease());
  }

  @Test
  @DisplayName("a lease is kept by heartbeats, and there is none before the leader's first commit")
  void isKeptByHeartbeats() {
    EngineGroup<M, R> group = formed();
    for (int i = 0; i < 100; i++) {
      group.run(BEAT);
      assertTrue(group.replica(1).holdsLease());
    }
    assertFalse(group.replica(2).holdsLease());
  }

  @Test
  @DisplayName("a new leader commits nothing, and confirms no read, until the lease is over")
  void aNewLeaderWaits() {
    EngineGroup<M, R> group = formed();
    long won = group.now();
    R next = succeed(group);
    long before = next.commit();
    group.read(next, 5);
    group.run(won + WAIT - group.now());
    assertEquals(before, next.commit());
    assertFalse(next.readable().containsKey(5L));
    assertFalse(group.replica(3).applied().contains("new"));
    assertTrue(next.engine().status().findings().toString().contains("lease"));
    group.run(2 * EngineGroup.T);
    assertTrue(next.applied().contains("new"));
    assertTrue(group.replica(3).applied().contains("new"));
    assertTrue(next.readable().containsKey(5L));
    assertTrue(next.holdsLease());
    assertEquals(
        0, next.engine().status().findings().stream().filter(s -> s.contains("lease")).count());
  }

  @Test
  @DisplayName("Q11, P18: who restarts inside a lease, and votes or promises, does it no harm")
  void aRestartInsideALease() {
    EngineGroup<M, R> group = formed();
    R old = group.replica(1);
    group.isolate(1);
    for (int id = 2; id <= 3; id++) {
      group.replica(id).crash(0);
      group.replica(id).restart();
    }
    long since = group.now();
    while (!group.replica(2).leads() && !group.replica(3).leads()) {
      group.run(10 * EngineGroup.MILLI);
    }
    assertTrue(group.now() - since < LEASE, "it is elected inside the lease");
    R next = group.replica(2).leads() ? group.replica(2) : group.replica(3);
    next.propose("new");
    while (old.holdsLease()) {
      assertFalse(next.applied().contains("new"));
      group.run(10 * EngineGroup.MILLI);
    }
    group.run(WAIT);
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName("what was counted during the wait is announced at its end, without another message")
  void theEndOfTheWaitIsNoticed() {
    EngineGroup<M, R> group = formed();
    R next = succeed(group);
    group.run(WAIT - 20 * EngineGroup.MILLI);
    assertFalse(next.applied().contains("new"));
    group.heal();
    group.isolate(2);
    group.pass(25 * EngineGroup.MILLI);
    next.tick();
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName("Q4: a leader that hands over gives its lease back, which spares the next its wait")
  void aHandOverSparesTheWait() {
    EngineGroup<M, R> group = formed();
    R old = group.replica(1);
    old.transfer(3);
    assertFalse(old.holdsLease(), "from the start of the transfer on");
    group.settle();
    R next = group.replica(3);
    assertTrue(next.isOpen());
    next.propose("new");
    group.settle();
    assertTrue(next.applied().contains("new"));
  }

  @Test
  @DisplayName(
      "Q4: after a hand-over that came to nothing there is no lease in that term or ballot")
  void noLeaseAfterAFailedHandOver() {
    EngineGroup<M, R> group = formed();
    R leader = group.replica(1);
    group.isolate(3);
    leader.transfer(3);
    group.run(2 * EngineGroup.T);
    assertTrue(leader.isOpen());
    group.heal();
    group.run(20 * EngineGroup.T);
    assertTrue(leader.isOpen());
    assertFalse(leader.holdsLease());
    group.read(leader, 7);
    group.settle();
    assertTrue(leader.readable().containsKey(7L), "reads are confirmed by rounds");
  }

  @Test
  @DisplayName("Q4: a leader that waits itself spares nobody the wait")
  void whoWaitsSparesNobody() {
    EngineGroup<M, R> group = formed();
    R next = succeed(group);
    next.transfer(3);
    group.settle();
    assertFalse(group.replica(3).leads(), "nothing of its term is committed yet");
    group.run(EngineGroup.T + BEAT);
    assertTrue(next.isOpen());
  }

  @Test
  @DisplayName("a lone voter has a lease of its own")
  void aLoneVoter() {
    EngineGroup<M, R> group = withLeases(1, LEASE_MILLIS);
    group.run(2 * EngineGroup.T);
    assertTrue(group.replica(1).holdsLease());
    group.pass(LEASE);
    assertFalse(group.replica(1).holdsLease());
  }
}
