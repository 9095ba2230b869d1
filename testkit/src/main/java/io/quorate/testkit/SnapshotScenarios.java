package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.List;

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
