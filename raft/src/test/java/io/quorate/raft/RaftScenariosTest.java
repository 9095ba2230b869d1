package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Status;
import io.quorate.spi.Protocol;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Scenario;
import io.quorate.testkit.Sim;
import io.quorate.testkit.SimulatedProtocol;
import io.quorate.testkit.Witness;
import java.util.List;

/** Scenarios of whole replicas that know what a term and a vote is. */
class RaftScenariosTest implements SimulatedProtocol<RaftMessage> {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  @Override
  public Protocol<RaftMessage> protocol() {
    return Raft.protocol();
  }

  @Override
  public Witness<RaftMessage> witness() {
    return new RaftWitness();
  }

  @Scenario(
      id = "E1",
      value = "whoever cannot save its vote halts, and the candidate never has it",
      seeds = 10)
  void aVoteThatIsNotSavedIsNotGranted(Sim sim, long seed) {
    int leader = sim.electLeader();
    long term = term(sim, leader);
    List<Integer> rest = sim.allBut(leader);
    sim.crash(leader);
    sim.runUntil(() -> rest.stream().anyMatch(id -> term(sim, id) > term), "somebody stands");
    int candidate = rest.stream().filter(id -> term(sim, id) > term).findFirst().orElseThrow();
    int voter = sim.allBut(leader, candidate).get(0);
    assertEquals(term, term(sim, voter), "it was not asked yet");
    sim.disk(voter).failCall(1 + seed % 2); // The next write is that of its vote; then its sync.
    sim.runUntil(() -> sim.halted(voter) != null, "the voter halts");
    sim.runFor(5 * TIMEOUT);
    assertFalse(sim.isLeading(candidate), "it lacks one vote");
    sim.restart(voter);
    sim.restart(leader);
    sim.electLeader();
    sim.settle();
  }

  @Scenario(
      id = "E2",
      value = "a candidate that loses its power gives its vote of that term to no other",
      seeds = 12)
  void aCandidateThatCrashesKeepsItsVote(Sim sim, long seed) {
    int old = sim.electLeader();
    long term = term(sim, old);
    List<Integer> rest = sim.allBut(old);
    sim.slowDisks(40 * MILLIS);
    sim.isolate(old);
    sim.runUntil(() -> rest.stream().anyMatch(id -> term(sim, id) > term), "somebody stands");
    int candidate = rest.stream().filter(id -> term(sim, id) > term).findFirst().orElseThrow();
    sim.runFor(seed * 10 * MILLIS); // By then it saves its vote, asks for votes, or leads.
    sim.crash(candidate);
    // The one that stands next has not heard of that term, and needs this vote.
    int voter = sim.allBut(old, candidate).get(0);
    sim.heal();
    sim.isolate(voter);
    sim.restart(candidate);
    sim.awaitLeader(List.of(old, candidate)); // ElectionSafety knows who has led that term.
    sim.heal();
    sim.settle();
  }

  @Scenario(id = "E18", value = "a leader that restarts does not go on in its term", seeds = 5)
  void aLeaderThatRestartsNeedsANewTerm(Sim sim) {
    int leader = sim.electLeader();
    long term = term(sim, leader);
    sim.slowDisks(50 * MILLIS);
    Outcome unflushed = sim.propose(leader, "unflushed");
    sim.runFor(2 * MILLIS);
    sim.crash(leader);
    sim.restart(leader);
    assertFalse(sim.isLeading(leader));
    sim.heal();
    int next = sim.electLeader();
    assertTrue(term(sim, next) > term);
    sim.propose(next, "goes on").awaitCommitted();
    assertTrue(unflushed.isUnknown());
    sim.settle();
  }

  @Scenario(
      id = "E20",
      value = "a leader that was away disturbs its successor at most once",
      seeds = 5)
  void aReturningLeaderIsQuiet(Sim sim) {
    int old = sim.electLeader();
    sim.isolate(old);
    int next = sim.awaitLeader(sim.allBut(old));
    long term = term(sim, next);
    sim.crash(old);
    sim.heal();
    sim.restart(old);
    for (int i = 0; i < 10; i++) {
      sim.runFor(TIMEOUT);
      sim.propose(sim.electLeader(), "c" + i).awaitCommitted();
    }
    assertTrue(term(sim, sim.electLeader()) <= term + 1);
  }

  @Scenario(
      id = "R1",
      value = "an entry of an older term is not committed by counting its copies",
      seeds = 12)
  void anOldTermIsNotCommittedByCounting(Sim sim) {
    int first = sim.electLeader();
    sim.isolate(first);
    sim.propose(first, "old");
    sim.runFor(20 * MILLIS);
    // Another leads, and its first entry stays alone with it.
    List<Integer> rest = sim.allBut(first);
    sim.runUntil(() -> rest.stream().anyMatch(sim::isLeading), "another leads");
    int second = rest.stream().filter(sim::isLeading).findFirst().orElseThrow();
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

  @Scenario(
      id = "R15",
      value = "nobody applies past the commit index, whoever it follows",
      seeds = 5)
  void nobodyAppliesWhatIsNotCommitted(Sim sim) {
    int old = sim.electLeader();
    int fast = sim.allBut(old).get(0);
    int third = sim.allBut(old, fast).get(0);
    // The follower has the entries, but neither it nor the leader hears that they are committed.
    sim.oneWay(List.of(fast), List.of(old));
    sim.partition(List.of(third), List.of(old, fast));
    sim.propose(old, "not yet");
    sim.runFor(50 * MILLIS);
    Status status = sim.status(fast);
    assertNotNull(status);
    assertTrue(status.durableEntry() > status.committedEntry());
    assertEquals(List.of(), sim.applied(fast));
    assertEquals(List.of(), sim.applied(old));
    sim.heal();
    sim.settle();
    sim.all().forEach(id -> assertEquals(sim.applied(old), sim.applied(id)));
  }

  /** What Multi-Paxos does there tells {@code PaxosScenariosTest}. */
  @Scenario(
      id = "P22",
      value = "the only one that reaches a quorum is elected by nobody if it holds least",
      replicas = 5,
      seeds = 5)
  void theOneWithTheOldestLogIsRefused(Sim sim) {
    int old = sim.electLeader();
    int hub = sim.allBut(old).get(0);
    sim.isolate(hub);
    sim.propose(old, "the others hold it").awaitCommitted();
    sim.settle(sim.allBut(hub));
    sim.crash(old); // Else it would bring up the hub, as long as it leads.
    sim.heal();
    for (int leaf : sim.allBut(hub)) {
      sim.partition(List.of(leaf), sim.allBut(hub, leaf));
    }
    sim.runFor(10 * TIMEOUT);
    assertTrue(sim.all().stream().noneMatch(sim::isLeading));
    sim.heal();
    sim.restart(old);
    sim.propose(sim.electLeader(), "goes on").awaitCommitted();
    sim.settle();
  }

  @Scenario(
      id = "R8",
      value = "an idle group brings up a follower that lost the end of its log",
      seeds = 5)
  void anIdleGroupBringsUpAFollower(Sim sim) {
    int leader = sim.electLeader();
    int follower = sim.allBut(leader).get(0);
    sim.crash(follower);
    for (int i = 0; i < 20; i++) {
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    sim.restart(follower);
    sim.settle(); // Nothing is proposed any more: heartbeats alone find it out.
    assertEquals(20, sim.applied(follower).size());
  }

  private static long term(Sim sim, int id) {
    Status status = sim.status(id);
    return status == null ? 0 : Long.parseLong(status.stamp());
  }
}
