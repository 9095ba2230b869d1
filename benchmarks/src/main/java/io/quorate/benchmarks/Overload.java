package io.quorate.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.quorate.OverloadedException;
import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import io.quorate.spi.Protocol;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * Finds what three replicas can do at most, then offers three times as much for a minute, and half
 * of it before and afterwards. Prints a Markdown table, says which targets are met, and draws it
 * over time. {@code benchmarks/run overload [raft|paxos [seconds [plot.svg]]]}.
 */
public final class Overload {
  private static final int[] INFLIGHT = {256, 1_024, 4_096, 16_384, 65_000};
  private static final int PAYLOAD = 1_024;
  private static final int ROUNDS = 3;
  private static final int PEAK_SECONDS = 3;
  private static final int WARMUP_SECONDS = 8;
  private static final int CALM_SECONDS = 10;
  private static final int DRAIN_SECONDS = 2;
  private static final int OVERLOAD_SECONDS = 60;
  private static final double FACTOR = 3;
  private static final double CALM = 0.5;
  private static final double GOODPUT_MIN = 0.9;
  private static final double MEMORY_GROWTH_MAX = 1.1;
  private static final double RECOVERED_P99_MAX = 2;
  private static final double SUBMITTED_MIN = 0.95;
  private static final double MIB = 1 << 20;
  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** More than a replica lets wait, so that commands are never short. */
  private static final int SLOTS = 80_000;

  private final Protocol<?> protocol;
  private final int seconds;
  private final List<Sample> samples = new ArrayList<>();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long beganNanos;

  /** What was between two looks. */
  private record Sample(
      double at, double goodput, double refusals, long heap, long afterCollection, long resident) {}

  /** A time with one rate of commands. */
  private record Phase(
      String name,
      double offered,
      OpenLoad.Counts counts,
      Histogram latencies,
      double cpu,
      List<Sample> samples,
      long liveEarly,
      long liveLate) {
    double goodput() {
      return counts.rate(counts.completed());
    }

    double submitted() {
      return counts.rate(counts.submitted());
    }

    List<Sample> firstHalf() {
      return samples.subList(0, samples.size() / 2);
    }

    List<Sample> secondHalf() {
      return samples.subList(samples.size() / 2, samples.size());
    }
  }

  private Overload(Protocol<?> protocol, int seconds) {
    this.protocol = protocol;
    this.seconds = seconds;
  }

  /** Its logs are in the directory for temporary files. */
  public static void main(String[] args) throws IOException {
    boolean paxos = args.length > 0 && args[0].equals("paxos");
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : OVERLOAD_SECONDS;
    Path plot = Path.of(args.length > 2 ? args[2] : "docs/overload.svg");
    Path directory = Files.createTempDirectory("quorate-overload");
    try {
      new Overload(paxos ? MultiPaxos.protocol() : Raft.protocol(), seconds)
          .measure(directory, plot);
    } finally {
      Directories.delete(directory);
    }
  }

  private void measure(Path directory, Path plot) throws IOException {
    double peak;
    Phase before;
    Phase over;
    Phase drain;
    Phase after;
    try (QuorateContestant group = QuorateContestant.start(protocol, directory)) {
      peak = peak(group);
      try (OpenLoad load =
          new OpenLoad(group.leader()::propose, PAYLOAD, SLOTS, System::nanoTime)) {
        beganNanos = System.nanoTime();
        before = phase(load, "before", CALM * peak, CALM_SECONDS);
        over = phase(load, "overload", FACTOR * peak, seconds);
        drain = phase(load, "the first 2 s after it", CALM * peak, DRAIN_SECONDS);
        after = phase(load, "then", CALM * peak, CALM_SECONDS);
      }
      if (!group.undisturbed()) {
        throw new IllegalStateException("the leader changed during the run: nothing to compare");
      }
    }
    double alone = generatorAlone(FACTOR * peak);
    report(peak, List.of(before, over, drain, after), alone);
    verdicts(peak, before, over, after);
    Files.writeString(plot, draw(before, over));
    System.out.printf(
        Locale.ROOT,
        "%n%s; %,d bytes a command; Java %s with at most %,d MiB of heap, %d processors; logs on"
            + " %s. Plot: %s%n",
        protocol.name(),
        PAYLOAD,
        System.getProperty("java.version"),
        Runtime.getRuntime().maxMemory() >> 20,
        Runtime.getRuntime().availableProcessors(),
        Files.getFileStore(directory).type(),
        plot);
  }

