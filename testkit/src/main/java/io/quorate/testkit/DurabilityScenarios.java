package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Command;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What outlives power cuts, broken disks and machines, and who may found a group. */
interface DurabilityScenarios<M> extends SimulatedProtocol<M> {
  long MILLIS = 1_000_000;
  long TIMEOUT = Sim.ELECTION_TIMEOUT_NANOS;

  // Power

  @Scenario(
      id = "D3",
      value = "power that goes everywhere takes nothing that was acknowledged",
      seeds = 10)
  default void aPowerCutKeepsWhatWasAcknowledged(Sim sim) {
    int leader = sim.electLeader();
    sim.slowDisks(10 * MILLIS);
    TreeMap<String, Outcome> outcomes = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      outcomes.put("c" + i, sim.propose(leader, "c" + i));
      sim.runFor(MILLIS);
    }
    outcomes.values().removeIf(outcome -> !outcome.isAcknowledged());
    sim.all().forEach(sim::crash);
    sim.all().forEach(sim::restart);
    sim.electLeader();
    sim.settle();
    assertFalse(outcomes.isEmpty());
    sim.all().forEach(id -> assertTrue(sim.applied(id).containsAll(outcomes.keySet())));
  }

  @Scenario(
      id = "D5",
      value = "what a disk had not synced when its power went counts for nothing",
      seeds = 8)
  default void whatWasNotSyncedCountsForNothing(Sim sim, long seed) {
    sim.electLeader();
    sim.slowDisks(30 * MILLIS);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      int leader = sim.electLeader();
      String text = "c" + round;
      Outcome outcome = sim.propose(leader, text);
      sim.runFor(seed * 4 * MILLIS);
      if (outcome.isAcknowledged()) {
        acknowledged.add(text);
      }
      // A majority falls in the middle of its writes, the leader among them, or not.
      List<Integer> victims = round % 2 == 0 ? sim.allBut(leader) : List.of(leader, 1 + leader % 3);
      Survival left = round < 3 ? Survival.NOTHING : Survival.SOME;
      victims.forEach(id -> sim.crash(id, left));
      sim.runFor(TIMEOUT);
      victims.forEach(sim::restart);
    }
    sim.heal();
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertTrue(sim.applied(id).containsAll(acknowledged)));
  }

  @Scenario(
      id = "A1",
      value = "after a restart each command has been applied once, none is left out",
      seeds = 6)
  default void aRestartReplaysEachCommandOnce(Sim sim) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      sim.propose(sim.electLeader(), "c" + i).awaitCommitted();
      expected.add("c" + i);
      int down = 1 + i % 3;
      sim.crash(down, i % 2 == 0 ? Survival.NOTHING : Survival.SOME);
      sim.restart(down);
    }
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Scenario(
      id = "C14",
      value = "all restart again and again under load, and agree in the end",
      seeds = 4)
  default void allRestartAgainAndAgain(Sim sim) {
    for (int round = 0; round < 5; round++) {
      int leader = sim.electLeader();
      for (int i = 0; i < 10; i++) {
        sim.propose(leader, "c" + round + "." + i);
        sim.runFor(MILLIS / 2);
      }
      sim.all().forEach(id -> sim.crash(id, Survival.SOME));
      sim.all().forEach(sim::restart);
    }
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertEquals(sim.applied(1), sim.applied(id)));
  }

  // Disks and machines that fail

  @Scenario(
      id = "R5",
      value = "a leader that cannot write halts, and the place it used is never used otherwise",
      seeds = 6)
  default void aLeaderThatCannotWriteHalts(Sim sim) {
    int leader = sim.electLeader();
    sim.disk(leader).failCall(1);
    Outcome lost = sim.propose(leader, "x");
    sim.runUntil(() -> sim.halted(leader) != null, "the leader halts");
    assertFalse(lost.isAcknowledged());
    int next = sim.awaitLeader(sim.allBut(leader));
    sim.propose(next, "y").awaitCommitted();
    sim.restart(leader);
    sim.settle();
    assertTrue(sim.applied(leader).contains("y"));
  }

  @Scenario(
      id = "D1",
      value = "after a failed sync a replica tells nothing more, until its log is reopened",
      seeds = 10)
  default void aFailedSyncPoisons(Sim sim, long seed) {
    int leader = sim.electLeader();
    sim.settle();
    int victim = seed % 2 == 0 ? leader : sim.allBut(leader).get(0);
    sim.disk(victim).failCall(2); // Behind the write comes its sync.
    Outcome during = sim.propose(leader, "during");
    sim.runUntil(() -> sim.halted(victim) != null, "the replica halts");
    int next = sim.awaitLeader(sim.allBut(victim));
    sim.propose(next, "after").awaitCommitted();
    assertNotNull(sim.halted(victim));
    assertEquals(List.of(), sim.applied(victim));
    sim.restart(victim);
    sim.electLeader();
    sim.settle();
    assertTrue(during.isAcknowledged() || victim == leader);
    assertTrue(sim.applied(victim).contains("after"));
  }

  @Scenario(
      id = "D12",
      value = "a member on an old backup of its disk halts before anybody hears it",
      seeds = 10)
  default void anOldBackupIsFound(Sim sim, long seed) {
    int leader = sim.electLeader();
    int victim = seed % 2 == 0 ? leader : sim.allBut(leader).get(0);
    sim.disk(victim).backUp();
    for (int i = 0; i < 10; i++) {
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    sim.settle();
    sim.disk(victim).restoreBackup();
    for (int start = 0; start < 2; start++) {
      sim.restart(victim);
      sim.runUntil(() -> sim.halted(victim) != null, "it halts");
      assertTrue(String.valueOf(sim.halted(victim)).contains("QRT-104: "), sim.halted(victim));
    }
    int next = sim.awaitLeader(sim.allBut(victim));
    sim.propose(next, "goes on").awaitCommitted();
    assertEquals(List.of(), sim.applied(victim));
  }

  @Scenario(
      id = "A2",
      value = "a state machine that throws halts its replica, which does not go on")
  default void aFailureOfTheStateMachineHalts(long seed) {
    int[] starts = {0};
    Sim sim = Sim.of(protocol(), witness(), 3, seed, () -> new Fragile(++starts[0] == 2));
    sim.letMachineFail(2);
    int leader = sim.electLeader();
    sim.settle();
    sim.propose(leader, "bad"); // The first: a simulation may go on with a copy of a machine.
    sim.propose(leader, "after");
    sim.runUntil(() -> sim.halted(2) != null, "member 2 halts");
    assertTrue(String.valueOf(sim.halted(2)).contains("the state machine failed on command 1"));
    sim.propose(sim.awaitLeader(List.of(1, 3)), "goes on").awaitCommitted();
    assertEquals(List.of(), sim.applied(2));
    sim.restart(2); // With a machine that is corrected.
    sim.electLeader();
    sim.settle();
    assertEquals(List.of("bad", "after", "goes on"), sim.applied(2));
  }

  /** Throws what is no answer, unless it is corrected. */
  record Fragile(boolean broken) implements StateMachine {
    @Override
    public byte[] apply(Command command) {
      if (broken && command.index() == 1) {
        throw new IllegalStateException("cannot do that");
      }
      return command.bytes();
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }

  // Formation

  @Scenario(
      formed = false,
      id = "C15",
      value = "a group is founded by all of its members, not by two of three")
  default void aGroupIsFoundedByAll(Sim sim) {
    sim.crash(3);
    Outcome early = sim.propose(1, "early");
    sim.runFor(20 * TIMEOUT);
    assertEquals(0, sim.leaderAmong(List.of(1, 2)));
    assertTrue(early.isRefused(), () -> String.valueOf(early));
    sim.restart(3);
    sim.propose(sim.electLeader(), "x").awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("x"), sim.applied(id)));
  }

  @Scenario(
      formed = false,
      id = "C15",
      value = "a group forms although its members lose their power meanwhile",
      seeds = 10)
  default void aGroupFormsThroughPowerCuts(Sim sim, long seed) {
    sim.slowDisks(20 * MILLIS);
    for (int i = 0; i < 12; i++) {
      sim.runFor((1 + (seed + i) % 7) * TIMEOUT / 10);
      int victim = 1 + (int) (seed + i) % 3;
      sim.crash(victim, List.of(Survival.values()).get(i % 3));
      sim.restart(victim);
    }
    sim.heal();
    sim.propose(sim.electLeader(), "x").awaitCommitted();
    sim.settle();
  }

  @Scenario(id = "C16", value = "two wiped disks of three cannot found the group anew")
  default void twoWipedDisksFoundNothing(Sim sim) {
    sim.propose(sim.electLeader(), "first").awaitCommitted();
    sim.settle();
    sim.crash(3);
    List.of(1, 2).forEach(id -> sim.disk(id).wipe());
    List.of(1, 2).forEach(sim::restart);
    sim.runFor(20 * TIMEOUT);
    assertEquals(0, sim.leaderAmong(List.of(1, 2)));
    sim.restart(3);
    sim.runFor(20 * TIMEOUT);
    sim.all().forEach(id -> assertFalse(sim.isLeading(id)));
    assertEquals(List.of(), sim.applied(1));
    assertEquals(List.of(), sim.applied(2));
  }

  @Scenario(id = "C16", value = "one wiped replica is refused by name, and the other two go on")
  default void oneWipedReplicaIsRefused(Sim sim) {
    sim.propose(sim.electLeader(), "first").awaitCommitted();
    sim.settle();
    sim.disk(3).wipe();
    sim.restart(3);
    sim.runFor(2 * TIMEOUT);
    int leader = sim.awaitLeader(List.of(1, 2));
    sim.propose(leader, "goes on").awaitCommitted();
    assertEquals(List.of(), sim.applied(3));
    Status status = sim.status(3);
    assertNotNull(status);
    assertTrue(
        status.findings().stream().anyMatch(finding -> finding.contains("wiped or replaced")),
        () -> String.valueOf(status.findings()));
  }
}
