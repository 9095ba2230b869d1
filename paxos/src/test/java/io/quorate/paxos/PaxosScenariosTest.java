package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Status;
import io.quorate.spi.Protocol;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Scenario;
import io.quorate.testkit.Sim;
import io.quorate.testkit.SimulatedProtocol;
import io.quorate.testkit.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Scenarios of whole replicas that know what a ballot is, or that only Paxos holds. */
class PaxosScenariosTest implements SimulatedProtocol<PaxosMessage> {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  @Override
  public Protocol<PaxosMessage> protocol() {
    return MultiPaxos.protocol();
  }

  @Override
  public Witness<PaxosMessage> witness() {
    return new PaxosWitness();
  }

  // ---- elections ----

  @Scenario(
      id = "P1",
      value = "proposers that hear of each other late back off, and one leads before long",
      replicas = 5,
      seeds = 20)
  void duelsEnd(Sim sim, long seed) {
    int old = sim.electLeader();
    long before = round(sim, old);
    List<Integer> rest = sim.allBut(old);
    sim.slowLink(rest, rest, (20 + seed * 4) * MILLIS); // As long as two take to poll, or longer.
    sim.crash(old);
    sim.runFor(4 * TIMEOUT);
    int next = sim.leaderAmong(rest);
    assertNotEquals(0, next, "one leads within four timeouts");
    assertTrue(round(sim, next) <= before + 4, "after a ballot or two");
    sim.propose(next, "goes on").awaitCommitted();
    sim.restart(old);
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "P15",
      value = "of two hosts under one id the second is refused by name, and counts for nothing")
  void twoHostsUnderOneId(Sim sim) {
    sim.propose(sim.electLeader(), "first").awaitCommitted();
    sim.settle();
    sim.disk(3).wipe();
    sim.restart(3);
    int leader = sim.awaitLeader(List.of(1, 2));
    sim.runFor(2 * TIMEOUT);
    sim.crash(leader);
    int other = sim.allBut(leader, 3).get(0);
    Outcome waiting = sim.propose(other, "lacks a quorum");
    sim.runFor(2 * TIMEOUT);
    assertFalse(sim.isLeading(other) || sim.isLeading(3), "the stranger's promise is none");
    assertTrue(waiting.isPending());
    Status status = Objects.requireNonNull(sim.status(3));
    assertTrue(
        status.toString().contains("another incarnation") || status.toString().contains("wiped"),
        status::toString);
    sim.restart(leader);
    waiting.awaitCommitted();
  }

