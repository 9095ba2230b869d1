package io.quorate.raft;

import static io.quorate.raft.Sims.assertHappened;
import static io.quorate.raft.Sims.formed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Status;
import io.quorate.testkit.Outcome;
import io.quorate.testkit.Sim;
import io.quorate.testkit.SimClient;
import io.quorate.testkit.WorldFault;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole replicas whose processes stand still, and whose clocks run apart, leap and overflow. */
class ClockFaultsSimTest {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  // Processes that stand still

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aPausedLeaderIsReplacedAndFollowsWhenItResumes(long seed) {
    Sim sim = formed(3, seed);
    int old = sim.electLeader();
    sim.pause(old, seed % 2 == 0);
    int next = sim.awaitLeader(sim.all());
    assertNotEquals(old, next);
    assertTrue(sim.isUp(old) && sim.isPaused(old) && sim.isLeading(old), "it knows of nothing");
    sim.propose(next, "without it").awaitCommitted();
    sim.resume(old);
    sim.settle();
    assertFalse(sim.isLeading(old));
    assertEquals(List.of("first", "without it"), sim.applied(old));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aLeaderThatAwakesServesNoStaleRead(long seed) {
    Sim sim = formed(3, seed);
    int old = sim.electLeader();
    sim.read(old); // Maybe confirmed already, by frames that wait while it is paused.
    sim.runFor(seed * 100_000);
    sim.pause(old, seed % 2 == 0);
    int next = sim.awaitLeader(sim.all());
    sim.propose(next, "newer").awaitCommitted();
    sim.resume(old);
    Outcome read = sim.read(old); // It still takes itself for the leader.
    read.awaitCommitted();
    assertEquals(2, read.index());
  }

  @Test
  void whatIsAskedOfAPausedMemberWaitsForIt() {
    Sim sim = formed(3, 2);
    int follower = sim.allBut(sim.electLeader()).get(0);
    sim.pause(follower, true);
    Outcome proposed = sim.propose(follower, "later");
    sim.runFor(10 * TIMEOUT);
    assertTrue(proposed.isPending());
    sim.resume(follower);
    proposed.awaitCommitted();
  }

  @Test
  void aPauseLongerThanACallWaitsLeavesItsOutcomeUnknown() {
    Sim sim = formed(3, 3);
    int leader = sim.electLeader();
    sim.oneWay(sim.allBut(leader), List.of(leader));
    Outcome proposed = sim.propose(leader, "in flight");
    sim.runFor(20 * MILLIS);
    sim.pause(leader, true);
    sim.runFor(10 * TIMEOUT);
    sim.heal();
    sim.settle();
    assertTrue(proposed.isAcknowledged() || proposed.isUnknown(), proposed::toString);
  }

  @Test
  void aSuspendedMachineIsReplacedThoughItsOwnTimeoutsHaveNotPassed() {
    Sim sim = formed(5, 4);
    int leader = sim.electLeader();
    long before = sim.clock(leader).nanoTime();
    sim.pause(leader, false);
    sim.runFor(60 * TIMEOUT);
    assertEquals(before, sim.clock(leader).nanoTime());
    assertNotEquals(leader, sim.awaitLeader(sim.all()));
    sim.heal();
    sim.settle();
    assertHappened(sim, WorldFault.PROCESS_SUSPENDED);
  }

  @Test
  void aMemberThatCannotStartHasHaltedAndCanBeStartedAgain() {
    Sim sim = formed(3, 10);
    sim.crash(1);
    sim.disk(1).failCall(1);
    sim.restart(1);
    assertFalse(sim.isUp(1));
    assertNotNull(sim.halted(1));
    sim.heal();
    sim.restart(1);
    sim.settle();
    assertEquals(List.of("first"), sim.applied(1));
  }

  // Clocks

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void membersWhoseClocksRunApartAgreeAllTheSame(long seed) {
    Sim sim = formed(3, seed);
    sim.clock(1).rate(3);
    sim.clock(2).rate(0.3);
    for (int i = 0; i < 20; i++) {
      sim.propose(1 + i % 3, "c" + i);
      sim.runFor(TIMEOUT / 2);
    }
    sim.heal();
    sim.propose(sim.electLeader(), "last").awaitCommitted();
    sim.settle();
    assertHappened(sim, WorldFault.CLOCK_DRIFTED);
  }

  @Test
  void aFollowerWhoseClockRacesStandsForElectionBeforeItsTime() {
    Sim sim = formed(3, 5);
    int leader = sim.electLeader();
    int racer = sim.allBut(leader).get(0);
    sim.clock(racer).rate(1_000);
    sim.runUntil(() -> !"follower".equals(role(sim, racer)), "it does not hear in time");
  }

  private static String role(Sim sim, int id) {
    Status status = sim.status(id);
    return status == null ? "" : status.role();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aClockThatLeapsByHoursLosesNoCommand(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    for (int i = 0; i < 6; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "member " + i);
      client.propose("client " + i);
      sim.runFor(seed * MILLIS / 4);
      sim.clock(i % 2 == 0 ? leader : 1 + i % 3).jump(3 * 3_600 * TIMEOUT);
      sim.runFor(TIMEOUT);
    }
    sim.heal();
    sim.settle();
    client.propose("still there").awaitCommitted();
    assertHappened(sim, WorldFault.CLOCK_JUMPED);
  }

  @Test
  void theGroupWorksWhileItsClocksOverflowOrPassZero() {
    TreeSet<String> passed = new TreeSet<>();
    for (long seed = 0; seed < 12; seed++) {
      Sim sim = formed(3, seed);
      long[] before = clocks(sim);
      for (int i = 0; i < 35; i++) {
        sim.propose(sim.electLeader(), "c" + i).awaitCommitted();
        sim.runFor(TIMEOUT);
      }
      sim.settle();
      long[] after = clocks(sim);
      for (int i = 0; i < before.length; i++) {
        if (before[i] > 0 && after[i] < 0) {
          passed.add("overflow");
        } else if (before[i] < 0 && after[i] > 0) {
          passed.add("zero");
        }
      }
    }
    assertEquals(List.of("overflow", "zero"), List.copyOf(passed));
  }

  @Test
  void whoSleepsThroughTheOverflowOfItsClockAwakes() {
    int slept = 0;
    for (long seed = 0; seed < 12; seed++) {
      Sim sim = formed(3, seed);
      for (int id : sim.all()) {
        long left = Long.MAX_VALUE - sim.clock(id).nanoTime();
        if (left > 3 * TIMEOUT && left < 30 * TIMEOUT) {
          slept++;
          sim.isolate(id); // Or what waits for it would set its timeouts anew.
          sim.runFor(TIMEOUT / 10);
          sim.pause(id, true);
          sim.runFor(left + TIMEOUT);
          assertTrue(sim.clock(id).nanoTime() < 0);
          sim.resume(id);
          sim.runFor(TIMEOUT / 10);
          sim.heal();
          sim.propose(id, "awake " + id).awaitCommitted();
        }
      }
      sim.settle();
    }
    assertTrue(slept > 3, slept + " have");
  }

  private static long[] clocks(Sim sim) {
    return sim.all().stream().mapToLong(id -> sim.clock(id).nanoTime()).toArray();
  }
}
