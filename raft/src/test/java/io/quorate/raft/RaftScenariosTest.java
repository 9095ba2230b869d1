package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Command;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Sim;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios of whole replicas, by their ids in docs/scenarios.md. The simulator adds its rules. */
class RaftScenariosTest {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  private static Sim sim(int replicas, long seed) {
    return Sim.of(Raft.protocol(), new RaftWitness(), replicas, seed);
  }

  private static Sim formed(int replicas, long seed) {
    Sim sim = sim(replicas, seed);
    int leader = sim.electLeader();
    sim.propose(leader, "first").awaitCommitted();
    sim.settle();
    return sim;
  }

  private static int another(Sim sim, int id) {
    return sim.allBut(id).get(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("E1: whoever cannot save its vote halts, and grants nothing")
  void aVoteThatIsNotSavedIsNotGranted(long seed) {
    Sim sim = formed(3, seed);
    int leader = sim.electLeader();
    for (int voter : sim.allBut(leader)) {
      sim.disk(voter).failCall(1);
    }
    sim.crash(leader);
    sim.runFor(5 * TIMEOUT);
    // Each had to save a term and a vote first; the witness has seen no grant that is not durable.
    assertEquals(0, sim.leaderAmong(sim.all()));
    assertTrue(sim.allBut(leader).stream().anyMatch(voter -> sim.halted(voter) != null));
    sim.heal();
    sim.all().forEach(sim::restart);
    sim.electLeader();
    sim.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName(
      "E2: a candidate that crashes while it asks for votes votes for no other in that term")
  void aCandidateThatCrashesKeepsItsVote(long seed) {
    Sim sim = formed(3, seed);
    int old = sim.electLeader();
    sim.slowDisks(20 * MILLIS);
    sim.crash(old);
    List<Integer> rest = sim.allBut(old);
    // ElectionSafety and DurableBeforeTestimony watch; crash whoever stands, as often as it stands.
    for (int i = 0; i < 6; i++) {
      sim.runUntil(
          () -> rest.stream().anyMatch(id -> isRole(sim, id, "candidate")), "somebody stands");
      int candidate = rest.stream().filter(id -> isRole(sim, id, "candidate")).findFirst().get();
      sim.runFor((i + seed) * 3 * MILLIS);
      sim.crash(candidate);
      sim.restart(candidate);
    }
    sim.heal();
    sim.restart(old);
    sim.electLeader();
    sim.settle();
  }

  private static boolean isRole(Sim sim, int id, String role) {
    Status status = sim.status(id);
    return status != null && status.role().equals(role);
  }

  @Test
  @DisplayName("E15: a bridge that still hears the old leader does not keep the others from one")
  void aBridgeDoesNotBlockTheConnectedQuorum() {
    Sim sim = formed(5, 15);
    int old = sim.electLeader();
    List<Integer> others = sim.allBut(old);
    int bridge = others.get(0);
    // The old leader reaches the bridge alone; the bridge and the other three reach each other.
    sim.partition(List.of(old), sim.allBut(old, bridge));
    sim.runUntil(
        () ->
            others.stream().anyMatch(id -> id != bridge && sim.isLeading(id))
                || sim.isLeading(bridge),
        "the connected quorum has a leader");
    int next = sim.awaitLeader(others);
    assertNotEquals(old, next);
    sim.propose(next, "goes on").awaitCommitted();
    sim.heal();
    sim.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  @DisplayName("R1: an entry of an older term is not committed by counting its copies")
  void anOldTermIsNotCommittedByCounting(long seed) {
    Sim sim = formed(3, seed);
    int first = sim.electLeader();
    sim.isolate(first);
    sim.propose(first, "old");
    sim.runFor(20 * MILLIS);
    // Another leads, and its first entry stays alone with it.
    List<Integer> rest = sim.allBut(first);
    sim.runUntil(() -> rest.stream().anyMatch(sim::isLeading), "another leads");
    int second = rest.stream().filter(sim::isLeading).findFirst().get();
    sim.isolate(second);
    sim.runFor(2 * TIMEOUT);
    // The first leads again, with a slow disk; whatever it commits must outlive the second.
    sim.heal();
    sim.isolate(second);
    sim.slowDisks(50 * MILLIS);
    sim.awaitLeader(sim.allBut(second));
    sim.runFor(100 * MILLIS);
    sim.crash(first);
    sim.heal();
    sim.restart(first);
    sim.electLeader();
    sim.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  @DisplayName(
      "R5: a leader that cannot write halts, and the place it used is never used otherwise")
  void aLeaderThatCannotWriteHalts(long seed) {
    Sim sim = formed(3, seed);
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

  @Test
  @DisplayName("R15: nobody applies past the commit index, whoever it follows")
  void nobodyAppliesWhatIsNotCommitted() {
    Sim sim = formed(3, 15);
    int old = sim.electLeader();
    int fast = another(sim, old);
    int third = sim.allBut(old, fast).get(0);
    // The follower has the entries, but neither it nor the leader hears that they are committed.
    sim.oneWay(List.of(fast), List.of(old));
    sim.partition(List.of(third), List.of(old, fast));
    sim.propose(old, "not yet");
    sim.runFor(50 * MILLIS);
    assertFalse(sim.applied(fast).contains("not yet"));
    assertFalse(sim.applied(old).contains("not yet"));
    sim.heal();
    sim.settle();
    sim.all().forEach(id -> assertEquals(sim.applied(old), sim.applied(id)));
  }

  @Test
  @DisplayName("R16: a deposed leader loses what it never committed")
  void aDeposedLeaderLosesWhatItNeverCommitted() {
    Sim sim = formed(3, 16);
    int old = sim.electLeader();
    sim.isolate(old);
    Outcome lost = sim.propose(old, "x=1");
    int next = sim.awaitLeader(sim.allBut(old));
    sim.propose(next, "x=2").awaitCommitted();
    assertTrue(lost.isUnknownOrRefused());
    // Its process dies before it can propose the command again under its session.
    sim.crash(old);
    sim.heal();
    sim.restart(old);
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("first", "x=2"), sim.applied(id)));
  }

  @Test
  @DisplayName("R16: what a deposed leader still wants is proposed again, once, in its session")
  void aDeposedLeaderProposesAgainInItsSession() {
    Sim sim = formed(3, 17);
    int old = sim.electLeader();
    sim.isolate(old);
    Outcome late = sim.propose(old, "x=1");
    int next = sim.awaitLeader(sim.allBut(old));
    sim.propose(next, "x=2").awaitCommitted();
    sim.heal();
    late.awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("first", "x=2", "x=1"), sim.applied(id)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  @DisplayName("A1: after a restart each command has been applied once, none is left out")
  void aRestartReplaysEachCommandOnce(long seed) {
    Sim sim = formed(3, seed);
    List<String> expected = new ArrayList<>(List.of("first"));
    for (int i = 0; i < 30; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "c" + i).awaitCommitted();
      expected.add("c" + i);
      int down = 1 + i % 3;
      sim.crash(down, i % 2 == 0 ? Survival.NOTHING : Survival.SOME);
      sim.restart(down);
    }
    sim.electLeader();
    sim.settle();
    sim.all().forEach(id -> assertEquals(expected, sim.applied(id)));
  }

  @Test
  @DisplayName("A2: a state machine that throws halts its replica, which does not go on")
  void aFailureOfTheStateMachineHalts() {
    int[] starts = {0};
    Supplier<StateMachine> machines = () -> new Fragile(++starts[0] == 2);
    Sim sim = Sim.of(Raft.protocol(), new RaftWitness(), 3, 2, machines);
    sim.letMachineFail(2);
    int leader = sim.awaitLeader(sim.all());
    sim.propose(leader, "good");
    sim.propose(leader, "bad");
    sim.propose(leader, "after");
    sim.runUntil(() -> sim.halted(2) != null, "member 2 halts");
    assertTrue(String.valueOf(sim.halted(2)).contains("the state machine failed on command 2"));
    sim.propose(sim.awaitLeader(List.of(1, 3)), "goes on").awaitCommitted();
    assertEquals(List.of("good"), sim.applied(2));
    sim.restart(2); // With a machine that is corrected.
    sim.electLeader();
    sim.settle();
    assertEquals(List.of("good", "bad", "after", "goes on"), sim.applied(2));
  }

  /** Throws what is no answer, unless it is corrected. */
  private record Fragile(boolean broken) implements StateMachine {
    @Override
    public byte[] apply(Command command) {
      if (broken && command.index() == 2) {
        throw new IllegalStateException("cannot do that");
      }
      return command.bytes();
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }

  @Test
  @DisplayName("A3: every call ends, in a reply or in what may be assumed")
  void everyCallEnds() {
    Sim sim = formed(3, 3);
    int old = sim.electLeader();
    Outcome asked = sim.propose(another(sim, old), "asked");
    sim.allBut(old).forEach(sim::crash);
    Outcome proposed = sim.propose(old, "proposed");
    sim.runUntil(() -> !proposed.isPending(), "the leader's own call ends");
    assertTrue(proposed.isUnknown(), () -> String.valueOf(proposed));
    Outcome never = sim.propose(old, "never");
    sim.runUntil(() -> !never.isPending(), "a call without a leader ends");
    assertTrue(never.isRefused(), () -> String.valueOf(never));
    assertTrue(asked.isUnknown());
    sim.allBut(old).forEach(sim::restart);
    sim.electLeader();
    sim.settle();
    assertFalse(sim.applied(old).contains("never"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  @DisplayName("D1: after a failed sync nothing is reported as durable until the log is reopened")
  void aFailedSyncPoisons(long seed) {
    Sim sim = formed(3, seed);
    int leader = sim.electLeader();
    int victim = seed % 2 == 0 ? leader : another(sim, leader);
    sim.disk(victim).failCall(2); // Behind the write comes its sync.
    sim.propose(leader, "during");
    sim.runUntil(() -> sim.halted(victim) != null, "the replica halts");
    sim.awaitLeader(sim.allBut(victim));
    sim.runFor(TIMEOUT);
    sim.restart(victim);
    sim.electLeader();
    sim.settle();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  @DisplayName("D3: power that goes everywhere takes nothing that was acknowledged")
  void aPowerCutKeepsWhatWasAcknowledged(long seed) {
    Sim sim = formed(3, seed);
    int leader = sim.electLeader();
    sim.slowDisks(10 * MILLIS);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      outcomes.add(sim.propose(leader, "c" + i));
      sim.runFor(MILLIS);
    }
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      if (outcomes.get(i).isAcknowledged()) {
        acknowledged.add("c" + i);
      }
    }
    sim.all().forEach(sim::crash);
    sim.all().forEach(sim::restart);
    sim.electLeader();
    sim.settle();
    assertFalse(acknowledged.isEmpty());
    sim.all().forEach(id -> assertTrue(sim.applied(id).containsAll(acknowledged)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  @DisplayName("D11: a vote compares what is written; a late sync brings no acknowledgement")
  void aVoteComparesWhatIsWritten(long seed) {
    Sim sim = formed(3, seed);
    int leader = sim.electLeader();
    int voter = another(sim, leader);
    int lacking = sim.allBut(leader, voter).get(0);
    sim.oneWay(List.of(leader), List.of(lacking));
    sim.slowDisks(60 * MILLIS);
    Outcome written = sim.propose(leader, "written");
    sim.runFor(seed * 2 * MILLIS);
    sim.crash(leader);
    // The voter has written the entry, and syncs it while it is asked for its vote.
    sim.runFor(5 * TIMEOUT);
    assertFalse(written.isPending());
    sim.heal();
    sim.restart(leader);
    sim.electLeader();
    sim.settle();
  }

  @Test
  @DisplayName("Q1: a new leader answers no read before it has committed in its term")
  void aNewLeaderReadsOnlyAfterItsFirstCommit() {
    Sim sim = formed(5, 1);
    for (int i = 0; i < 10; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "c" + i).awaitCommitted();
      sim.crash(leader);
      List<Integer> rest = sim.allBut(leader);
      sim.runUntil(() -> rest.stream().anyMatch(sim::isLeading), "another leads");
      int next = rest.stream().filter(sim::isLeading).findFirst().get();
      Outcome read = sim.read(next);
      read.awaitCommitted();
      assertTrue(read.index() >= i + 2, () -> String.valueOf(read.index()));
      sim.restart(leader);
    }
  }

  @Test
  @DisplayName("Q3: a restarted replica answers no read from a state that is older")
  void aRestartedReplicaReadsNothingOld() {
    Sim sim = formed(3, 3);
    for (int i = 0; i < 9; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "c" + i).awaitCommitted();
      int down = 1 + i % 3;
      sim.crash(down);
      sim.restart(down);
      Outcome read = sim.read(down);
      assertTrue(read.awaitCommitted().index() >= i + 2, () -> String.valueOf(read.index()));
    }
  }

  @Test
  @DisplayName("Formation: two wiped of three cannot found the group anew")
  void twoWipedDisksFoundNothing() {
    Sim sim = formed(3, 21);
    sim.settle();
    sim.crash(3);
    sim.disk(1).wipe();
    sim.disk(2).wipe();
    sim.restart(1);
    sim.restart(2);
    sim.runFor(20 * TIMEOUT);
    assertEquals(0, sim.leaderAmong(List.of(1, 2)));
    sim.restart(3);
    sim.runFor(20 * TIMEOUT);
    sim.all().forEach(id -> assertFalse(sim.isLeading(id)));
    assertEquals(List.of(), sim.applied(1));
    assertEquals(List.of(), sim.applied(2));
  }

  @Test
  @DisplayName("Formation: one wiped replica is refused by name, and the other two go on")
  void oneWipedReplicaIsRefused() {
    Sim sim = formed(3, 22);
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
