package io.quorate.raft;

import static io.quorate.raft.Sims.assertHappened;
import static io.quorate.raft.Sims.formed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.Outcome;
import io.quorate.testkit.Sim;
import io.quorate.testkit.SimClient;
import io.quorate.testkit.WorldFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole replicas and clients on a network that does what networks do. */
class NetworkFaultsSimTest {
  private static final long MILLIS = 1_000_000;
  private static final long TIMEOUT = 1_000 * MILLIS;

  // Networks

  @Test
  void aSlowLinkDelaysWhatIsCommittedOverIt() {
    Sim sim = formed(3, 6);
    int leader = sim.electLeader();
    sim.slowLink(List.of(leader), sim.allBut(leader), 200 * MILLIS);
    Outcome slow = sim.propose(leader, "slow");
    sim.runFor(150 * MILLIS);
    assertTrue(slow.isPending());
    slow.awaitCommitted();
    assertHappened(sim, WorldFault.FRAME_DELAYED);
    sim.heal();
    Outcome fast = sim.propose(leader, "fast");
    sim.settle();
    assertTrue(fast.isAcknowledged());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void resetConnectionsAreDialledAgainAndNothingIsAppliedTwice(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    client.propose("hello").awaitCommitted();
    for (int i = 0; i < 10; i++) {
      int leader = sim.electLeader();
      sim.reset(leader, sim.allBut(leader).get(i % 2));
      sim.reset(client.id(), leader);
      sim.propose(leader, "m" + i);
      client.propose("c" + i).awaitCommitted(); // AppliedOnce watches.
    }
    sim.settle();
    assertTrue(sim.happened(WorldFault.CONNECTION_RESET) >= 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void oldFramesChangeNothing(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    for (int i = 0; i < 12; i++) {
      int leader = sim.electLeader();
      sim.propose(leader, "m" + i).awaitCommitted();
      client.propose("c" + i).awaitCommitted();
      if (i % 4 == 3) {
        sim.crash(leader);
        sim.restart(leader);
      }
      for (int j = 0; j < 40; j++) {
        sim.replayOld();
      }
      sim.runFor(5 * MILLIS);
    }
    sim.settle();
    assertEquals(25, sim.applied(1).size());
    assertHappened(sim, WorldFault.FRAME_REPLAYED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void framesOfAFormerIncarnationDoNotSpeakForTheNewOne(long seed) {
    Sim sim = formed(3, seed);
    int wiped = sim.allBut(sim.electLeader()).get(0);
    sim.disk(wiped).wipe();
    sim.restart(wiped);
    List<Integer> rest = sim.allBut(wiped);
    for (int i = 0; i < 200; i++) {
      sim.replayOld();
      sim.runFor(MILLIS);
    }
    int leader = sim.awaitLeader(rest);
    sim.crash(rest.get(0) == leader ? rest.get(1) : rest.get(0));
    Outcome alone = sim.propose(leader, "needs two");
    for (int i = 0; i < 200; i++) {
      sim.replayOld();
      sim.runFor(5 * MILLIS);
    }
    assertFalse(alone.isAcknowledged(), "it counts as nobody, whatever it was made to hold");
    assertFalse(sim.isLeading(wiped));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aMovedMemberIsFoundAgain(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    for (int id : List.of(sim.electLeader(), 1, 2)) {
      sim.move(id);
      sim.propose(sim.electLeader(), "moved " + id).awaitCommitted();
      sim.settle();
      assertEquals(sim.applied(3), sim.applied(id));
      client.read().awaitCommitted();
    }
    assertEquals(3, sim.happened(WorldFault.MEMBER_MOVED));
    sim.runFor(3 * TIMEOUT);
    long strangers = sim.happened(WorldFault.STRANGER_DIALLED);
    long nobody = sim.happened(WorldFault.OLD_ADDRESS_DIALLED);
    sim.crash(1);
    sim.restart(1);
    sim.settle();
    assertEquals(strangers, sim.happened(WorldFault.STRANGER_DIALLED), "all know the new address");
    assertEquals(nobody, sim.happened(WorldFault.OLD_ADDRESS_DIALLED), "all know the new address");
  }

  @Test
  void whoTookOverAnAddressIsRefusedAtTheHandshake() {
    long strangers = 0;
    long nobody = 0;
    for (long seed = 0; seed < 8; seed++) {
      Sim sim = formed(3, seed);
      sim.move(1);
      sim.runFor(TIMEOUT);
      strangers += sim.happened(WorldFault.STRANGER_DIALLED);
      nobody += sim.happened(WorldFault.OLD_ADDRESS_DIALLED);
      sim.electLeader();
      sim.settle();
    }
    assertTrue(strangers > 0 && nobody > 0, strangers + " strangers, nobody " + nobody + " times");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void twoPartsThatOnlyABridgeConnectsKeepServing(long seed) {
    Sim sim = formed(5, seed);
    int bridge = sim.allBut(sim.electLeader()).get((int) seed - 1);
    sim.bridge(bridge);
    sim.runFor(4 * TIMEOUT);
    List<Integer> leaders = new ArrayList<>(sim.all());
    leaders.removeIf(id -> !sim.isLeading(id));
    assertEquals(1, leaders.size());
    sim.propose(leaders.get(0), "through the bridge").awaitCommitted();
    sim.propose(bridge, "from the bridge").awaitCommitted();
    assertHappened(sim, WorldFault.FRAME_BLOCKED);
    sim.heal();
    sim.settle();
  }

  @Test
  void whatIsSetUpAndMeetsNothingDoesNotCount() {
    Sim sim = formed(3, 7);
    sim.crash(3);
    sim.reset(3, 1);
    sim.slowLink(List.of(3), List.of(1), TIMEOUT);
    sim.oneWay(List.of(3), List.of(1));
    sim.clock(3).rate(2);
    sim.clock(3).jump(TIMEOUT);
    sim.pause(3, true);
    sim.runFor(TIMEOUT / 2);
    for (WorldFault fault : WorldFault.values()) {
      boolean did = fault == WorldFault.PROCESS_CRASHED || fault == WorldFault.CONNECTION_BROKEN;
      assertEquals(did, sim.happened(fault) > 0, fault::toString);
    }
  }

  // Clients

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aClientFollowsTheLeader(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    client.propose("one").awaitCommitted();
    int old = sim.electLeader();
    assertEquals(old, client.leader());
    // Cut off from the members, the old leader still hears the client.
    sim.isolate(old);
    List<Outcome> flight = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flight.add(client.propose("in flight " + i));
    }
    flight.forEach(Outcome::awaitCommitted);
    assertEquals(sim.awaitLeader(sim.allBut(old)), client.leader());
    assertEquals(22, client.read().awaitCommitted().index());
  }

  @Test
  void aClientThatIsCutOffGetsItsReplyOnceItIsBack() {
    Sim sim = formed(3, 8);
    SimClient client = sim.client();
    client.read().awaitCommitted();
    sim.isolate(client);
    Outcome waits = client.propose("waits");
    sim.runFor(2 * TIMEOUT);
    assertTrue(waits.isPending());
    sim.heal();
    waits.awaitCommitted();
  }

  @Test
  void aClientThatCrashesLeavesItsCommandsUnknown() {
    Sim sim = formed(3, 9);
    SimClient client = sim.client();
    client.read().awaitCommitted();
    Outcome left = client.propose("left behind");
    client.crash();
    assertTrue(left.isUnknown());
    assertNull(left.failure());
    assertTrue(client.propose("too late").isUnknown());
    sim.settle();
  }

  @Test
  void aSeedDoesTheSameTwiceWhateverGoesWrong() {
    assertEquals(walk(11), walk(11));
    assertNotEquals(walk(11), walk(12));
  }

  private static long walk(long seed) {
    Sim sim = formed(3, seed);
    SimClient client = sim.client();
    for (int i = 0; i < 10; i++) {
      int id = 1 + i % 3;
      client.propose("c" + i);
      sim.pause(id, i % 2 == 0);
      sim.clock(1 + (i + 1) % 3).rate(0.5 + i / 4.0);
      sim.slowLink(List.of(id), sim.allBut(id), MILLIS);
      sim.reset(id, 1 + (i + 1) % 3);
      sim.replayOld();
      sim.runFor(TIMEOUT / 3);
      sim.move(id);
    }
    sim.heal();
    sim.settle();
    return sim.traceHash();
  }
}