  /** The most acknowledged commands a second, of some closed loads; medians. */
  private static double peak(Contestant group) {
    double[][] rates = new double[INFLIGHT.length][ROUNDS];
    LoadGenerator.run(group, INFLIGHT[0], PAYLOAD, WARMUP_SECONDS, 1);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < INFLIGHT.length; i++) {
        rates[i][round] =
            LoadGenerator.run(group, INFLIGHT[i], PAYLOAD, 1, PEAK_SECONDS).operationsPerSecond();
      }
    }
    double peak = 0;
    for (int i = 0; i < INFLIGHT.length; i++) {
      Arrays.sort(rates[i]);
      double median = rates[i][ROUNDS / 2];
      System.err.printf(Locale.ROOT, "K=%d: %,.0f ops/s%n", INFLIGHT[i], median);
      peak = Math.max(peak, median);
    }
    return peak;
  }

  private Phase phase(OpenLoad load, String name, double offered, int length) throws IOException {
    load.rate(offered);
    load.latencies();
    long cpu = process.getProcessCpuTime();
    OpenLoad.Counts first = load.counts();
    Histogram all = new Histogram(3);
    int from = samples.size();
    OpenLoad.Counts last = first;
    long early = 0;
    while (last.nanos() - first.nanos() < TimeUnit.SECONDS.toNanos(length)) {
      pass(SAMPLE_NANOS);
      OpenLoad.Counts now = load.counts();
      sample(now.since(last), now.nanos());
      all.add(load.latencies());
      last = now;
      if (early == 0 && last.nanos() - first.nanos() > TimeUnit.SECONDS.toNanos(length) / 3) {
        early = Memory.live();
      }
    }
    OpenLoad.Counts counts = last.since(first);
    System.err.printf(
        Locale.ROOT,
        "%s: offered %,.0f/s, goodput %,.0f/s, refused %,.0f/s%n",
        name,
        offered,
        counts.rate(counts.completed()),
        counts.rate(counts.refused()));
    return new Phase(
        name,
        offered,
        counts,
        all,
        (double) (process.getProcessCpuTime() - cpu) / counts.nanos(),
        List.copyOf(samples.subList(from, samples.size())),
        early,
        Memory.live());
  }

  private void sample(OpenLoad.Counts counts, long nanos) throws IOException {
    samples.add(
        new Sample(
            (nanos - beganNanos) / 1e9,
            counts.rate(counts.completed()),
            counts.rate(counts.refused()),
            Memory.heap(),
            Memory.heapAfterCollection(),
            Memory.resident()));
  }

  /** What the submitting thread takes of a core where all is refused at once, for nothing. */
  private static double generatorAlone(double offered) {
    CompletableFuture<Object> no =
        CompletableFuture.failedFuture(new OverloadedException("no", Duration.ofMillis(1)));
    try (OpenLoad load = new OpenLoad(command -> no, PAYLOAD, SLOTS, System::nanoTime)) {
      load.rate(offered);
      pass(TimeUnit.SECONDS.toNanos(2));
      OpenLoad.Counts first = load.counts();
      pass(TimeUnit.SECONDS.toNanos(2));
      return load.counts().since(first).cpu();
    }
  }

  private static void pass(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  // ---- the report ----

  private static void report(double peak, List<Phase> phases, double generatorAlone) {
    System.out.printf(Locale.ROOT, "Peak: %,.0f ops/s.%n%n", peak);
    System.out.println(
        "| | offered /s | submitted /s | goodput /s | ÷ peak | refused /s | p50 ms | p99 ms | heap,"
            + " alive at its end, MiB | heap, most, MiB | resident, most, MiB | cores, all | cores,"
            + " submitting |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (Phase phase : phases) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %,.0f | %,.0f | %,.0f | %.2f | %,.0f | %.1f | %.1f | %,.0f | %,.0f | %,.0f"
              + " | %.2f | %.2f |%n",
          phase.name,
          phase.offered,
          phase.submitted(),
          phase.goodput(),
          phase.goodput() / peak,
          phase.counts.rate(phase.counts.refused()),
          phase.latencies.getValueAtPercentile(50) / 1e6,
          phase.latencies.getValueAtPercentile(99) / 1e6,
          phase.liveLate / MIB,
          greatest(phase.samples, Sample::heap) / MIB,
          greatest(phase.samples, Sample::resident) / MIB,
          phase.cpu,
          phase.counts.cpu());
    }
    System.out.printf(
        Locale.ROOT,
        "%nThe submitting thread alone, with nobody behind it, takes %.2f cores at that rate.%n%n",
        generatorAlone);
  }

  private static double greatest(List<Sample> of, ToLongFunction<Sample> memory) {
    return of.stream().mapToLong(memory).max().orElse(0);
  }

  private static void verdicts(double peak, Phase before, Phase over, Phase after) {
    double goodput = over.goodput() / peak;
    verdict(
        goodput >= GOODPUT_MIN,
        "goodput under overload is %.2f of the peak; at least %.1f is wanted",
        goodput,
        GOODPUT_MIN);
    double heap = (double) over.liveLate / over.liveEarly;
    double resident =
        greatest(over.secondHalf(), Sample::resident)
            / greatest(over.firstHalf(), Sample::resident);
    verdict(
        Math.max(heap, resident) <= MEMORY_GROWTH_MAX,
        "what is alive on the heap at its end is %.2f times what was after a third of it, the"
            + " greatest resident memory of its second half %.2f times that of the first; at most"
            + " %.1f is wanted",
        heap,
        resident,
        MEMORY_GROWTH_MAX);
    double p99 =
        (double) after.latencies.getValueAtPercentile(99)
            / before.latencies.getValueAtPercentile(99);
    verdict(
        p99 <= RECOVERED_P99_MAX && after.counts.refused() == 0,
        "from %d s after it on %d commands are refused, and p99 is %.2f times what it was before;"
            + " none and at most %.0f are wanted",
        DRAIN_SECONDS,
        after.counts.refused(),
        p99,
        RECOVERED_P99_MAX);
    verdict(
        over.counts.starved() == 0 && over.submitted() >= SUBMITTED_MIN * over.offered,
        "the generator has submitted %.2f of what it was to; %d commands were short",
        over.submitted() / over.offered,
        over.counts.starved());
  }

  private static void verdict(boolean met, String format, Object... values) {
    System.out.printf(Locale.ROOT, "- %s: " + format + ".%n", prepend(met, values));
  }

  private static Object[] prepend(boolean met, Object[] values) {
    Object[] all = new Object[values.length + 1];
    all[0] = met ? "met" : "MISSED";
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }

  private String draw(Phase before, Phase over) {
    double from = before.samples.get(before.samples.size() - 1).at;
    double to = over.samples.get(over.samples.size() - 1).at;
    return new Plot(samples.stream().mapToDouble(Sample::at).toArray())
        .band(from, to, "three times the peak is offered")
        .panel(
            "commands a second",
            line("acknowledged", Sample::goodput),
            line("refused", Sample::refusals))
        .panel(
            "MiB of memory",
            line("resident", sample -> sample.resident / MIB),
            line("heap after a collection", sample -> sample.afterCollection / MIB))
        .svg();
  }

  private Plot.Line line(String name, ToDoubleFunction<Sample> value) {
    return new Plot.Line(name, samples.stream().mapToDouble(value).toArray());
  }
}