  @Scenario(
      id = "P17",
      value = "a clock that jumps by an hour moves no leader that the others hear")
  void aClockThatJumps(Sim sim) {
    int leader = sim.electLeader();
    int jumping = sim.allBut(leader).get(0);
    String stamp = stamp(sim, leader);
    for (int i = 0; i < 4; i++) {
      sim.clock(jumping).jump(3_600 * TIMEOUT);
      sim.runFor(TIMEOUT);
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    assertTrue(sim.isLeading(leader));
    assertEquals(stamp, stamp(sim, leader), "the one that jumped asked, and was told of a leader");
    sim.settle();
  }

  @Scenario(
      id = "P20",
      value = "the hub of a star of five leads within four timeouts, though it hears the leader",
      replicas = 5,
      seeds = 10)
  void theHubOfAStarLeads(Sim sim) {
    int old = sim.electLeader();
    int hub = sim.allBut(old).get(0);
    star(sim, hub);
    sim.runFor(4 * TIMEOUT);
    assertTrue(sim.isLeading(hub) && !sim.isLeading(old));
    sim.propose(hub, "goes on").awaitCommitted();
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "P21",
      value = "a chain of three has one leader, and no ballot follows another",
      seeds = 10)
  void aChainIsStable(Sim sim) {
    int end = sim.electLeader();
    int middle = sim.allBut(end).get(0);
    int other = sim.allBut(end, middle).get(0);
    sim.partition(List.of(end), List.of(other));
    sim.runFor(4 * TIMEOUT);
    int leader = sim.all().stream().filter(sim::isLeading).findFirst().orElseThrow();
    String stamp = stamp(sim, leader);
    for (int i = 0; i < 60; i++) {
      sim.runFor(TIMEOUT);
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    assertEquals(stamp, stamp(sim, leader), "in a minute");
    sim.runFor(2 * TIMEOUT);
    assertEquals(60, sim.applied(other).size(), "who does not hear the leader learns elsewhere");
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "P22",
      value =
          "the only one that reaches a quorum leads, though it holds least, and adopts the rest",
      replicas = 5,
      seeds = 10)
  void theOneWithTheOldestLogLeads(Sim sim) {
    int old = sim.electLeader();
    int hub = sim.allBut(old).get(0);
    sim.isolate(hub);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outcomes.add(sim.propose(old, "c" + i));
      sim.runFor(MILLIS);
    }
    outcomes.forEach(Outcome::awaitCommitted);
    assertEquals(List.of(), sim.applied(hub));
    sim.crash(old); // Else it would bring up the hub, as long as it leads.
    star(sim, hub);
    sim.runFor(4 * TIMEOUT);
    assertTrue(sim.isLeading(hub), "within four timeouts");
    sim.propose(hub, "goes on").awaitCommitted();
    assertEquals(51, sim.applied(hub).size(), "what was chosen without it comes first");
    sim.heal();
    sim.restart(old);
    sim.settle();
  }

  /** Everybody reaches the hub, and nobody else. */
  private static void star(Sim sim, int hub) {
    sim.heal();
    for (int leaf : sim.allBut(hub)) {
      sim.partition(List.of(leaf), sim.allBut(hub, leaf));
    }
  }

  @Scenario(id = "P23", value = "who can send and not receive deposes nobody", seeds = 10)
  void whoHearsNobodyDeposesNobody(Sim sim) {
    int leader = sim.electLeader();
    int deaf = sim.allBut(leader).get(0);
    String stamp = stamp(sim, leader);
    sim.oneWay(sim.allBut(deaf), List.of(deaf));
    for (int i = 0; i < 10; i++) {
      sim.runFor(TIMEOUT);
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    sim.heal();
    sim.settle();
    assertTrue(sim.isLeading(leader));
    assertEquals(stamp, stamp(sim, leader));
  }

  // ---- disks ----

  @Scenario(
      id = "P2",
      value = "an acceptor that cannot save its promise halts, and nobody has that promise",
      seeds = 10)
  void aPromiseThatIsNotSavedIsNotGiven(Sim sim, long seed) {
    int leader = sim.electLeader();
    long round = round(sim, leader);
    List<Integer> rest = sim.allBut(leader);
    sim.crash(leader);
    sim.runUntil(() -> rest.stream().anyMatch(id -> round(sim, id) > round), "somebody stands");
    int candidate = rest.stream().filter(id -> round(sim, id) > round).findFirst().orElseThrow();
    int acceptor = sim.allBut(leader, candidate).get(0);
    assertEquals(round, round(sim, acceptor), "it was not asked yet");
    sim.disk(acceptor).failCall(1 + seed % 2); // The write of its promise; then the sync.
    sim.runUntil(() -> sim.halted(acceptor) != null, "the acceptor halts");
    sim.runFor(5 * TIMEOUT);
    assertFalse(sim.isLeading(candidate), "it lacks one promise");
    sim.restart(acceptor);
    sim.restart(leader);
    sim.electLeader();
    sim.settle();
  }

  @Scenario(
      id = "P36",
      value = "a sync that fails ends the replica, and is not tried again",
      seeds = 10)
  void aFailedSyncEndsTheReplica(Sim sim, long seed) {
    int leader = sim.electLeader();
    sim.settle();
    int victim = seed % 2 == 0 ? leader : sim.allBut(leader).get(0);
    sim.disk(victim).failSync();
    sim.propose(leader, "during");
    sim.runUntil(() -> sim.halted(victim) != null, "the replica halts");
    int next = sim.awaitLeader(sim.allBut(victim));
    sim.propose(next, "after").awaitCommitted();
    sim.runFor(10 * TIMEOUT);
    assertNotNull(sim.halted(victim), "it stays where it is until it is started again");
    sim.restart(victim);
    sim.settle();
    assertTrue(sim.applied(victim).contains("after"));
  }

  // ---- commands ----

  @Scenario(
      id = "P37",
      value = "a command that is tried again under another leader is applied once",
      seeds = 20)
  void aRetryIsAppliedOnce(Sim sim, long seed) {
    int leader = sim.electLeader();
    int caller = sim.allBut(leader).get(0);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      outcomes.add(sim.propose(caller, "c" + i));
      sim.runFor(MILLIS / 4);
    }
    sim.runFor(seed * MILLIS / 8);
    sim.isolate(leader); // What it has proposed may be chosen by the next, beside the retry.
    int next = sim.awaitLeader(sim.allBut(leader));
    sim.heal();
    outcomes.forEach(Outcome::awaitCommitted);
    sim.propose(next, "last").awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertEquals(21, sim.applied(id).size()));
  }

