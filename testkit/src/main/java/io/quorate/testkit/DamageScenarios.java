package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.SnapshotInfo;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

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

  @Scenario(
      id = {"C25", "D8"},
      value = "a replica whose newest snapshot is damaged starts, says so, and gets another one",
      seeds = 12,
      snapshotBytes = 2048)
  default void aReplicaWithADamagedSnapshotGetsAnother(Sim small, long seed) {
    SimPlan large = SimPlan.of(3, seed, LargeCounting::new).withSnapshots(2048);
    Sim sim = seed % 2 == 0 ? small : Sim.of(protocol(), witness(), large);
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    work(sim, "before", 90);
    sim.settle();
    spoil(sim, Part.SNAPSHOT, victim);
    assertNull(sim.halted(victim));
    assertTrue(findings(sim, victim).contains(".snap, offset "), findings(sim, victim));
    work(sim, "after", 5);
    sim.settle();
    assertTrue(sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0, sim.counts()::toString);
    isMended(sim, victim);
  }

  @Scenario(
      id = {"C25", "D8"},
      value = "a replica without its snapshot is no part of a quorum before it has another one",
      seeds = 8,
      snapshotBytes = 2048)
  default void aReplicaWithoutItsSnapshotIsMute(Sim sim) {
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    int third = sim.allBut(leader, victim).get(0);
    work(sim, "before", 90);
    sim.settle();
    sim.crash(third);
    sim.crash(leader);
    spoil(sim, Part.SNAPSHOT, victim);
    sim.runFor(3 * Sim.ELECTION_TIMEOUT_NANOS);
    assertNull(sim.halted(victim));
    assertEquals("mute", Objects.requireNonNull(sim.status(victim)).role());
    sim.restart(third); // It has no quorum without the victim, and a snapshot for it all the same.
    work(sim, "after", 5);
    sim.restart(leader);
    sim.settle();
    isMended(sim, victim);
  }

  @Scenario(
      id = {"C25", "D8"},
      value = "a member whose own snapshot is older than what is lacked takes another one",
      seeds = 8,
      snapshotBytes = 1L << 40)
  default void aSnapshotIsTakenForWhoLacksOne(Sim sim) {
    int leader = sim.electLeader();
    SimClient client = sim.client();
    for (String round : List.of("first", "second", "third")) {
      work(sim, round, 5);
      CompletableFuture<SnapshotInfo> taken = client.snapshot(leader);
      sim.runUntil(taken::isDone, "a snapshot is taken");
      assertTrue(taken.join().commandIndex() > 0);
    }
    sim.settle();
    spoil(sim, Part.SNAPSHOT, leader); // Nobody else has any.
    assertNull(sim.halted(leader));
    work(sim, "after", 5);
    sim.settle();
    assertTrue(sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0, sim.counts()::toString);
    isMended(sim, leader);
  }

  @Scenario(
      id = {"C25", "D8"},
      value = "a damaged snapshot is not needed where the log holds all, also in a group of one",
      replicas = 1,
      seeds = 8,
      snapshotBytes = 1L << 40)
  default void aGroupOfOneWithItsWholeLogNeedsNoSnapshot(Sim sim, long seed) {
    int self = sim.electLeader();
    SimClient client = sim.client();
    boolean isReleased = seed % 2 == 0;
    for (int round = 0; round <= (isReleased ? 1 : 0); round++) {
      work(sim, "before" + round, 5);
      CompletableFuture<SnapshotInfo> taken = client.snapshot(self);
      sim.runUntil(taken::isDone, "a snapshot is taken");
    }
    work(sim, "behind", 3);
    sim.settle();
    List<String> expected = sim.applied(self);
    spoil(sim, Part.SNAPSHOT, self);
    String why = sim.halted(self);
    if (isReleased) {
      assertNotNull(why);
      assertTrue(why.contains(".snap, offset ") && why.contains("Nobody else holds a copy"), why);
    } else {
      assertNull(why);
      work(sim, "after", 1);
      assertEquals(expected, sim.applied(self).subList(0, expected.size()));
    }
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
