package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What callers get: commands, reads, and an end of every call. */
interface ServiceScenarios<M> extends SimulatedProtocol<M> {
  long MILLIS = 1_000_000;
  long TIMEOUT = Sim.ELECTION_TIMEOUT_NANOS;

  @Scenario(id = "C8", value = "commands proposed anywhere are applied in one order everywhere")
  default void oneOrder(Sim sim) {
    sim.electLeader();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      outcomes.add(sim.propose(1 + i % 3, "c" + i));
    }
    outcomes.forEach(Outcome::awaitCommitted);
    sim.settle();
    List<String> order = sim.applied(1);
    assertEquals(30, order.size());
    sim.all().forEach(id -> assertEquals(order, sim.applied(id)));
    for (int i = 0; i < 30; i++) {
      assertEquals("c" + i, order.get((int) outcomes.get(i).index() - 1));
    }
  }

  @Scenario(
      id = "C9",
      value = "a command whose leader dies is tried again and applied once",
      seeds = 8)
  default void retriesAreAppliedOnce(Sim sim, long seed) {
    int leader = sim.electLeader();
    int caller = sim.allBut(leader).get(0);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      outcomes.add(sim.propose(caller, "c" + i));
      sim.runFor(MILLIS / 4);
    }
    sim.runFor(seed * MILLIS / 4);
    sim.crash(leader);
    outcomes.forEach(Outcome::awaitCommitted);
    sim.restart(leader);
    sim.settle();
    assertEquals(20, sim.applied(caller).size());
  }

  @Scenario(
      id = "C9",
      value = "loss, repetition and disorder of messages repeat no command",
      seeds = 6)
  default void anUnreliableNetworkRepeatsNothing(Sim sim) {
    sim.electLeader();
    sim.unreliable(50, 100, 200);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      outcomes.add(sim.propose(1 + i % 3, "c" + i));
      sim.runFor(5 * MILLIS);
    }
    sim.runFor(2 * TIMEOUT);
    sim.heal();
    sim.runUntil(() -> outcomes.stream().noneMatch(Outcome::isPending), "every call ends");
    sim.electLeader();
    sim.settle();
    long acknowledged = outcomes.stream().filter(Outcome::isAcknowledged).count();
    assertTrue(acknowledged > 0 && sim.applied(1).size() <= 60);
    assertEquals(sim.applied(1).stream().distinct().count(), sim.applied(1).size());
  }

  @Scenario(id = "C10", value = "what is proposed while nobody leads waits, and is served")
  default void proposalsWaitForALeader(Sim sim) {
    int leader = sim.electLeader();
    sim.crash(leader);
    int caller = sim.allBut(leader).get(0);
    sim.runUntil(() -> sim.leaderAmong(sim.allBut(leader)) == 0, "nobody leads");
    List<Outcome> waiting =
        Stream.of("a", "b", "c").map(text -> sim.propose(caller, text)).toList();
    Outcome read = sim.read(caller);
    waiting.forEach(Outcome::awaitCommitted);
    read.awaitCommitted();
    assertEquals(3, sim.applied(caller).size());
  }

  @Scenario(
      id = "C11",
      value = "a command above the limit is refused, one near the limit is served")
  default void commandsHaveALimit(Sim sim) {
    int leader = sim.electLeader();
    int follower = sim.allBut(leader).get(0);
    Outcome tooLong = sim.propose(follower, "x".repeat((1 << 20) + 1));
    sim.runUntil(() -> !tooLong.isPending(), "the long command is refused");
    assertInstanceOf(IllegalArgumentException.class, tooLong.failure());
    String longest = "y".repeat((1 << 20) - "1 ".length()); // Its reply is at the limit, too.
    sim.propose(follower, longest).awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertEquals(List.of(longest), sim.applied(id)));
  }

  @Scenario(id = "A3", value = "every call ends, in a reply or in what may be assumed")
  default void everyCallEnds(Sim sim) {
    int old = sim.electLeader();
    Outcome asked = sim.propose(sim.allBut(old).get(0), "asked");
    sim.allBut(old).forEach(sim::crash);
    Outcome proposed = sim.propose(old, "proposed");
    sim.runUntil(() -> !proposed.isPending(), "the leader's own call ends");
    assertTrue(proposed.isUnknown(), () -> String.valueOf(proposed));
    Outcome never = sim.propose(old, "never");
    Outcome read = sim.read(old);
    sim.runUntil(() -> !never.isPending() && !read.isPending(), "calls without a leader end");
    assertTrue(never.isRefused(), () -> String.valueOf(never));
    assertFalse(read.isAcknowledged());
    assertTrue(asked.isUnknown());
    sim.allBut(old).forEach(sim::restart);
    sim.electLeader();
    sim.settle();
    assertFalse(sim.applied(old).contains("never"));
  }

  @Scenario(
      id = "Q1",
      value = "a new leader answers no read before it knows all that was acknowledged",
      replicas = 5)
  default void aNewLeaderReadsWhatWasAcknowledged(Sim sim) {
    for (int i = 0; i < 6; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "c" + i).awaitCommitted();
      sim.crash(leader);
      List<Integer> rest = sim.allBut(leader);
      sim.runUntil(() -> rest.stream().anyMatch(sim::isLeading), "another leads");
      int next = rest.stream().filter(sim::isLeading).findFirst().orElseThrow();
      assertTrue(sim.read(next).awaitCommitted().index() >= i + 1);
      sim.restart(leader);
    }
  }

  @Scenario(id = "Q3", value = "a restarted replica answers no read from a state that is older")
  default void aRestartedReplicaReadsNothingOld(Sim sim) {
    for (int i = 0; i < 9; i++) {
      sim.propose(sim.electLeader(), "c" + i).awaitCommitted();
      int down = 1 + i % 3;
      sim.crash(down);
      sim.restart(down);
      assertTrue(sim.read(down).awaitCommitted().index() >= i + 1);
    }
  }

  @Scenario(
      id = "Q7",
      value = "every read ends, whatever becomes of leader and connections",
      seeds = 6)
  default void everyReadEnds(Sim sim, long seed) {
    int leader = sim.electLeader();
    List<Outcome> reads = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      sim.all().forEach(id -> reads.add(sim.read(id)));
      sim.runFor(seed * MILLIS / 5);
      if (i == 4) {
        sim.isolate(leader);
      }
      if (i == 8) {
        sim.breakBlocked();
      }
    }
    sim.runUntil(() -> reads.stream().noneMatch(Outcome::isPending), "every read ends");
    assertTrue(reads.stream().anyMatch(Outcome::isAcknowledged));
  }

  @Scenario(id = "Q9", value = "what a session has seen never goes back, whomever it asks")
  default void aSessionNeverGoesBack(Sim sim) {
    int behind = sim.allBut(sim.electLeader()).get(0);
    SimClient client = sim.client();
    client.propose("a").awaitCommitted();
    sim.settle();
    sim.oneWay(sim.allBut(behind), List.of(behind));
    long last = client.propose("b").awaitCommitted().index();
    Outcome late = client.readStale(behind);
    Outcome other = sim.client().readStale(behind);
    assertEquals(last - 1, other.awaitCommitted().index());
    sim.runFor(TIMEOUT);
    assertTrue(late.isPending(), () -> String.valueOf(late));
    sim.heal();
    assertTrue(late.awaitCommitted().index() >= last);
  }

  @Scenario(id = "C12", value = "a read at any replica sees what was acknowledged before it")
  default void readsAnywhereSeeWhatWasAcknowledged(Sim sim) {
    sim.electLeader();
    for (int i = 0; i < 10; i++) {
      sim.propose(1 + i % 3, "c" + i).awaitCommitted();
      Outcome read = sim.read(1 + (i + 1) % 3);
      assertEquals(i + 1, read.awaitCommitted().index());
    }
  }

  @Scenario(id = "C12", value = "a leader that is cut off answers no read")
  default void aLeaderThatIsCutOffReadsNothing(Sim sim) {
    int old = sim.electLeader();
    sim.propose(old, "known").awaitCommitted();
    sim.isolate(old);
    Outcome read = sim.read(old);
    int next = sim.awaitLeader(sim.allBut(old));
    sim.propose(next, "unknown to it").awaitCommitted();
    Outcome later = sim.read(old);
    sim.runFor(3 * TIMEOUT);
    assertFalse(read.isAcknowledged());
    assertFalse(later.isAcknowledged());
    sim.heal();
    sim.settle();
  }

  @Scenario(
      id = "C13",
      value = "a member of five whose disk hangs slows no command, and catches up",
      replicas = 5)
  default void aHangingDiskSlowsNothing(Sim sim) {
    int leader = sim.electLeader();
    int slow = sim.allBut(leader).get(0);
    sim.disk(slow).hang();
    commandsTakeNoTimer(sim, leader);
    sim.heal();
    sim.settle();
    assertEquals(200, sim.applied(slow).size());
  }

  private static void commandsTakeNoTimer(Sim sim, int leader) {
    for (int i = 0; i < 200; i++) {
      Outcome outcome = sim.propose(leader, "c" + i);
      sim.runFor(10 * MILLIS); // A tenth of a heartbeat.
      assertTrue(outcome.isAcknowledged(), () -> String.valueOf(outcome));
    }
  }

  @Scenario(
      id = "C13",
      value = "a member of five that answers nobody slows no command",
      replicas = 5)
  default void aSilentMemberSlowsNothing(Sim sim) {
    int leader = sim.electLeader();
    int silent = sim.allBut(leader).get(0);
    sim.oneWay(List.of(silent), sim.allBut(silent));
    commandsTakeNoTimer(sim, leader);
    sim.heal();
    sim.settle();
    assertEquals(200, sim.applied(silent).size());
  }

  @Scenario(
      id = "C13",
      value = "a member that was down for long is brought up while the others serve")
  default void aMemberIsBroughtUp(Sim sim) {
    int leader = sim.electLeader();
    int down = sim.allBut(leader).get(0);
    sim.crash(down);
    for (int i = 0; i < 300; i++) {
      sim.propose(leader, "c" + i);
      sim.runFor(MILLIS);
    }
    sim.restart(down);
    for (int i = 300; i < 320; i++) {
      sim.propose(leader, "c" + i).awaitCommitted();
    }
    sim.settle();
    assertEquals(320, sim.applied(down).size());
  }
}
