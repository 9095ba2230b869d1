package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.Sim;
import io.quorate.testkit.WorldFault;

/** Whole Raft replicas to begin a test of faults with. */
final class Sims {
  private Sims() {}

  /** A group whose first command is applied everywhere. */
  static Sim formed(int replicas, long seed) {
    Sim sim = Sim.of(Raft.protocol(), new RaftWitness(), replicas, seed);
    sim.propose(sim.electLeader(), "first").awaitCommitted();
    sim.settle();
    return sim;
  }

  /** Fails unless the fault that a test is about happened. */
  static void assertHappened(Sim sim, WorldFault fault) {
    assertTrue(sim.happened(fault) > 0, () -> "never happened: " + fault);
  }
}
