package io.quorate.testkit;

import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import io.quorate.testkit.SimRun.Result;
import java.util.function.Supplier;

/** One seed of a test that is marked {@link SimulatedCluster}. */
public final class SimSeed {
  private final String test;
  private final long number;
  private final SimulatedCluster settings;

  SimSeed(String test, long number, SimulatedCluster settings) {
    this.test = test;
    this.number = number;
    this.settings = settings;
  }

  /** The seed. */
  public long number() {
    return number;
  }

  /**
   * Runs a cluster of one's own state machine: first under faults, then healed, when it has to
   * serve and to agree.
   *
   * @param machines makes the state machine of each replica, and again at each of its restarts
   * @param workload what callers want of it
   * @throws SimFailure if a rule of docs/testing.md is broken, saying how to replay it
   */
  public Result run(
      Protocol<?> protocol, Supplier<? extends StateMachine> machines, Workload workload) {
    return run(SimRun.of(protocol, machines, workload));
  }

  /** Runs anything else, with the replicas, steps and faults that the test is marked with. */
  public Result run(SimRun run) {
    SimRun drawn =
        run.replicas(settings.replicas()).steps(settings.steps()).faults(settings.faults());
    try {
      return drawn.seed(test, number);
    } catch (SimFailure e) {
      throw drawn.shrunk(test, number, e);
    }
  }
}
