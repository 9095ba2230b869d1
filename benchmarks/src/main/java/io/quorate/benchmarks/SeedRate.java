package io.quorate.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.quorate.raft.Raft;
import io.quorate.testkit.Seeds;
import io.quorate.testkit.SimRun;
import io.quorate.testkit.Witness;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * How many simulated runs of 1,000 steps a second one core does. Counted is CPU time, so that what
 * else the machine does counts little: that of the threads that run the seeds, and that of the
 * whole process, with its collector and compiler. {@code benchmarks/run seeds [rounds]}.
 */
public final class SeedRate {
  private static final int SEEDS = 1_000;
  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 5;

  private final SimRun three = SimRun.of(Raft.protocol(), Witness.blind());
  private final SimRun five = three.replicas(5);

  private SeedRate() {}

  /** What a round came to: seeds a second of a core that runs seeds, and of any core's. */
  private record Rate(double running, double whole) {}

  /** Rounds of 1,000 seeds, after some in which the JVM compiles what they run. */
  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
    SeedRate rate = new SeedRate();
    for (int round = 1; round <= WARM_UP_ROUNDS; round++) {
      rate.round("warm-up " + round);
    }
    double[] running = new double[rounds];
    double[] whole = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Rate measured = rate.round("round " + (round + 1));
      running[round] = measured.running;
      whole[round] = measured.whole;
    }
    System.out.printf(
        "median of %d rounds: %.0f short seeds per second and core, %.0f with collector and"
            + " compiler; Java %s, %s%n",
        rounds,
        median(running),
        median(whole),
        Runtime.version(),
        String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
  }

  private Rate round(String name) {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long begin = process.getProcessCpuTime();
    Seeds.Summary summary =
        Seeds.run(SeedRate.class, seed -> seed % 3 == 0 ? five : three, 0, SEEDS);
    double seconds = (process.getProcessCpuTime() - begin) / 1e9;
    Rate rate = new Rate(summary.shortSeedsPerCpuSecond(), summary.seeds() / seconds);
    System.out.printf(
        "%s: %.0f short seeds per second and core, %.0f with collector and compiler; %.1f s for %d"
            + " on all cores%n",
        name, rate.running, rate.whole, summary.seconds(), summary.seeds());
    return rate;
  }

  private static double median(double[] rates) {
    double[] sorted = rates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
