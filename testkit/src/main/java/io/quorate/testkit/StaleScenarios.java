package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.TooStaleException;
import java.time.Duration;
import java.util.List;

/** Reads of limited age. */
interface StaleScenarios<M> extends SimulatedProtocol<M> {
  Duration SECOND = Duration.ofSeconds(1);

  @Scenario(
      id = "C21",
      value = "a read of limited age asks nobody while it can, and is told when it cannot")
  default void aReadOfLimitedAge(Sim sim) {
    int leader = sim.electLeader();
    int follower = sim.allBut(leader).get(0);
    sim.propose(leader, "x").awaitCommitted();
    assertEquals(1, sim.readStale(follower, Duration.ZERO).awaitCommitted().index());
    sim.isolate(follower);
    sim.propose(leader, "y").awaitCommitted();
    assertEquals(1, sim.readStale(follower, SECOND).awaitCommitted().index());
    sim.runFor(2 * Sim.ELECTION_TIMEOUT_NANOS);
    TooStaleException why =
        assertInstanceOf(TooStaleException.class, sim.readStale(follower, SECOND).awaitEnd());
    assertTrue(why.age().compareTo(SECOND) > 0, () -> "it may be " + why.age() + " old");
    Outcome waits = sim.readStale(follower, SECOND);
    sim.heal();
    assertEquals(2, waits.awaitCommitted().index(), "it is confirmed as soon as it can be");
    sim.settle();
  }

  @Scenario(
      id = "C21",
      value = "a client's read of limited age never goes back behind what it was told")
  default void aClientsReadOfLimitedAge(Sim sim) {
    int leader = sim.electLeader();
    int follower = sim.allBut(leader).get(0);
    SimClient client = sim.client();
    client.propose("x").awaitCommitted();
    sim.settle();
    assertEquals(1, client.readStale(follower, Duration.ZERO).awaitCommitted().index());
    sim.partition(List.of(follower), sim.allBut(follower));
    client.propose("y").awaitCommitted();
    Outcome read = client.readStale(follower, SECOND); // Young enough, but for this client.
    sim.runFor(Sim.ELECTION_TIMEOUT_NANOS / 2);
    assertTrue(read.isPending());
    assertInstanceOf(TooStaleException.class, read.awaitEnd());
    Outcome waits = client.readStale(follower, SECOND);
    sim.heal();
    assertEquals(2, waits.awaitCommitted().index());
    sim.settle();
  }

  @Scenario(id = "C21", value = "a machine that was suspended does not take its state for young")
  default void aSuspendedMachineKnowsItsAge(Sim sim) {
    int leader = sim.electLeader();
    int follower = sim.allBut(leader).get(0);
    sim.propose(leader, "x").awaitCommitted();
    assertEquals(1, sim.readStale(follower, Duration.ZERO).awaitCommitted().index());
    sim.isolate(follower);
    sim.pause(follower, false);
    sim.propose(leader, "y").awaitCommitted();
    sim.runFor(5 * Sim.ELECTION_TIMEOUT_NANOS);
    sim.resume(follower);
    Outcome read = sim.readStale(follower, SECOND);
    assertInstanceOf(TooStaleException.class, read.awaitEnd());
    sim.heal();
    sim.settle();
  }
}
