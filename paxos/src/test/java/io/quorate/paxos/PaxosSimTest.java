package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.testkit.Seeds;
import io.quorate.testkit.SimFailure;
import io.quorate.testkit.SimRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Multi-Paxos under whatever the simulator can do. {@code -Dquorate.sim.seed=17} runs that seed
 * alone; {@code -Dquorate.sim.seeds=100} the first hundred; {@code -Pslow} 20,000.
 */
class PaxosSimTest {
  private static final int SEEDS = Boolean.getBoolean("quorate.slow") ? 20_000 : 500;
  private static final long ELECTION_TIMEOUT_NANOS = 1_000_000_000L;

  @Test
  void noSeedBreaksAnInvariant() {
    Seeds.Summary summary = Seeds.run(PaxosSimTest.class, PaxosSimTest::run, SEEDS);
    System.out.println("PaxosSimTest: " + summary);
    if (summary.seeds() >= 100) {
      assertTrue(summary.judged() > summary.seeds() / 50, "histories are judged by search");
      List<String> never =
          summary.counts().entrySet().stream()
              .filter(count -> count.getValue() == 0)
              .map(Map.Entry::getKey)
              .toList();
      assertEquals(List.of(), never, "what never happened");
      assertTrue(summary.leaderNanosMedian() <= 4 * ELECTION_TIMEOUT_NANOS);
    }
  }

  @Test
  void oneSeedDoesTheSameTwice() {
    for (long seed = 0; seed < 10; seed++) {
      SimRun run = run(seed).steps(1_000);
      assertEquals(run.traced(seed, event -> {}), run.traced(seed, event -> {}), "seed " + seed);
    }
  }

  /** Seeds of a range until the first that fails, which it names. */
  public static void main(String[] args) {
    long from = Long.parseLong(args[0]);
    try {
      System.out.println(
          Seeds.run(PaxosSimTest.class, PaxosSimTest::run, from, Long.parseLong(args[1])));
    } catch (SimFailure e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }

  /** Three replicas, and five in each third run; one run in ten is long. */
  private static SimRun run(long seed) {
    return SimRun.of(MultiPaxos.protocol(), new PaxosWitness())
        .replicas(seed % 3 == 0 ? 5 : 3)
        .steps(seed % 10 == 9 ? 20_000 : 1_000);
  }
}
