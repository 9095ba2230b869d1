package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;

/** Who leads, and what becomes of those who did. */
interface LeaderScenarios<M> extends SimulatedProtocol<M> {
  long MILLIS = 1_000_000;
  long TIMEOUT = Sim.ELECTION_TIMEOUT_NANOS;

  @Scenario(formed = false, id = "C1", value = "a new group finds a leader, which serves")
  default void aNewGroupFindsALeader(Sim sim) {
    int leader = sim.electLeader();
    assertEquals("1 x", sim.propose(leader, "x").awaitCommitted().reply());
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("x"), sim.applied(id)));
  }

  @Scenario(id = "C1", value = "a group of one serves, and remembers", replicas = 1)
  default void aGroupOfOneServes(Sim sim) {
    sim.propose(sim.electLeader(), "x").awaitCommitted();
    sim.crash(1);
    sim.restart(1);
    assertEquals("2 y", sim.propose(sim.electLeader(), "y").awaitCommitted().reply());
    assertEquals(2, sim.read(1).awaitCommitted().index());
  }

  @Scenario(
      id = "C2",
      value = "whoever leads may die: another leads, and nothing is lost",
      seeds = 6)
  default void leadersDieInTurn(Sim sim) {
    for (int i = 0; i < 6; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "c" + i).awaitCommitted();
      sim.crash(leader);
      int next = sim.awaitLeader(sim.allBut(leader));
      assertEquals(i + 1, sim.read(next).awaitCommitted().index());
      sim.restart(leader);
    }
    sim.settle();
    sim.all().forEach(id -> assertEquals(6, sim.applied(id).size()));
  }

  @Scenario(
      id = "C2",
      value = "a leader and its successor die, and three of five go on",
      replicas = 5)
  default void aLeaderAndItsSuccessorDie(Sim sim) {
    int first = sim.electLeader();
    sim.propose(first, "one").awaitCommitted();
    sim.crash(first);
    int second = sim.awaitLeader(sim.allBut(first));
    sim.propose(second, "two").awaitCommitted();
    sim.crash(second);
    int third = sim.awaitLeader(sim.allBut(first, second));
    assertEquals(2, sim.read(third).awaitCommitted().index());
    assertEquals("3 three", sim.propose(third, "three").awaitCommitted().reply());
  }

  @Scenario(id = "C3", value = "two of five serve nothing; one more, and they do", replicas = 5)
  default void twoOfFiveServeNothing(Sim sim) {
    int leader = sim.electLeader();
    sim.propose(leader, "before").awaitCommitted();
    List<Integer> down = sim.allBut(leader).subList(0, 3);
    down.forEach(sim::crash);
    Outcome waits = sim.propose(leader, "during");
    Outcome read = sim.read(leader);
    sim.runFor(3 * TIMEOUT);
    assertFalse(waits.isAcknowledged());
    assertFalse(read.isAcknowledged());
    assertFalse(sim.isLeading(leader));
    sim.restart(down.get(0));
    int next = sim.electLeader();
    sim.propose(next, "after").awaitCommitted();
    down.subList(1, 3).forEach(sim::restart);
    sim.settle();
  }

  @Scenario(
      id = "C4",
      value = "the larger side of a partition serves, the smaller does not",
      replicas = 5)
  default void theLargerSideServes(Sim sim) {
    int old = sim.electLeader();
    List<Integer> minority = List.of(old, sim.allBut(old).get(0));
    List<Integer> majority = sim.allBut(minority.toArray(Integer[]::new));
    sim.partition(minority, majority);
    Outcome cutOff = sim.propose(old, "cut off");
    int next = sim.awaitLeader(majority);
    sim.propose(next, "served").awaitCommitted();
    sim.runFor(2 * TIMEOUT);
    assertFalse(cutOff.isAcknowledged());
    assertEquals(0, sim.leaderAmong(minority));
    sim.heal();
    sim.settle();
    sim.all().forEach(id -> assertEquals("served", sim.applied(id).get(0)));
  }

  @Scenario(
      id = "C4",
      value = "a leader that keeps its majority goes on, and is not disturbed later",
      replicas = 5)
  default void aLeaderKeepsItsMajority(Sim sim) {
    int leader = sim.electLeader();
    List<Integer> others = sim.allBut(leader);
    sim.partition(others.subList(0, 2), sim.allBut(others.get(0), others.get(1)));
    for (int i = 0; i < 5; i++) {
      sim.propose(leader, "c" + i).awaitCommitted();
      sim.runFor(TIMEOUT);
    }
    sim.heal();
    assertEquals(leader, sim.electLeader());
    sim.settle();
  }

  @Scenario(
      id = "C5",
      value = "a member that is not heard by the leader, but hears it, deposes nobody")
  default void aMemberThatIsNotHeard(Sim sim) {
    int leader = sim.electLeader();
    int mute = sim.allBut(leader).get(0);
    sim.oneWay(List.of(mute), sim.allBut(mute));
    staysInOffice(sim, leader);
  }

  @Scenario(id = "C5", value = "a member that hears nobody, but is heard, deposes nobody")
  default void aMemberThatHearsNobody(Sim sim) {
    int leader = sim.electLeader();
    int deaf = sim.allBut(leader).get(0);
    sim.oneWay(sim.allBut(deaf), List.of(deaf));
    staysInOffice(sim, leader);
  }

  @Scenario(id = "C5", value = "a leader that nobody hears is replaced")
  default void aLeaderThatNobodyHears(Sim sim) {
    int leader = sim.electLeader();
    sim.oneWay(List.of(leader), sim.allBut(leader));
    isReplaced(sim, leader);
  }

  @Scenario(id = "C5", value = "a leader that hears nobody gives way")
  default void aLeaderThatHearsNobody(Sim sim) {
    int leader = sim.electLeader();
    sim.oneWay(sim.allBut(leader), List.of(leader));
    isReplaced(sim, leader);
  }

  private static void staysInOffice(Sim sim, int leader) {
    String stamp = stamp(sim, leader);
    for (int i = 0; i < 10; i++) {
      sim.runFor(TIMEOUT);
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    sim.heal();
    sim.settle();
    sim.runFor(2 * TIMEOUT);
    assertTrue(sim.isLeading(leader));
    assertEquals(
        stamp, stamp(sim, leader), "nobody has stood for election, nor brings a vote home");
  }

  private static void isReplaced(Sim sim, int old) {
    Outcome lost = sim.propose(old, "lost");
    sim.runUntil(
        () -> sim.allBut(old).stream().anyMatch(sim::isLeading), "another leads than " + old);
    sim.runUntil(() -> !sim.isLeading(old), old + " resigns");
    assertFalse(lost.isAcknowledged());
    sim.heal();
    int next = sim.electLeader();
    sim.propose(next, "goes on").awaitCommitted();
    sim.settle();
  }

  @Scenario(
      id = "E15",
      value = "a bridge that still hears the old leader does not keep the others from one",
      replicas = 5)
  default void aBridgeDoesNotBlockTheOthers(Sim sim) {
    int old = sim.electLeader();
    List<Integer> others = sim.allBut(old);
    int bridge = others.get(0);
    sim.partition(List.of(old), sim.allBut(old, bridge));
    sim.runUntil(() -> others.stream().anyMatch(sim::isLeading), "the connected quorum leads");
    int next = sim.awaitLeader(others);
    assertNotEquals(old, next);
    sim.propose(next, "goes on").awaitCommitted();
    sim.heal();
    sim.settle();
  }

  @Scenario(id = "C6", value = "of a chain of three, whose ends do not meet, one leads, and stays")
  default void aChainHasOneLeader(Sim sim) {
    int end = sim.electLeader();
    int middle = sim.allBut(end).get(0);
    int other = sim.allBut(end, middle).get(0);
    sim.partition(List.of(end), List.of(other));
    // Seen by the majority of the chain: the one at the other end may not know who leads.
    sim.runFor(4 * TIMEOUT);
    int leader = sim.all().stream().filter(sim::isLeading).findFirst().orElseThrow();
    String stamp = stamp(sim, leader);
    for (int i = 0; i < 20; i++) {
      sim.runFor(TIMEOUT);
      sim.propose(leader, "c" + i).awaitCommitted();
      assertEquals(stamp, stamp(sim, leader), "no end outbids the other");
    }
    sim.heal();
    sim.settle();
  }

  /**
   * The hub holds all that is committed. One that does not could lead under Paxos alone: Raft
   * elects nobody whose log is older than those of the voters that it needs (P22).
   */
  @Scenario(
      id = "C7",
      value = "the hub of a star leads, once the leader has lost its quorum",
      replicas = 5)
  default void theHubOfAStarLeads(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "known to all").awaitCommitted();
    sim.settle();
    int hub = sim.allBut(old).get(0);
    for (int leaf : sim.allBut(hub)) {
      sim.partition(List.of(leaf), sim.allBut(hub, leaf));
    }
    sim.runUntil(() -> sim.isLeading(hub) && !sim.isLeading(old), "the hub leads alone");
    sim.propose(hub, "goes on").awaitCommitted();
    sim.heal();
    sim.settle();
  }

  @Scenario(id = "R16", value = "a deposed leader loses what it never committed")
  default void aDeposedLeaderLosesWhatItNeverCommitted(Sim sim) {
    int old = sim.electLeader();
    sim.isolate(old);
    Outcome lost = sim.propose(old, "x=1");
    int next = sim.awaitLeader(sim.allBut(old));
    sim.propose(next, "x=2").awaitCommitted();
    assertTrue(lost.isUnknownOrRefused());
    sim.crash(old); // Its process dies before it can propose the command again in its session.
    sim.heal();
    sim.restart(old);
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("x=2"), sim.applied(id)));
  }

  @Scenario(
      id = "R16",
      value = "what a deposed leader still wants is proposed again, once, in its session")
  default void aDeposedLeaderProposesAgain(Sim sim) {
    int old = sim.electLeader();
    sim.isolate(old);
    Outcome late = sim.propose(old, "x=1");
    int next = sim.awaitLeader(sim.allBut(old));
    sim.propose(next, "x=2").awaitCommitted();
    sim.heal();
    assertEquals("2 x=1", late.awaitCommitted().reply());
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of("x=2", "x=1"), sim.applied(id)));
  }

  private static String stamp(Sim sim, int id) {
    return Objects.requireNonNull(sim.status(id)).stamp();
  }
}