  @Scenario(
      id = "P38",
      value = "what a dead leader proposed and a later one did not know of is never applied",
      seeds = 20)
  void aGhostIsFenced(Sim sim, long seed) {
    int old = sim.electLeader();
    sim.propose(old, "known").awaitCommitted();
    sim.settle();
    sim.isolate(old);
    for (int i = 0; i < 6; i++) {
      sim.propose(old, "ghost " + i);
      sim.runFor(20 * MILLIS); // Each in a slot of its own, and durable here.
    }
    sim.crash(old); // And with it whoever waits for them.
    List<Integer> rest = sim.allBut(old);
    int next = sim.awaitLeader(rest);
    assertEquals(1, sim.read(next).awaitCommitted().index(), "a read has seen none of them");
    if (seed % 2 == 0) {
      sim.propose(next, "between").awaitCommitted();
    }
    sim.crash(next);
    sim.heal();
    sim.restart(old);
    int last = sim.electLeader(); // Its quorum has the ghosts.
    sim.propose(last, "after").awaitCommitted();
    sim.restart(next);
    sim.electLeader();
    sim.settle();
    for (int id : sim.all()) {
      assertTrue(sim.applied(id).stream().noneMatch(text -> text.startsWith("ghost")));
    }
  }

  @Scenario(
      id = "P43",
      value = "one of five that is slow slows nothing, and catches up",
      replicas = 5,
      seeds = 5)
  void aSlowAcceptorSlowsNothing(Sim sim) {
    int leader = sim.electLeader();
    int slow = sim.allBut(leader).get(0);
    sim.disk(slow).slow(400 * MILLIS);
    for (int i = 0; i < 300; i++) {
      Outcome outcome = sim.propose(leader, "c" + i);
      sim.runFor(10 * MILLIS);
      assertTrue(outcome.isAcknowledged(), outcome::toString);
    }
    sim.heal();
    sim.settle();
    assertEquals(300, sim.applied(slow).size());
  }

  @Scenario(
      id = "P47",
      value = "what is larger than a message is told in several, in both phases",
      replicas = 5,
      seeds = 5)
  void muchIsToldInParts(Sim sim) {
    int old = sim.electLeader();
    List<Outcome> outcomes = new ArrayList<>();
    int follower = sim.allBut(old).get(0);
    List<Integer> rest = sim.allBut(old, follower);
    sim.partition(List.of(old, follower), rest); // Accepted by two of five: chosen by nobody.
    for (int i = 0; i < 8; i++) {
      outcomes.add(sim.propose(follower, i + "x".repeat(900_000)));
      sim.runFor(20 * MILLIS);
    }
    sim.crash(old);
    sim.heal();
    sim.awaitLeader(sim.allBut(old)); // It adopts 7 MB, or they are proposed again.
    outcomes.forEach(Outcome::awaitCommitted);
    sim.restart(old);
    sim.settle();
    sim.all().forEach(id -> assertEquals(8, sim.applied(id).size()));
  }

  private static String stamp(Sim sim, int id) {
    return Objects.requireNonNull(sim.status(id)).stamp();
  }

  /** The round of the ballot that the member has promised; 0 if it is down. */
  private static long round(Sim sim, int id) {
    Status status = sim.status(id);
    return status == null ? 0 : Long.parseLong(status.stamp().replaceFirst("\\..*", ""));
  }
}
