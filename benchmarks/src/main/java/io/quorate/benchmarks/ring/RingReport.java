package io.quorate.benchmarks.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the ring and its relatives beside those of others in one run, and prints Markdown
 * tables. {@code benchmarks/run ring}.
 *
 * <p>Look-ups that a target speaks of run in three fresh virtual machines, and the median of the
 * three counts; the others run in one.
 */
public final class RingReport {
  private static final int[] SIZES = {1_000, 10_000};
  private static final int FORKS = 3;
  private static final String WITH_TARGETS =
      "\\.ring\\.(ChainedKeys|Replicas|LongKeys\\.(ring|load|binarySearch|treeMapAndLock)"
          + "|StringKeys\\.(ring|hash|md5|ketama|spymemcached))";

  private final Map<String, Double> nanos = new TreeMap<>();

  private RingReport() {}

  /** At most seven minutes. */
  public static void main(String[] args) throws RunnerException {
    RingReport report = new RingReport();
    report.changes();
    report.balance();
    report.movement();
    report.lookUps();
    report.targets();
  }

  // ---- tables ----

  private void changes() {
    System.out.println("| ms of CPU | " + SIZES[0] + " nodes | " + SIZES[1] + " nodes |");
    System.out.println("|---|---:|---:|");
    Map<String, Double> small = Changes.of(SIZES[0]);
    Map<String, Double> large = Changes.of(SIZES[1]);
    small.forEach((what, millis) -> row(what, millis, large.getOrDefault(what, Double.NaN)));
    double spySmall = Changes.spymemcached(SIZES[0]);
    double spyLarge = Changes.spymemcached(SIZES[1]);
    row("build, spymemcached", spySmall, spyLarge);
    row("bytes a token", Changes.bytesPerToken(SIZES[0]), Changes.bytesPerToken(SIZES[1]));
    nanos.put("T7 with 1000", small.getOrDefault("with", Double.NaN));
    nanos.put("T7 with 10000", large.getOrDefault("with", Double.NaN));
    nanos.put("T7 build", large.getOrDefault("build", Double.NaN) / spyLarge);
  }

  private static void row(String what, double small, double large) {
    System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f |%n", what, small, large);
  }

  private void balance() {
    System.out.println();
    System.out.println("| nodes | tokens a node | largest share ÷ mean | deviation |");
    System.out.println("|---:|---:|---:|---:|");
    for (int nodes : new int[] {3, 10, 100}) {
      for (int tokens : new int[] {160, 256, 512}) {
        double[] balance = Changes.balance(nodes, tokens);
        System.out.printf(
            Locale.ROOT, "| %d | %d | %.3f | %.3f |%n", nodes, tokens, balance[0], balance[1]);
      }
    }
  }

  private void movement() {
    System.out.println();
    System.out.println("| a node joins | nodes before | keys moved, % | astray, % of all |");
    System.out.println("|---|---:|---:|---:|");
    for (String name : Movement.names()) {
      for (int nodes : new int[] {10, 100}) {
        Movement movement = Movement.of(name, nodes);
        System.out.printf(
            Locale.ROOT,
            "| %s | %d | %.2f | %.2f |%n",
            name,
            nodes,
            100 * movement.moved(),
            100 * movement.strays());
      }
    }
  }

  private void lookUps() throws RunnerException {
    String all = "io\\.quorate\\.benchmarks\\.ring\\.";
    List<RunResult> results = new ArrayList<>();
    results.addAll(new Runner(options(FORKS).include(WITH_TARGETS).build()).run());
    results.addAll(new Runner(options(1).include(all).exclude(WITH_TARGETS).build()).run());
    System.out.println();
    System.out.println("| look-up | nodes | ns, median | from | to |");
    System.out.println("|---|---:|---:|---:|---:|");
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
      String nodes = result.getParams().getParam("nodes");
      double[] forks =
          result.getBenchmarkResults().stream()
              .mapToDouble(fork -> fork.getPrimaryResult().getScore())
              .sorted()
              .toArray();
      double median = forks[forks.length / 2];
      nanos.put(nodes == null ? name : name + " " + nodes, median);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.1f | %.1f | %.1f |%n",
          name,
          nodes,
          median,
          forks[0],
          forks[forks.length - 1]);
    }
  }

  private static ChainedOptionsBuilder options(int forks) {
    return new OptionsBuilder()
        .forks(forks)
        .warmupIterations(3)
        .warmupTime(TimeValue.milliseconds(400))
        .measurementIterations(4)
        .measurementTime(TimeValue.milliseconds(150))
        .timeUnit(TimeUnit.NANOSECONDS);
  }

  // ---- targets ----

  /** RING.md §3, as far as it is about time and memory. */
  private void targets() {
    System.out.println();
    System.out.println("| target | | this run | at most |");
    System.out.println("|---|---|---:|---:|");
    target("T1", "owner(long) ÷ a load", ratio("LongKeys.ring 100", "LongKeys.load 100"), 10);
    target("T2", "String ÷ its hash", ratio("StringKeys.ring 100", "StringKeys.hash 100"), 2);
    for (int size : SIZES) {
      String ring = "LongKeys.ring " + size;
      target("T3", size + ": ÷ binarySearch", ratio(ring, "LongKeys.binarySearch " + size), 1 / 6.);
      target("T3", size + ": ÷ TreeMap", ratio(ring, "LongKeys.treeMapAndLock " + size), 1 / 30.);
    }
    target("T4", "chained ÷ a load", ratio("ChainedKeys.ring", "ChainedKeys.load"), 1.5);
    target("T4", "chained ÷ the floor", ratio("ChainedKeys.ring", "ChainedKeys.floor"), 1.5);
    double[] ketama = {1 / 2.2, 1 / 4., 1 / 7.};
    for (int i = 0; i < ketama.length; i++) {
      String size = " 1" + "0".repeat(i + 1);
      double ratio = ratio("StringKeys.ketama" + size, "StringKeys.spymemcached" + size);
      target("T5", size + ": Ketama ÷ spymemcached", ratio, ketama[i]);
      double floor = ratio("StringKeys.ketama" + size, "StringKeys.md5" + size);
      target("T5", size + ": Ketama ÷ MD5 alone", floor, 1.25);
    }
    target("T7", "1,000 nodes: with, ms", at("T7 with 1000"), 3);
    target("T7", "10,000 nodes: with, ms", at("T7 with 10000"), 20);
    target("T7", "build ÷ spymemcached", at("T7 build"), 1 / 3.);
    target("T10", "replicas(3) ÷ owner", ratio("Replicas.three", "Replicas.owner"), 3);
    double skewed = ratio("Replicas.threeInSkewedZones", "Replicas.threeInEvenZones");
    target("T10", "skewed zones ÷ even", skewed, 5);
  }

  private void target(String id, String what, double measured, double most) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f | %.3f%s |%n",
        id,
        what,
        measured,
        most,
        measured <= most ? "" : " MISSED");
  }

  private double at(String name) {
    return nanos.getOrDefault(name, Double.NaN);
  }

  private double ratio(String name, String other) {
    return at(name) / at(other);
  }
}
