package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Backup;
import io.quorate.QuorateException;
import io.quorate.SnapshotInfo;
import io.quorate.spi.Archive;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.function.Executable;

/** What is in a snapshot, who gets one, and what a crash leaves of it. */
interface SnapshotScenarios<M> extends SimulatedProtocol<M> {
  /** So many bytes of entries are a handful of commands. */
  long OFTEN = 1_024;

  @Scenario(
      id = {"N4", "P44"},
      value =
          "the log is given up although a member is away, which gets a snapshot when it is back",
      seeds = 6,
      snapshotBytes = OFTEN)
  default void whoWasAwayGetsASnapshot(Sim sim) {
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    List<String> expected = proposeAt(sim, leader, 60);
    assertTrue(sim.happened(WorldFault.SNAPSHOT_TAKEN) > 2);
    sim.heal();
    sim.settle();
    assertTrue(sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0);
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = {"N1", "N9"},
      value = "a deposed leader drops what the snapshot overtakes, and its calls end",
      seeds = 6,
      snapshotBytes = OFTEN)
  default void aDeposedLeaderIsOvertakenByASnapshot(Sim sim) {
    int old = sim.electLeader();
    sim.isolate(old);
    List<Outcome> left = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      left.add(sim.propose(old, "left" + i));
    }
    int next = sim.awaitLeader(sim.allBut(old));
    List<String> expected = proposeAt(sim, next, 60);
    sim.heal();
    left.forEach(Outcome::awaitEnd);
    sim.settle();
    assertTrue(sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0);
    sim.all().forEach(id -> assertEquals(sim.applied(next), sim.applied(id)));
    assertTrue(sim.applied(old).containsAll(expected));
  }

  @Scenario(
      id = "N3",
      value = "who gets a snapshot of all there is, follows from its end on",
      seeds = 6,
      snapshotBytes = 1)
  default void aSnapshotOfAllThereIsEndsTheProbing(Sim sim) {
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    proposeAt(sim, leader, 20);
    sim.heal();
    sim.settle();
    List<String> more = proposeAt(sim, sim.electLeader(), 3);
    sim.settle();
    assertTrue(sim.applied(away).containsAll(more));
  }

  @Scenario(
      id = "N2",
      value = "whenever the power goes around a snapshot, the log that is left follows on it",
      seeds = 12,
      snapshotBytes = OFTEN)
  default void aCrashAroundASnapshotLeavesNoGap(Sim sim, long seed) {
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      int victim = 1 + round % 3;
      sim.disk(victim).cutPowerInCall(1 + (seed * 7 + round * 5L) % 23, Survival.SOME);
      expected.addAll(proposeAt(sim, 1 + victim % 3, 6));
      sim.disk(victim).mend();
      sim.restart(victim);
      sim.electLeader();
    }
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected.size(), sim.applied(id).size()));
  }

  @Scenario(
      id = "N6",
      value = "who restarts while a snapshot comes goes on with it, and knows nothing of it before",
      seeds = 8,
      snapshotBytes = OFTEN)
  default void aReceiverThatRestartsGoesOn(Sim sim, long seed) {
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    List<String> expected = proposeAt(sim, leader, 60);
    sim.heal();
    for (int i = 0; i < 4; i++) {
      sim.run((int) (20 + 13 * seed));
      sim.crash(away, Survival.SOME);
      sim.restart(away);
    }
    sim.electLeader();
    sim.settle();
    assertEquals(expected, sim.applied(away));
  }

  @Scenario(
      id = {"P37", "A1"},
      value = "a retry is known by the session table of the snapshot, with its first reply",
      seeds = 8,
      snapshotBytes = 1)
  default void theSessionTableIsInTheSnapshot(Sim sim) {
    int leader = sim.electLeader();
    SimClient client = sim.client();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      outcomes.add(client.propose("once" + i));
      sim.runFor(500_000);
    }
    sim.isolate(client); // The replies are lost on the way; what was proposed is applied.
    sim.runFor(Sim.ELECTION_TIMEOUT_NANOS);
    proposeAt(sim, leader, 10);
    sim.all().forEach(sim::crash);
    sim.all().forEach(sim::restart);
    sim.electLeader();
    sim.heal();
    outcomes.forEach(Outcome::awaitCommitted);
    sim.settle();
    assertEquals(20, sim.applied(1).size());
  }

  @Scenario(
      id = "P38",
      value = "what a dead leader left behind stays fenced, also by a fence out of a snapshot",
      seeds = 8,
      snapshotBytes = 1)
  default void theFenceIsInTheSnapshot(Sim sim) {
    int old = sim.electLeader();
    sim.isolate(old);
    sim.propose(old, "ghost");
    sim.runFor(10_000_000);
    sim.crash(old);
    int next = sim.awaitLeader(sim.allBut(old));
    proposeAt(sim, next, 10);
    sim.allBut(old).forEach(sim::crash);
    sim.allBut(old).forEach(sim::restart);
    sim.restart(old);
    sim.heal();
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertTrue(!sim.applied(id).contains("ghost")));
  }

  @Scenario(
      id = "A1",
      value = "a machine that keeps its state goes on from it, and applies nothing twice",
      seeds = 12,
      snapshotBytes = 4 * OFTEN,
      keepBytes = 300)
  default void aKeptStateIsGoneOnFrom(Sim sim, long seed) {
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      int victim = 1 + round % 3;
      sim.disk(victim).cutPowerInCall(1 + (seed * 5 + round * 3L) % 17, Survival.NOTHING);
      expected.addAll(proposeAt(sim, 1 + victim % 3, 6));
      sim.disk(victim).mend();
      sim.restart(victim);
      sim.electLeader();
    }
    sim.all().forEach(sim::crash);
    sim.all().forEach(sim::restart);
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "N7",
      value = "a machine whose store is behind the snapshot, or empty, gets the snapshot",
      seeds = 8,
      snapshotBytes = OFTEN,
      keepBytes = 1)
  default void aStoreBehindTheSnapshotIsRestored(Sim sim, long seed) {
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    List<String> expected = proposeAt(sim, leader, 5);
    sim.settle();
    KeptMachine.Store older =
        seed % 2 == 0 ? new KeptMachine.Store() : sim.disk(victim).kept().copy();
    expected.addAll(proposeAt(sim, leader, 60));
    sim.settle();
    sim.crash(victim);
    sim.disk(victim).putBackKept(older);
    sim.restart(victim);
    expected.addAll(proposeAt(sim, sim.electLeader(), 3));
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "N8",
      value = "what is being applied when a snapshot comes is applied before it, or not at all",
      seeds = 12,
      snapshotBytes = OFTEN)
  default void applyingAndInstallingExcludeEachOther(Sim sim, long seed) {
    List<String> expected = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      int leader = sim.electLeader();
      int away = sim.allBut(leader).get(round % 2);
      sim.isolate(away);
      expected.addAll(proposeAt(sim, leader, round % 2 == 0 ? 4 : 40));
      sim.heal();
      sim.run((int) (10 + 11 * seed + 3L * round));
      expected.addAll(proposeAt(sim, sim.electLeader(), 3));
    }
    sim.electLeader();
    sim.settle();
    assertTrue(sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0);
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "N11",
      value = "a disk with little room has a snapshot taken, however few bytes were written",
      seeds = 4,
      snapshotBytes = 1L << 40)
  default void littleRoomHasASnapshotTaken(Sim sim) {
    int leader = sim.electLeader();
    String large = "x".repeat(2_000);
    List<String> expected = new ArrayList<>();
    sim.all().forEach(id -> sim.disk(id).leave(256 << 10));
    for (int i = 0; i < 400; i++) {
      String text = large + i;
      sim.propose(leader, text).awaitCommitted();
      expected.add(text);
      sim.runFor(50_000_000);
    }
    assertTrue(sim.happened(WorldFault.SNAPSHOT_TAKEN) >= 6);
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "P42",
      value = "who was away gets a snapshot in pieces, over a link that breaks, and slows nobody",
      seeds = 4,
      snapshotBytes = 1L << 40)
  default void aSnapshotComesInPiecesOverALinkThatBreaks(Sim small, long seed) {
    Sim sim = large(seed);
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    List<String> expected = leaveBehind(sim, leader, away);
    // The whole of it takes longer, at this pace, than any connection lives.
    long slowest = 0;
    int cuts = 0;
    while (sim.happened(WorldFault.SNAPSHOT_RECEIVED) == 0 && cuts++ < 40) {
      sim.runFor(1_500_000_000);
      long before = sim.nanos();
      expected.addAll(proposeAt(sim, leader, "z"));
      slowest = Math.max(slowest, sim.nanos() - before);
      sim.partition(List.of(away), sim.allBut(away));
      sim.breakBlocked();
      sim.runFor(50_000_000);
      sim.heal();
    }
    assertTrue(cuts > 1, "it is not there at once: " + cuts);
    assertEquals(1, sim.happened(WorldFault.SNAPSHOT_RECEIVED), sim.counts()::toString);
    assertTrue(slowest < 100_000_000, "a command took " + slowest + " ns meanwhile");
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = {"C26", "P42"},
      value = "a snapshot comes over a connection for bulk that breaks again and again, alone",
      seeds = 8,
      snapshotBytes = 1L << 40)
  default void aSnapshotComesOverABulkConnectionThatBreaks(Sim small, long seed) {
    Sim sim = large(seed);
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    List<String> expected = leaveBehind(sim, leader, away);
    while (sim.happened(WorldFault.SNAPSHOT_RECEIVED) == 0) {
      long broken = sim.happened(WorldFault.BULK_BROKEN);
      assertTrue(broken < 500, "it goes on where it broke off");
      sim.breakBulk(away, 2, 100_000_000); // A break costs a part at most, so two have to come.
      sim.runUntil(
          () ->
              sim.happened(WorldFault.BULK_BROKEN) > broken
                  || sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0,
          "it breaks, or the last part comes");
      assertEquals(leader, sim.electLeader(), "nothing else is lost");
      expected.addAll(proposeAt(sim, leader, "z"));
    }
    sim.keepBulk();
    assertTrue(sim.happened(WorldFault.BULK_BROKEN) > 1, sim.counts()::toString);
    assertEquals(0, sim.happened(WorldFault.CONNECTION_BROKEN), sim.counts()::toString);
    assertEquals(1, sim.happened(WorldFault.SNAPSHOT_RECEIVED), sim.counts()::toString);
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "N10",
      value = "a backup is made while commands go on, and what is made of it is another cluster",
      seeds = 6)
  default void aBackupIsMadeWhileCommandsGoOn(Sim small, long seed) {
    Sim sim = Sim.of(protocol(), witness(), SimPlan.of(3, seed, LargeCounting::new));
    int leader = sim.electLeader();
    SimClient client = sim.client();
    proposeAt(sim, leader, 3);
    CompletableFuture<SnapshotInfo> before = client.snapshot(leader);
    sim.runUntil(before::isDone, "a snapshot is taken");
    assertTrue(before.join().commandIndex() >= 3);
    proposeAt(sim, leader, 40);
    CompletableFuture<SnapshotInfo> backup = client.backup(leader, "backup");
    proposeAt(sim, leader, 20);
    sim.runUntil(backup::isDone, "a backup is made");
    SnapshotInfo held = backup.join();
    assertTrue(held.commandIndex() >= 43, held::toString);
    CompletableFuture<SnapshotInfo> again = client.backup(leader, "backup");
    sim.runUntil(again::isDone, "a second one is refused");
    assertTrue(again.isCompletedExceptionally());
    SimDisk platter = sim.disk(leader).platter();
    Backup made = Backup.at("backup");
    assertEquals(held, made.verify(platter.log(1 << 14)));
    UUID id = new UUID(seed, seed);
    Log empty = beside(platter, new SimDisk(seed));
    SnapshotInfo begins = made.restore(empty, 1, id, 0);
    assertEquals(held.commandIndex() + (1L << 40), begins.commandIndex());
    assertEquals(id.toString(), begins.clusterId());
    assertThrows(QuorateException.class, () -> made.restore(empty, 1, id, 0));
    UUID old = UUID.fromString(held.clusterId());
    assertThrows(
        QuorateException.class, () -> made.restore(beside(platter, new SimDisk(1)), 1, old, 0));
    platter.flipBackup(
        "backup", 200_000 + seed * 300_511, (int) (seed % 8)); // Far behind its head.
    for (Executable use :
        List.<Executable>of(
            () -> made.verify(empty),
            () -> made.restore(beside(platter, new SimDisk(2)), 1, id, 0))) {
      String why = String.valueOf(assertThrows(QuorateException.class, use).getMessage());
      assertTrue(why.contains(".snap, offset "), why);
    }
  }

  /** A log on a disk of its own, which finds the backups of another. */
  private static Log beside(SimDisk backups, SimDisk own) {
    return new Log() {
      @Override
      public LogStore open() {
        return own.log(1 << 14).open();
      }

      @Override
      public Archive archive(String directory, boolean create) {
        return backups.log(1 << 14).archive(directory, create);
      }
    };
  }

  /** One with a prefix. */
  private static List<String> proposeAt(Sim sim, int member, String prefix) {
    String text = prefix + sim.nanos();
    sim.propose(member, text).awaitCommitted();
    return List.of(text);
  }

  @Scenario(
      id = "N10",
      value =
          "a flipped bit of a snapshot is found, and who needs one gets a sound one all the same",
      seeds = 8,
      snapshotBytes = OFTEN)
  default void aFlippedBitOfASnapshotIsFound(Sim sim) {
    int leader = sim.electLeader();
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    List<String> expected = proposeAt(sim, leader, 60);
    assertTrue(sim.disk(leader).flipBit(Part.SNAPSHOT));
    sim.heal();
    sim.runUntil(() -> sim.happened(WorldFault.SNAPSHOT_RECEIVED) > 0, "a snapshot has come");
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  /** Whose snapshots take longer to come than any connection lives. */
  private Sim large(long seed) {
    SimPlan plan = SimPlan.of(3, seed, LargeCounting::new).withSnapshots(100 << 10);
    return Sim.of(protocol(), witness(), plan);
  }

  /** Cuts a member off until what it lacks is in a snapshot only; returns what was proposed. */
  private static List<String> leaveBehind(Sim sim, int leader, int away) {
    sim.isolate(away);
    List<String> proposed = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      proposed.addAll(proposeAt(sim, leader, "y".repeat(8_000)));
    }
    assertTrue(sim.happened(WorldFault.SNAPSHOT_TAKEN) >= 2);
    sim.heal();
    return proposed;
  }

  private static List<String> proposeAt(Sim sim, int member, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = "c" + sim.nanos() + "." + i;
      sim.propose(member, text).awaitCommitted();
      texts.add(text);
    }
    return texts;
  }
}
