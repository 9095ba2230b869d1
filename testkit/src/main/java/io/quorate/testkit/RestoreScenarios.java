package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.SnapshotInfo;
import io.quorate.Status;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A cluster that goes on from the backup of another one. */
interface RestoreScenarios<M> extends SimulatedProtocol<M> {
  /** By how much a restored cluster's command indexes are above those of the backup. */
  long RAISED_BY = 1L << 40;

  @Scenario(
      id = "C24",
      value = "what is restored from a backup has its commands, sessions and time, and goes on",
      seeds = 8)
  default void aRestoredClusterGoesOn(Sim plain, long seed) {
    Sim sim = seed % 2 == 0 ? plain : Sim.of(protocol(), witness(), kept(seed));
    int leader = sim.electLeader();
    SimClient client = sim.client();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = "before " + i;
      (i % 2 == 0 ? client.propose(text) : sim.propose(leader, text)).awaitCommitted();
      expected.add(text);
    }
    sim.settle();
    assertEquals(20, backup(sim, client, leader).commandIndex());
    assertEquals(2, sessions(sim, leader));
    client.propose("behind the backup").awaitCommitted();

    Sim other = sim.restored(leader, "backup", seed + 100);
    other.run((int) (seed * 23));
    other.all().forEach(other::crash); // Founded or not.
    other.all().forEach(other::restart);
    other.electLeader();
    Outcome first = other.client().propose("first").awaitCommitted();
    assertEquals(20 + RAISED_BY + 1, first.index());
    expected.add("first");
    int deposed = other.electLeader();
    assertEquals(3, sessions(other, deposed));
    other.isolate(deposed);
    int next = other.awaitLeader(other.allBut(deposed));
    assertEquals(first.index() + 1, other.propose(next, "second").awaitCommitted().index());
    expected.add("second");
    other.heal();
    other.settle();
    other.crash(deposed);
    other.restart(deposed);
    other.settle();
    other.all().forEach(id -> assertEquals(expected, other.applied(id)));
    other.replay();
  }

  @Scenario(
      id = "D7",
      value = "a restored cluster removes nothing that it has committed, and what it has not",
      seeds = 8)
  default void aRestoredClusterRemovesNothingCommitted(Sim sim, long seed) {
    List<String> expected = new ArrayList<>();
    int leader = sim.electLeader();
    for (int i = 0; i < 10; i++) {
      sim.propose(leader, "before " + i).awaitCommitted();
      expected.add("before " + i);
    }
    backup(sim, sim.client(), leader);

    Sim other = sim.restored(leader, "backup", seed + 100);
    int deposed = other.electLeader();
    other.propose(deposed, "kept").awaitCommitted();
    expected.add("kept");
    other.isolate(deposed);
    for (int i = 0; i < 5; i++) {
      other.propose(deposed, "lost " + i);
    }
    int next = other.awaitLeader(other.allBut(deposed));
    other.propose(next, "instead").awaitCommitted();
    expected.add("instead");
    other.all().forEach(other::crash);
    other.heal();
    other.all().forEach(other::restart);
    other.electLeader();
    other.settle();
    other.all().forEach(id -> assertEquals(expected, other.applied(id)));
    other.replay();
  }

  @Scenario(
      id = {"C15", "C24"},
      value = "a member that gets the founding entry with a snapshot only has been founded as well",
      seeds = 8)
  default void aSnapshotBringsTheFoundingEntry(Sim sim, long seed) {
    int leader = sim.electLeader();
    sim.propose(leader, "before").awaitCommitted();
    backup(sim, sim.client(), leader);

    Sim other = sim.restored(leader, "backup", seed + 100);
    other.runUntil(() -> late(other) != 0, "a follower has the founding entry in memory");
    int late = late(other);
    other.crash(late, Survival.NOTHING);
    other.runFor(3 * Sim.ELECTION_TIMEOUT_NANOS); // The others give up their logs to a snapshot.
    other.restart(late);
    other.propose(other.electLeader(), "first").awaitCommitted();
    assertTrue(other.happened(WorldFault.SNAPSHOT_RECEIVED) > 0, other.counts()::toString);
    for (int away : other.all()) {
      other.isolate(away);
      List<Integer> both = other.allBut(away);
      other.propose(other.awaitLeader(both), "without " + away).awaitCommitted();
      other.heal();
      other.settle();
    }
    other.replay();
  }

  /** A follower that has written something, of which nothing is durable; 0 if there is none. */
  private static int late(Sim sim) {
    for (int id : sim.all()) {
      Status status = sim.status(id);
      if (status != null
          && !status.role().equals("leader")
          && status.lastEntry() > 0
          && status.durableEntry() == 0) {
        return id;
      }
    }
    return 0;
  }

  private static SnapshotInfo backup(Sim sim, SimClient client, int leader) {
    CompletableFuture<SnapshotInfo> backup = client.backup(leader, "backup");
    sim.runUntil(backup::isDone, "a backup is made");
    return backup.join();
  }

  private static SimPlan kept(long seed) {
    return SimPlan.of(3, seed, Counting::new).withKept(1).withSnapshots(4096);
  }

  private static int sessions(Sim sim, int member) {
    return Objects.requireNonNull(sim.status(member)).sessions();
  }
}
