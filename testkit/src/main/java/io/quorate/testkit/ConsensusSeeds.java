package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A protocol under whatever the simulator can do. Extend it and say which protocol. {@code
 * -Dquorate.sim.seed=17} runs that seed alone; {@code -Dquorate.sim.seeds=100} the first hundred;
 * {@code -Pslow} 20,000.
 *
 * <pre>{@code
 * class RaftSimTest extends ConsensusSeeds<RaftMessage> {
 *   @Override public Protocol<RaftMessage> protocol() { return Raft.protocol(); }
 *   @Override public Witness<RaftMessage> witness() { return new RaftWitness(); }
 *
 *   public static void main(String[] range) { new RaftSimTest().runRange(range); }
 * }
 * }</pre>
 *
 * @param <M> the engine's messages
 */
public abstract class ConsensusSeeds<M> implements SimulatedProtocol<M> {
  private static final int SEEDS = Boolean.getBoolean("quorate.slow") ? 20_000 : 500;
  private static final long ELECTION_TIMEOUT_NANOS = 1_000_000_000L;

  /** For the protocol's class. */
  protected ConsensusSeeds() {}

  /** All seeds hold all invariants, all faults happen, and leaders are found soon. */
  @Test
  public void noSeedBreaksAnInvariant() {
    Seeds.Summary summary = Seeds.run(getClass(), this::seed, SEEDS);
    System.out.println(getClass().getSimpleName() + ": " + summary);
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

  /** The same seed does the same, event by event. */
  @Test
  public void oneSeedDoesTheSameTwice() {
    for (long seed = 0; seed < 10; seed++) {
      SimRun run = seed(seed).steps(1_000);
      assertEquals(run.traced(seed, event -> {}), run.traced(seed, event -> {}), "seed " + seed);
    }
  }

  /**
   * A main's business: runs the seeds from {@code range[0]} to just before {@code range[1]} until
   * the first that fails, which it names, and then ends the process with 1.
   */
  protected final void runRange(String... range) {
    long from = Long.parseLong(range[0]);
    try {
      System.out.println(Seeds.run(getClass(), this::seed, from, Long.parseLong(range[1])));
    } catch (SimFailure e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }

  /** Three replicas, and five in each third run; one run in ten is long. */
  private SimRun seed(long seed) {
    return SimRun.of(protocol(), witness())
        .replicas(seed % 3 == 0 ? 5 : 3)
        .steps(seed % 10 == 9 ? 20_000 : 1_000);
  }
}
