package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.List;
import java.util.Objects;

/** Disks of which a bit has flipped: the replica goes on as far as is safe, and is mended. */
interface DamageScenarios<M> extends SimulatedProtocol<M> {
  @Scenario(
      id = {"D8", "P35"},
      value = "a follower with a damaged entry starts, says so, and gets a copy",
      seeds = 12)
  default void aDamagedEntryIsRefilled(Sim sim) {
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    work(sim, "before", 20);
    sim.settle();
    spoil(sim, Part.ENTRY, victim);
    assertNull(sim.halted(victim));
    work(sim, "after", 5);
    sim.settle();
    isMended(sim, victim);
  }

  @Scenario(
      id = {"D10", "P35"},
      value = "a leader whose disk was damaged is mended when it comes back, and others go on",
      seeds = 8)
  default void aLeadersDiskIsMended(Sim sim) {
    int leader = sim.electLeader();
    work(sim, "before", 10);
    sim.settle();
    spoil(sim, Part.ENTRY, leader);
    assertNull(sim.halted(leader));
    work(sim, "after", 5);
    sim.settle();
    isMended(sim, leader);
  }

  @Scenario(
      id = {"D8", "P35"},
      value = "most disks are damaged while all are down: what one has left mends the others",
      seeds = 8)
  default void mostDisksAreDamaged(Sim sim) {
    sim.electLeader();
    work(sim, "before", 15);
    sim.settle();
    for (int id : List.of(1, 2)) {
      assertTrue(sim.disk(id).flipBit(Part.ENTRY));
    }
    sim.all().forEach(sim::crash);
    sim.all().forEach(sim::restart);
    work(sim, "after", 5);
    sim.settle();
    isMended(sim, 1);
    isMended(sim, 2);
  }

  @Scenario(
      id = {"D10", "P35"},
      value = "a leader that meets damage as it serves one that was away goes on, and is mended",
      seeds = 12)
  default void aLeaderMeetsDamageAsItServes(Sim sim) {
    int late = sim.allBut(sim.electLeader()).get(0);
    sim.crash(late);
    work(sim, "missed", 25);
    List<Integer> both = sim.allBut(late);
    both.forEach(sim::crash);
    both.forEach(sim::restart); // Nothing of it is in memory any more.
    int leader = sim.awaitLeader(both);
    sim.settle(both);
    assertTrue(sim.disk(leader).flipBit(Part.ENTRY));
    sim.restart(late);
    work(sim, "after", 5);
    sim.settle();
    assertNull(sim.halted(leader));
    sim.crash(leader);
    sim.restart(leader); // What nobody wanted to have it finds now.
    sim.settle();
    isMended(sim, leader);
  }

  @Scenario(
      id = {"D9", "P34"},
      value = "a member without its saved record votes for nobody, says so, and follows",
      seeds = 8)
  default void aLostRecordSilencesItsMember(Sim sim) {
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    int third = sim.allBut(leader, victim).get(0);
    work(sim, "before", 5);
    sim.settle();
    sim.crash(leader);
    sim.crash(third);
    spoil(sim, Part.SAVED_RECORD, victim);
    assertNull(sim.halted(victim));
    assertTrue(findings(sim, victim).contains("record of "), findings(sim, victim));
    sim.restart(third);
    sim.runFor(10 * Sim.ELECTION_TIMEOUT_NANOS);
    assertTrue(sim.all().stream().noneMatch(sim::isLeading), "two of three, one of them silent");
    sim.restart(leader);
    work(sim, "after", 5);
    sim.read(victim).awaitCommitted();
    sim.settle();
    assertEquals(sim.applied(leader), sim.applied(victim));
  }

  @Scenario(
      id = {"D8", "D9"},
      value =
          "a group of one has no copy elsewhere: it does not start, and says where the damage is",
      replicas = 1,
      seeds = 4)
  default void aGroupOfOneIsNotMended(Sim sim, long seed) {
    sim.electLeader();
    work(sim, "before", 5);
    spoil(sim, seed % 2 == 0 ? Part.ENTRY : Part.SAVED_RECORD, 1);
    String why = sim.halted(1);
    assertNotNull(why);
    assertTrue(why.contains(".log, offset ") && why.contains("Nobody else holds a copy"), why);
  }

  private static void spoil(Sim sim, Part part, int victim) {
    assertTrue(sim.disk(victim).flipBit(part));
    sim.crash(victim, Survival.SOME);
    sim.restart(victim);
  }

  private static void work(Sim sim, String text, int times) {
    for (int i = 0; i < times; i++) {
      sim.propose(sim.electLeader(), text + i).awaitCommitted();
    }
  }

  /** What it has got is on its disk. */
  private static void isMended(Sim sim, int id) {
    sim.crash(id);
    sim.restart(id);
    assertTrue(!findings(sim, id).contains("damaged"), findings(sim, id));
    sim.settle();
    sim.all().forEach(other -> assertEquals(sim.applied(id), sim.applied(other)));
  }

  private static String findings(Sim sim, int id) {
    return Objects.requireNonNull(sim.status(id)).findings().toString();
  }
}
