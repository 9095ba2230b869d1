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

  /** At most eight minutes; "changes" and "in-turn" are a part of it, of half a minute each. */
  public static void main(String[] args) throws RunnerException {
    RingReport report = new RingReport();
    if (args.length > 0 && args[0].equals("in-turn")) {
      report.inTurn(10_000);
      return;
    }
    report.changes();
    if (args.length > 0 && args[0].equals("changes")) {
      return;
    }
    report.balance();
    report.movement();
    report.lookUps();
    report.inTurn(10_000);
    report.targets();
  }

  // ---- tables ----

  private void changes() {
    System.out.println("| ms of CPU | " + SIZES[0] + " nodes | " + SIZES[1] + " nodes |");
    System.out.println("|---|---:|---:|");
    Map<String, Double> small = Changes.of(SIZES[0]);
    Map<String, Double> large = Changes.of(SIZES[1]);
    small.forEach((what, millis) -> change(what, millis, large.getOrDefault(what, Double.NaN)));
    double spySmall = Changes.spymemcached(SIZES[0]);
    double spyLarge = Changes.spymemcached(SIZES[1]);
    change("build, spymemcached", spySmall, spyLarge);
    change("bytes a token", Changes.bytesPerToken(SIZES[0]), Changes.bytesPerToken(SIZES[1]));
    nanos.put("T7 with 1000", small.getOrDefault("with", Double.NaN));
    nanos.put("T7 with 10000", large.getOrDefault("with", Double.NaN));
    nanos.put("T7 build", large.getOrDefault("build", Double.NaN) / spyLarge);
  }

  private static void change(String what, double small, double large) {
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

  private void inTurn(int nodes) {
    InTurn measured = InTurn.among(nodes);
    System.out.println();
    System.out.println(
        "| in turn, " + nodes + " nodes | ns, median | from | to | ÷ ring | from | to |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|");
    for (String name : InTurn.contestants()) {
      double[] time = measured.nanos(name);
      double[] times = measured.ratio(name, "ring");
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.2f | %.2f | %.2f |%n",
          name,
          time[1],
          time[0],
          time[2],
          times[1],
          times[0],
          times[2]);
      nanos.put("in turn " + name, 1 / times[1]);
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
    System.out.println("| target | | this run | at most | |");
    System.out.println("|---|---|---:|---:|---|");
    target("T1", "owner(long) ÷ a load", ratio("LongKeys.ring 100", "LongKeys.load 100"), 10);
    target("T2", "String ÷ its hash", ratio("StringKeys.ring 100", "StringKeys.hash 100"), 2);
    target("T3", "1000: ÷ binarySearch", ratioOfRing(1_000, "binarySearch"), 1 / 6.);
    target("T3", "1000: ÷ TreeMap", ratioOfRing(1_000, "treeMapAndLock"), 1 / 30.);
    replaced("T3", "10000: ÷ binarySearch", ratioOfRing(10_000, "binarySearch"), 1 / 6., 14);
    instead("10000, in turn: ÷ binarySearch", at("in turn binarySearch"), 1 / 6.);
    replaced("T3", "10000: ÷ TreeMap", ratioOfRing(10_000, "treeMapAndLock"), 1 / 30., 14);
    instead("10000, in turn: ÷ TreeMap", at("in turn treeMapAndLock"), 1 / 30.);
    instead("10000, in turn: ÷ the floor", at("in turn floor"), 4);
    replaced("T4", "chained ÷ a load", ratio("ChainedKeys.ring", "ChainedKeys.load"), 1.5, 8);
    instead("chained ÷ the floor", ratio("ChainedKeys.ring", "ChainedKeys.floor"), 1.5);
    target("T5", "10: Ketama ÷ spymemcached", ratioOfKetama(10, "spymemcached"), 1 / 2.2);
    target("T5", "100: Ketama ÷ spymemcached", ratioOfKetama(100, "spymemcached"), 1 / 4.);
    replaced("T5", "1000: Ketama ÷ spymemcached", ratioOfKetama(1_000, "spymemcached"), 1 / 7., 9);
    for (int size : new int[] {1_000, 100, 10}) {
      instead(size + ": Ketama ÷ MD5 alone", ratioOfKetama(size, "md5"), 1.25);
    }
    target("T7", "1,000 nodes: with, ms", at("T7 with 1000"), 3);
    target("T7", "10,000 nodes: with, ms", at("T7 with 10000"), 20);
    target("T7", "build ÷ spymemcached", at("T7 build"), 1 / 3.);
    target("T10", "replicas(3) ÷ owner", ratio("Replicas.three", "Replicas.owner"), 3);
    double skewed = ratio("Replicas.threeInSkewedZones", "Replicas.threeInEvenZones");
    target("T10", "skewed zones ÷ even", skewed, 5);
  }

  private double ratioOfRing(int nodes, String other) {
    return ratio("LongKeys.ring " + nodes, "LongKeys." + other + " " + nodes);
  }

  private double ratioOfKetama(int servers, String other) {
    return ratio("StringKeys.ketama " + servers, "StringKeys." + other + " " + servers);
  }

  private static void target(String id, String what, double measured, double most) {
    row(id, what, measured, most, measured <= most ? "holds" : "MISSED");
  }

  /** A target that a decision has replaced; what it is replaced by follows. */
  private static void replaced(String id, String what, double measured, double most, int adr) {
    String verdict = measured <= most ? "holds, and is" : "is";
    row(id, what, measured, most, verdict + " replaced by ADR " + adr + ":");
  }

  private static void instead(String what, double measured, double most) {
    row("", what, measured, most, measured <= most ? "holds" : "MISSED");
  }

  private static void row(String id, String what, double measured, double most, String verdict) {
    System.out.printf(
        Locale.ROOT, "| %s | %s | %.3f | %.3f | %s |%n", id, what, measured, most, verdict);
  }

  private double at(String name) {
    return nanos.getOrDefault(name, Double.NaN);
  }

  private double ratio(String name, String other) {
    return at(name) / at(other);
  }
}
