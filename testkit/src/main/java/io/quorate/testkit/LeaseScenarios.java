package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ReadMode;
import java.util.List;

/** Reads that a leader answers alone. */
interface LeaseScenarios<M> extends SimulatedProtocol<M> {
  long LEASE_NANOS = 2_000_000_000L;

  /** A little more than two heartbeats: from then on a leader has its lease. */
  long LEASED_NANOS = Sim.ELECTION_TIMEOUT_NANOS / 2;

  @Scenario(
      id = "C22",
      value = "a leader with a lease answers alone, even when it is cut off, and until it is over",
      leaseMillis = 2_000)
  default void aLeaderAnswersAlone(Sim sim) {
    int leader = sim.electLeader();
    sim.propose(leader, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    sim.isolate(leader);
    long began = sim.nanos();
    assertEquals(1, sim.readByLease(leader).awaitCommitted().index());
    assertTrue(sim.nanos() - began < 20_000_000, "nobody was asked");
    sim.runFor(LEASE_NANOS);
    Outcome late = sim.readByLease(leader);
    sim.runFor(LEASE_NANOS);
    assertFalse(late.isAcknowledged(), "it is over");
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "C22",
      value = "a read by lease is answered at any member, and to a client",
      leaseMillis = 2_000)
  default void aReadByLeaseIsAnsweredAnywhere(Sim sim) {
    int leader = sim.electLeader();
    SimClient client = sim.client();
    client.propose("x").awaitCommitted();
    for (int id : sim.all()) {
      assertEquals(1, sim.readByLease(id).awaitCommitted().index());
    }
    sim.runFor(LEASED_NANOS);
    assertEquals(1, client.read(new byte[0], ReadMode.LEASE).awaitCommitted().index());
    sim.crash(leader);
    assertEquals(1, client.read(new byte[0], ReadMode.LEASE).awaitCommitted().index());
    sim.restart(leader);
    sim.settle();
  }

  @Scenario(id = "C22", value = "without leases a read by lease is a linearizable one")
  default void withoutLeases(Sim sim) {
    int leader = sim.electLeader();
    sim.propose(leader, "x").awaitCommitted();
    for (int id : sim.all()) {
      assertEquals(1, sim.readByLease(id).awaitCommitted().index());
    }
    sim.isolate(leader);
    Outcome alone = sim.readByLease(leader);
    sim.runFor(LEASED_NANOS);
    assertTrue(alone.isPending());
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = {"Q5", "P16"},
      value = "a leader that stood still for longer than its lease answers nothing from before",
      leaseMillis = 2_000,
      seeds = 6)
  default void aLeaderThatStoodStill(Sim sim, long seed) {
    int old = sim.electLeader();
    sim.propose(old, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    sim.readByLease(old).awaitCommitted();
    sim.pause(old, seed % 2 == 0); // With its clock, as a suspended machine, or without.
    List<Integer> rest = sim.allBut(old);
    int next = sim.awaitLeader(rest);
    sim.propose(next, "y").awaitCommitted();
    sim.partition(List.of(old), rest);
    sim.resume(old);
    Outcome read = sim.readByLease(old); // It still takes itself for the leader.
    sim.runFor(LEASED_NANOS);
    assertFalse(read.isAcknowledged());
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "Q11",
      value = "followers that restart inside a lease elect another leader, which waits for its end",
      leaseMillis = 2_000)
  default void followersThatRestart(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    List<Integer> rest = sim.allBut(old);
    sim.isolate(old);
    long cut = sim.nanos();
    rest.forEach(sim::crash);
    rest.forEach(sim::restart);
    int next = sim.awaitLeader(rest);
    Outcome write = sim.propose(next, "y");
    while (write.isPending()) {
      if (sim.isLeading(old) && sim.nanos() - cut < LEASE_NANOS - LEASED_NANOS) {
        assertEquals(1, sim.readByLease(old).awaitCommitted().index());
      }
      sim.runFor(Sim.ELECTION_TIMEOUT_NANOS / 20);
    }
    write.awaitCommitted();
    assertTrue(sim.nanos() - cut > LEASE_NANOS - LEASED_NANOS);
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "Q4",
      value = "a lease is over when a hand-over begins, and the next leader need not wait for it",
      leaseMillis = 10_000)
  default void aHandOverEndsTheLease(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    int target = sim.allBut(old).get(0);
    long began = sim.nanos();
    sim.transfer(old, target);
    sim.runUntil(() -> sim.isLeading(target), "the target leads");
    sim.propose(target, "y").awaitCommitted();
    assertTrue(sim.nanos() - began < Sim.ELECTION_TIMEOUT_NANOS, "nobody waits");
    assertEquals(2, sim.readByLease(old).awaitCommitted().index());
    sim.settle();
  }

  @Scenario(
      id = "Q4",
      value = "a leader whose hand-over came to nothing asks the others for each read again",
      leaseMillis = 10_000)
  default void noLeaseAfterAFailedHandOver(Sim sim) {
    int leader = sim.electLeader();
    sim.propose(leader, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    sim.transfer(leader, away);
    sim.runUntil(() -> sim.isLeading(leader), "it leads again");
    sim.heal();
    sim.settle();
    assertEquals(1, sim.readByLease(leader).awaitCommitted().index());
    sim.isolate(leader);
    Outcome alone = sim.readByLease(leader);
    sim.runFor(LEASED_NANOS);
    assertTrue(alone.isPending());
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "C23",
      value = "a group with leases goes on after its leader's death, by as much later",
      leaseMillis = 1_000)
  default void aGroupWithLeasesGoesOn(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "x").awaitCommitted();
    sim.runFor(LEASED_NANOS);
    sim.crash(old);
    int next = sim.awaitLeader(sim.allBut(old));
    assertNotEquals(old, next);
    Outcome write = sim.propose(next, "y");
    write.awaitCommitted();
    sim.runFor(LEASED_NANOS);
    assertEquals(2, sim.readByLease(next).awaitCommitted().index());
    sim.restart(old);
    sim.settle();
  }
}
