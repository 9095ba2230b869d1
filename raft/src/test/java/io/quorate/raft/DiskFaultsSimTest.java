package io.quorate.raft;

import static io.quorate.raft.Sims.formed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.Outcome;
import io.quorate.testkit.Sim;
import io.quorate.testkit.disk.DiskFault;
import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each fault of a disk leads to, for whole replicas. The simulator adds its rules. */
class DiskFaultsSimTest {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  /** Opening a small log takes about so many calls. */
  private static final int CALLS = 24;

  private static final String LONG = "x".repeat(900);

  private static int happened(Sim sim, DiskFault fault) {
    return sim.diskFaults().getOrDefault(fault, 0);
  }

  private static String halted(Sim sim, int id) {
    return String.valueOf(sim.halted(id));
  }

  /** Proposes until the condition of the test holds; whoever leads. */
  private static void work(Sim sim, String command, DiskFault until) {
    for (int i = 0; i < 200 && happened(sim, until) == 0; i++) {
      sim.propose(sim.electLeader(), command + i);
      sim.runFor(5 * MILLIS);
    }
    assertTrue(happened(sim, until) > 0, () -> until + " has not happened: " + sim.diskFaults());
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  void powerThatGoesInACallEndsTheProcessThere(Survival survival) {
    for (int n = 1; n <= 20; n++) {
      Sim sim = formed(3, n);
      int victim = 1 + n % 3;
      sim.disk(victim).cutPowerInCall(n, survival);
      work(sim, "c", DiskFault.CUT_IN_CALL);
      assertFalse(sim.isUp(victim));
      assertNull(sim.halted(victim));
      assertNull(sim.status(victim));
      sim.restart(victim);
      sim.settle();
      assertEquals(1, happened(sim, DiskFault.CUT_IN_CALL));
    }
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  void powerThatGoesWhileALogIsOpenedLeavesALogThatCanBeOpened(Survival survival) {
    Sim sim = formed(3, 3);
    int cuts = 0;
    for (int n = 1; n <= CALLS; n++) {
      sim.propose(sim.electLeader(), "c" + n);
      sim.runFor(n % 3 * MILLIS / 4);
      sim.crash(2, survival);
      sim.disk(2).cutPowerInCall(n, survival);
      sim.restart(2);
      boolean met = happened(sim, DiskFault.CUT_IN_CALL) > cuts;
      cuts += met ? 1 : 0;
      assertEquals(!met, sim.isUp(2));
      sim.disk(2).mend();
      sim.restart(2);
      sim.settle();
    }
    assertTrue(cuts >= 10, "only " + cuts);
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  void aSyncThatFailsHaltsTheReplicaAndWhatItFindsAfterwardsIsDurable(Survival survival) {
    for (int seed = 1; seed <= 10; seed++) {
      Sim sim = formed(3, seed);
      int victim = 1 + seed % 3;
      sim.disk(victim).failSync();
      work(sim, "c", DiskFault.SYNC_FAILED);
      sim.runUntil(() -> sim.halted(victim) != null, "the replica halts");
      assertTrue(
          halted(sim, victim).contains(".log could not be made durable"), halted(sim, victim));
      sim.restart(victim);
      sim.crash(victim, survival);
      sim.restart(victim);
      sim.settle();
    }
  }

  @Test
  void aCallThatFailsWhileALogIsOpenedRefusesTheStartOrIsMadeUpFor() {
    Sim sim = formed(3, 4);
    int refused = 0;
    for (int n = 1; n <= CALLS; n++) {
      sim.crash(3);
      sim.disk(3).failCall(n);
      sim.restart(3);
      if (!sim.isUp(3)) {
        refused++;
        assertTrue(halted(sim, 3).contains("simulated: input/output error"), halted(sim, 3));
      }
      sim.disk(3).mend();
      sim.restart(3);
      sim.settle();
    }
    assertTrue(refused >= 8, "only " + refused);
  }

  @Test
  void whileTheDisksOfAMajorityHangNothingIsAcknowledged() {
    Sim sim = formed(3, 5);
    int leader = sim.electLeader();
    List<Integer> others = sim.allBut(leader);
    others.forEach(id -> sim.disk(id).hang());
    Outcome waits = sim.propose(leader, "waits");
    sim.runFor(TIMEOUT / 2);
    assertTrue(waits.isPending());
    assertEquals(2, happened(sim, DiskFault.HANGS));
    others.forEach(id -> assertTrue(sim.isUp(id)));
    others.forEach(id -> sim.disk(id).mend());
    waits.awaitCommitted();
    sim.settle();
  }

  @Test
  void aDiskThatHungKeepsNothingThatItHadNotDoneWhenThePowerGoes() {
    Sim sim = formed(3, 6);
    int leader = sim.electLeader();
    int other = sim.allBut(leader).get(0);
    sim.disk(other).hang();
    sim.propose(leader, "goes on").awaitCommitted();
    sim.crash(other);
    sim.disk(other).mend();
    sim.restart(other);
    sim.settle();
    assertTrue(sim.applied(other).contains("goes on"));
  }

  @Test
  void aSlowDiskIsWaitedFor() {
    Sim sim = formed(3, 7);
    int leader = sim.electLeader();
    sim.allBut(leader).forEach(id -> sim.disk(id).slow(80 * MILLIS));
    Outcome late = sim.propose(leader, "late");
    sim.runFor(2 * MILLIS);
    assertTrue(late.isPending());
    late.awaitCommitted();
    assertTrue(happened(sim, DiskFault.SLOW) >= 2);
    sim.heal();
    sim.settle();
  }

  @Test
  void aFullDiskEndsNoProcessAndKeepsNoVoteBack() {
    Sim sim = formed(3, 8);
    int leader = sim.electLeader();
    int full = sim.allBut(leader).get(0);
    int third = sim.allBut(leader, full).get(0);
    sim.disk(full).fill();
    for (int i = 0; i < 100; i++) {
      sim.propose(leader, LONG).awaitCommitted();
    }
    assertTrue(happened(sim, DiskFault.FULL) > 0);
    assertNull(sim.halted(full));
    assertTrue(sim.applied(full).size() < 40);
    sim.crash(leader);
    sim.runUntil(() -> sim.isLeading(third), "it has the vote of the one that is full");
    sim.disk(full).mend();
    sim.propose(third, "goes on").awaitCommitted();
    sim.restart(leader);
    sim.settle();
    assertEquals(sim.applied(third), sim.applied(full));
  }

  @Test
  void aReplicaWhoseReserveIsUsedUpTooHalts() {
    Sim sim = formed(1, 9);
    sim.disk(1).fill();
    sim.propose(1, "x".repeat(100_000)); // More than its segments and the reserve, at once.
    sim.runUntil(() -> sim.halted(1) != null, "it halts");
    assertTrue(halted(sim, 1).contains("the disk is full, and the log's reserve"), halted(sim, 1));
    sim.disk(1).mend();
    sim.restart(1);
    sim.propose(sim.electLeader(), "goes on").awaitCommitted();
  }

  @ParameterizedTest
  @EnumSource(value = Part.class, mode = EnumSource.Mode.EXCLUDE, names = "SNAPSHOT")
  void aFlippedBitIsToldAtTheNextStartWithFileAndOffset(Part part) {
    int refused = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Sim sim = formed(3, seed);
      int leader = sim.electLeader();
      int victim = sim.allBut(leader).get(0);
      assertFalse(sim.disk(victim).isDamaged());
      assertTrue(sim.disk(victim).flipBit(part));
      assertTrue(sim.disk(victim).isDamaged());
      sim.crash(victim, Survival.SOME);
      sim.restart(victim);
      if (sim.halted(victim) != null) {
        refused++;
        String why = halted(sim, victim);
        assertTrue(why.matches("(?s).*[0-9]{16}\\.log, offset [0-9]+: .*"), why);
        sim.restart(victim);
        assertEquals(why, halted(sim, victim), "nothing was changed");
      }
      sim.propose(sim.electLeader(), "goes on").awaitCommitted();
      sim.settle();
      assertEquals(1, happened(sim, part.fault()));
    }
    switch (part) {
      case ENTRY, SAVED_RECORD -> assertEquals(0, refused, "it is mended");
      case ENTRY_HEADER, SEGMENT_HEADER -> assertEquals(20, refused);
      case ANYWHERE -> assertTrue(refused < 20);
      case SNAPSHOT -> throw new AssertionError("no snapshot is taken here");
    }
  }

  @Test
  void aReplicaThatMeetsAFlippedBitWhileItRunsHalts() {
    for (long seed = 1; seed <= 10; seed++) {
      Sim sim = formed(3, seed);
      for (int i = 0; i < 20; i++) {
        sim.propose(sim.electLeader(), "c" + i).awaitCommitted();
      }
      int leader = sim.electLeader();
      int victim = sim.allBut(leader).get(0);
      sim.crash(victim);
      sim.restart(victim); // It has read its log, and has still to apply it.
      assertTrue(sim.disk(victim).flipBit(seed % 2 == 0 ? Part.ENTRY : Part.ENTRY_HEADER));
      sim.runUntil(() -> sim.halted(victim) != null, "the replica halts");
      assertTrue(halted(sim, victim).contains("cannot be read"), halted(sim, victim));
      assertTrue(halted(sim, victim).contains(".log, offset "), halted(sim, victim));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aWriteThatLandsElsewhereIsToldAtTheNextStartOrMended(long seed) {
    Sim sim = formed(3, seed);
    int leader = sim.electLeader();
    int victim = sim.allBut(leader).get(0);
    for (int i = 0; i < seed; i++) {
      sim.propose(sim.electLeader(), "before " + i).awaitCommitted();
    }
    sim.disk(victim).misdirectWrite();
    work(sim, LONG, DiskFault.MISDIRECTED);
    sim.runFor(TIMEOUT);
    sim.crash(victim, Survival.SOME);
    sim.restart(victim);
    assertTrue(sim.disk(victim).isDamaged());
    String why = sim.halted(victim);
    assertTrue(why == null || why.contains(".log, offset "), why);
    sim.settle();
    assertTrue(why != null || sim.applied(victim).contains(LONG));
  }

  @Test
  void aBackupThatIsAsNewAsTheDiskDoesNoHarm() {
    Sim sim = formed(3, 9);
    assertFalse(sim.disk(3).restoreBackup());
    sim.disk(3).backUp();
    assertTrue(sim.disk(3).restoreBackup());
    assertFalse(sim.isUp(3));
    sim.restart(3);
    sim.propose(sim.electLeader(), "goes on").awaitCommitted();
    sim.settle();
    assertEquals(1, happened(sim, DiskFault.BACKUP_RESTORED));
  }

  @Test
  void aWipedDiskIsANewOneThatTheOthersRefuse() {
    Sim sim = formed(3, 11);
    sim.disk(3).wipe();
    assertTrue(sim.disk(3).isDamaged());
    sim.restart(3);
    sim.propose(sim.awaitLeader(List.of(1, 2)), "goes on").awaitCommitted();
    assertEquals(List.of(), sim.applied(3));
    assertEquals(1, happened(sim, DiskFault.WIPED));
  }

  /** The same twice, with every fault in it: nothing is drawn but from the seed. */
  @Test
  void faultsDoTheSameTwice() {
    List<Long> hashes = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Sim sim = formed(3, 12);
      Set<DiskFault> seen = EnumSet.noneOf(DiskFault.class);
      sim.disk(1).slow(10 * MILLIS);
      sim.disk(2).backUp();
      sim.disk(2).misdirectWrite();
      sim.disk(2).cutPowerInCall(90, Survival.SOME);
      for (int i = 0; i < 40; i++) {
        sim.propose(sim.electLeader(), LONG + i);
        sim.runFor(5 * MILLIS);
      }
      sim.disk(2).restoreBackup();
      sim.disk(2).flipBit(Part.ENTRY);
      sim.restart(2);
      sim.runFor(TIMEOUT);
      seen.addAll(sim.diskFaults().keySet());
      assertTrue(
          seen.containsAll(
              EnumSet.of(
                  DiskFault.SLOW,
                  DiskFault.MISDIRECTED,
                  DiskFault.BACKUP_RESTORED,
                  DiskFault.FLIP_ENTRY)),
          seen::toString);
      hashes.add(sim.traceHash());
    }
    assertEquals(hashes.get(0), hashes.get(1));
  }
}
