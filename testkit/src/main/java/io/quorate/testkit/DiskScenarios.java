package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OverloadedException;
import io.quorate.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Disks that do not answer, and disks that are full: nobody's process ends by them. */
interface DiskScenarios<M> extends SimulatedProtocol<M> {
  long MILLIS = 1_000_000;
  long TIMEOUT = Sim.ELECTION_TIMEOUT_NANOS;
  String LONG = "x".repeat(900);

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

  @Scenario(id = "Q10", value = "reads do not keep a leader in office that cannot write")
  default void readsKeepNoLeaderInOffice(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "before").awaitCommitted();
    sim.disk(old).hang();
    Outcome during = sim.propose(old, "during");
    List<Outcome> reads = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      sim.all().forEach(id -> reads.add(sim.read(id)));
      sim.runFor(TIMEOUT / 20);
    }
    int next = sim.leaderAmong(sim.all());
    assertTrue(next != 0 && next != old, () -> "within four timeouts, not " + next);
    during.awaitCommitted();
    reads.forEach(Outcome::awaitServed);
    sim.heal();
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

  // Full

  @Scenario(
      id = "D6",
      value = "a leader whose disk is full is replaced, loses nothing, and comes back with room",
      seeds = 6)
  default void aLeaderWhoseDiskIsFullIsReplaced(Sim sim) {
    int old = sim.electLeader();
    List<String> acknowledged = fill(sim, old, old);
    sim.runFor(4 * TIMEOUT);
    int next = sim.leaderAmong(sim.all());
    assertTrue(next != 0 && next != old, () -> "within four timeouts, not " + next);
    for (int i = 0; i < 60; i++) {
      sim.propose(next, LONG + i).awaitCommitted();
      acknowledged.add(LONG + i);
    }
    refuses(sim, old, "the disk of member " + old + " is full, so the command was not accepted");
    says(sim, old, "the disk of member " + old + " is full: no command is taken here");
    says(sim, next, "the disk of member " + old + " is full, as it says");
    assertEquals(next, sim.leaderAmong(sim.all()), "who has no room disturbs nobody");
    sim.disk(old).mend();
    sim.settle();
    saysNot(sim, old, "is full");
    sim.propose(old, "again").awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertTrue(sim.applied(id).containsAll(acknowledged)));
    sim.all().forEach(id -> assertEquals(sim.applied(old), sim.applied(id)));
  }

  @Scenario(
      id = "D6",
      value = "members whose disks are full keep nobody from serving, whoever else fails meanwhile",
      replicas = 5)
  default void membersWhoseDisksAreFullKeepNobodyFromServing(Sim sim) {
    int leader = sim.electLeader();
    List<Integer> tight = sim.allBut(leader).subList(0, 2);
    tight.forEach(id -> fill(sim, leader, id));
    String stamp = stamp(sim, leader);
    for (int i = 0; i < 100; i++) {
      sim.propose(leader, LONG + i).awaitCommitted();
    }
    assertEquals(stamp, stamp(sim, leader));
    tight.forEach(id -> assertTrue(sim.applied(id).size() < sim.applied(leader).size()));
    sim.crash(leader);
    sim.runFor(4 * TIMEOUT); // No majority has room: whoever leads now, nothing is committed.
    sim.restart(leader);
    sim.runUntil(() -> hasOtherLeader(sim, tight), "one with room leads");
    int next = sim.electLeader();
    sim.propose(next, "goes on").awaitCommitted();
    sim.heal();
    sim.settle();
    sim.all().forEach(id -> assertEquals(sim.applied(next), sim.applied(id)));
  }

  @Scenario(
      id = "D6",
      value =
          "when all disks are full the leader stays, for reads, and writes come back by themselves")
  default void whenAllDisksAreFullReadsGoOn(Sim sim) {
    int leader = sim.electLeader();
    String stamp = stamp(sim, leader);
    sim.all().forEach(id -> sim.disk(id).fill());
    for (int i = 0; i < 60 && !sim.all().stream().allMatch(id -> isFull(sim, id)); i++) {
      sim.propose(leader, LONG + i);
      sim.runFor(10 * MILLIS);
    }
    sim.all().forEach(id -> says(sim, id, "the disk of member " + id + " is full: "));
    refuses(sim, leader, "the disk of member " + leader + " is full");
    for (int i = 0; i < 10; i++) {
      sim.runFor(TIMEOUT);
      assertEquals(sim.applied(leader).size(), sim.read(leader).awaitCommitted().index());
    }
    assertEquals(stamp, stamp(sim, leader), "nobody else could do better");
    sim.all().forEach(id -> sim.disk(id).mend());
    sim.runFor(3 * TIMEOUT);
    sim.propose(sim.electLeader(), "goes on").awaitCommitted();
    sim.settle();
  }

  @Scenario(
      id = "D6",
      value = "a leader with room takes no command that no majority has room for, and serves reads")
  default void aMajorityWithoutRoomIsSaid(Sim sim) {
    int leader = sim.electLeader();
    String stamp = stamp(sim, leader);
    sim.allBut(leader).forEach(id -> fill(sim, leader, id));
    sim.runFor(TIMEOUT);
    refuses(sim, leader, "the disks of so many members are full that the others are no majority");
    assertEquals(sim.applied(leader).size(), sim.read(leader).awaitCommitted().index());
    sim.allBut(leader).forEach(id -> sim.disk(id).mend());
    sim.runFor(3 * TIMEOUT);
    assertEquals(stamp, stamp(sim, leader));
    sim.propose(leader, "goes on").awaitCommitted();
    sim.settle();
  }

  @Scenario(id = "D6", value = "a group of one refuses while its disk is full", replicas = 1)
  default void aGroupOfOneRefusesWhileItsDiskIsFull(Sim sim) {
    int count = fill(sim, sim.electLeader(), 1).size();
    refuses(sim, 1, "the disk of member 1 is full");
    assertTrue(sim.isLeading(1));
    assertEquals(count, sim.read(1).awaitCommitted().index());
    sim.crash(1);
    sim.restart(1);
    sim.electLeader();
    assertEquals(count, sim.read(1).awaitCommitted().index());
    refuses(sim, 1, "the disk of member 1 is full");
    sim.disk(1).mend();
    sim.runFor(TIMEOUT);
    sim.propose(1, "goes on").awaitCommitted();
  }

  /** Fills the disk of a member and proposes until it notices; what was acknowledged. */
  private static List<String> fill(Sim sim, int leader, int victim) {
    List<String> acknowledged = new ArrayList<>();
    sim.disk(victim).fill();
    for (int i = 0; i < 60 && !isFull(sim, victim); i++) {
      String text = LONG + victim + "." + i;
      Outcome outcome = sim.propose(leader, text);
      sim.runFor(10 * MILLIS);
      if (outcome.isAcknowledged()) {
        acknowledged.add(text);
      }
    }
    assertTrue(isFull(sim, victim));
    return acknowledged;
  }

  private static boolean hasOtherLeader(Sim sim, List<Integer> tight) {
    int leader = sim.leaderAmong(sim.all());
    return leader != 0 && !tight.contains(leader);
  }

  private static boolean isFull(Sim sim, int id) {
    return status(sim, id).findings().stream().anyMatch(finding -> finding.contains("is full:"));
  }

  private static void refuses(Sim sim, int id, String words) {
    Outcome outcome = sim.propose(id, "refused");
    sim.runUntil(() -> !outcome.isPending(), "it is refused");
    Throwable why = assertInstanceOf(OverloadedException.class, outcome.failure());
    assertTrue(String.valueOf(why.getMessage()).contains(words), why::toString);
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
