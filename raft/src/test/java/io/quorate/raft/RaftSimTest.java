package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.SimFailure;
import io.quorate.testkit.SimRun;
import io.quorate.testkit.SimRun.Fault;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Raft under whatever the simulator can do. {@code -Dquorate.sim.seed=17} runs that seed alone;
 * {@code -Dquorate.sim.seeds=100} the first hundred; {@code -Pslow} 5,000.
 */
class RaftSimTest {
  private static final int SEEDS = Boolean.getBoolean("quorate.slow") ? 5_000 : 300;

  @Test
  void noSeedBreaksAnInvariant() {
    Long one = Long.getLong("quorate.sim.seed");
    if (one != null) {
      run(one);
      return;
    }
    int seeds = Integer.getInteger("quorate.sim.seeds", SEEDS);
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    long events = 0;
    long acknowledged = 0;
    long begin = System.nanoTime();
    for (long seed = 0; seed < seeds; seed++) {
      SimRun.Result result = run(seed);
      events += result.events();
      acknowledged += result.acknowledged();
      result.faults().forEach((fault, more) -> faults.merge(fault, more, Integer::sum));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "RaftSimTest: %d seeds, 0 violations, %.1f s, %.0f seeds/s, %d events, %d acknowledged,"
            + " faults %s%n",
        seeds, seconds, seeds / seconds, events, acknowledged, faults);
    faults.forEach(
        (fault, times) -> assertTrue(seeds < 100 || times > 0, () -> "never drawn: " + fault));
  }

  @Test
  void oneSeedDoesTheSameTwice() {
    for (long seed = 0; seed < 10; seed++) {
      assertEquals(run(seed), run(seed), "seed " + seed);
    }
  }

  /** For {@code testkit/mutants/run}: seeds until the first that fails, which it names. */
  public static void main(String[] args) {
    long acknowledged = 0;
    for (long seed = Long.parseLong(args[0]); seed < Long.parseLong(args[1]); seed++) {
      try {
        acknowledged += run(seed).acknowledged();
      } catch (SimFailure e) {
        System.out.println(e.getMessage());
        System.exit(1);
      }
    }
    System.out.println("no failure, " + acknowledged + " commands acknowledged");
  }

  /** Three and five replicas in turn. */
  private static SimRun.Result run(long seed) {
    int replicas = seed % 2 == 0 ? 3 : 5;
    return SimRun.of(Raft.protocol(), new RaftWitness(), replicas).seed(RaftSimTest.class, seed);
  }
}
