package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Disks that do not answer, and disks that are full: nobody's process ends by them. */
interface DiskScenarios<M> extends SimulatedProtocol<M> {
  long MILLIS = 1_000_000;
  long TIMEOUT = Sim.ELECTION_TIMEOUT_NANOS;

  // Hung

  @Scenario(
      id = {"D6", "P19"},
      value = "a leader whose disk hangs is replaced, follows when it works, and may lead again",
      seeds = 6)
  default void aLeaderWhoseDiskHangsIsReplaced(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "before").awaitCommitted();
    sim.disk(old).hang();
    Outcome during = sim.propose(old, "during");
    sim.runFor(4 * TIMEOUT);
    int next = sim.leaderAmong(sim.all());
    assertTrue(next != 0 && next != old, () -> "within four timeouts, not " + next);
    sim.propose(next, "after").awaitCommitted();
    during.awaitCommitted();
    says(sim, old, "the disk of member " + old + " has not answered for ");
    String stamp = stamp(sim, next);
    sim.runFor(10 * TIMEOUT);
    assertEquals(stamp, stamp(sim, next), "who has no disk disturbs nobody");
    sim.heal();
    sim.settle();
    saysNot(sim, old, "has not answered");
    assertEquals(List.of("before", "during", "after"), sim.applied(old));
    int third = sim.allBut(old, next).get(0);
    sim.crash(third);
    for (int i = 0; i < 20 && !sim.isLeading(old); i++) {
      sim.crash(next);
      sim.runFor(2 * TIMEOUT); // Who stands already is sooner than who has just started.
      sim.restart(next);
      sim.electLeader();
    }
    assertTrue(sim.isLeading(old), "it leads again");
    sim.restart(third);
    sim.settle();
  }

  @Scenario(
      id = {"D6", "P19"},
      value = "a member whose disk hangs stands for no election, though it hears nobody",
      replicas = 5)
  default void aMemberWhoseDiskHangsDoesNotStand(Sim sim) {
    int leader = sim.electLeader();
    int hung = sim.allBut(leader).get(0);
    sim.disk(hung).hang();
    sim.propose(leader, "known to all").awaitCommitted();
    sim.runFor(TIMEOUT);
    String stamp = stamp(sim, leader);
    sim.isolate(hung);
    sim.breakBlocked();
    for (int i = 0; i < 200; i++) {
      sim.runFor(TIMEOUT / 20);
      assertEquals("follower", status(sim, hung).role());
    }
    assertEquals(stamp, stamp(sim, leader));
    sim.heal();
    sim.settle();
    assertEquals(stamp, stamp(sim, leader), "nor does it bring a vote home");
  }

  @Scenario(
      id = {"D6", "P19"},
      value = "when all disks hang nobody leads; when they work again all goes on",
      replicas = 3)
  default void allDisksHang(Sim sim) {
    int leader = sim.electLeader();
    sim.all().forEach(id -> sim.disk(id).hang());
    Outcome waits = sim.propose(leader, "waits");
    sim.runFor(2 * TIMEOUT);
    assertFalse(waits.isAcknowledged());
    sim.all().forEach(id -> assertFalse(sim.isLeading(id)));
    sim.heal();
    sim.propose(sim.electLeader(), "goes on").awaitCommitted();
    sim.settle();
    waits.awaitCommitted();
  }

  @Scenario(
      id = "D6",
      value = "a group of one has nobody else: it waits for its disk",
      replicas = 1)
  default void aGroupOfOneWaitsForItsDisk(Sim sim) {
    sim.electLeader();
    sim.disk(1).hang();
    Outcome waits = sim.propose(1, "waits");
    sim.runFor(3 * TIMEOUT);
    assertTrue(waits.isPending());
    assertTrue(sim.isLeading(1));
    says(sim, 1, "has not answered for ");
    sim.disk(1).mend();
    waits.awaitCommitted();
  }

  @Scenario(id = "D6", value = "a disk that is slow, and answers, keeps its leader", seeds = 4)
  default void aSlowDiskKeepsItsLeader(Sim sim) {
    int leader = sim.electLeader();
    String stamp = stamp(sim, leader);
    sim.disk(leader).slow(TIMEOUT / 5);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outcomes.add(sim.propose(leader, "c" + i));
      sim.runFor(TIMEOUT / 10);
    }
    outcomes.forEach(Outcome::awaitCommitted);
    assertEquals(stamp, stamp(sim, leader));
    sim.heal();
    sim.settle();
  }

  private static void says(Sim sim, int id, String words) {
    List<String> findings = status(sim, id).findings();
    assertTrue(
        findings.stream().anyMatch(finding -> finding.contains(words)),
        () -> words + " is not among " + findings);
  }

  private static void saysNot(Sim sim, int id, String words) {
    List<String> findings = status(sim, id).findings();
    assertTrue(
        findings.stream().noneMatch(finding -> finding.contains(words)),
        () -> words + " is among " + findings);
  }

  private static String stamp(Sim sim, int id) {
    return status(sim, id).stamp();
  }

  private static Status status(Sim sim, int id) {
    return Objects.requireNonNull(sim.status(id));
  }
}
