package io.quorate.benchmarks;

import io.quorate.raft.Raft;
import io.quorate.testkit.Seeds;
import io.quorate.testkit.SimRun;
import io.quorate.testkit.Witness;

/**
 * How many simulated runs of 1,000 steps a second one core does: CPU time of the threads that run
 * them, so that what else the machine does counts little. {@code benchmarks/run seeds [rounds]}.
 */
public final class SeedRate {
  private static final int SEEDS = 1_000;

  private SeedRate() {}

  /** Rounds of 1,000 seeds; the first ones warm up. */
  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    SimRun three = SimRun.of(Raft.protocol(), Witness.blind());
    SimRun five = three.replicas(5);
    for (int round = 1; round <= rounds; round++) {
      Seeds.Summary summary =
          Seeds.run(SeedRate.class, seed -> seed % 2 == 0 ? three : five, 0, SEEDS);
      System.out.printf(
          "round %d: %.0f short seeds per second and core; %.1f s for %d on all cores%n",
          round, summary.shortSeedsPerCpuSecond(), summary.seconds(), summary.seeds());
    }
  }
}
