package io.quorate.benchmarks.snapshot;

import io.quorate.SnapshotInfo;
import io.quorate.benchmarks.Directories;
import io.quorate.benchmarks.OpenLoad;
import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import io.quorate.spi.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Measures writes with and without a snapshot on its way, and how fast a member gets one beside
 * what disk and loopback can do; in turn, medians of some rounds. Prints Markdown tables and says
 * which targets are met. {@code benchmarks/run snapshot [raft|paxos [MiB [rounds]]]}.
 */
public final class SnapshotReport {
  private static final int ROUNDS = 3;
  private static final int STATE_MIB = 1024;
  private static final int WRITES_PER_SECOND = 2_000;
  private static final long WINDOW_SECONDS = 8;
  private static final double P99_RATIO_MAX = 2;
  private static final double LIMIT_RATIO_MIN = 0.5;

  private final Path directory;
  private final Protocol<?> protocol;
  private final long stateBytes;
  private final int rounds;

  private final Windows without = new Windows("no snapshot on its way");
  private final Windows taking = new Windows("while the leader takes one");
  private final Windows installing = new Windows("while a follower gets one, default pace");
  private final Windows coming = new Windows("of that: until it is durable");
  private final Windows restoring = new Windows("of that: until it is restored, too");
  private final Rates disk = new Rates("bare file, written past the page cache, forced once");
  private final Rates loopback = new Rates("bare connection over loopback");
  private final Rates taken = new Rates("the leader takes one, under load");
  private final Rates received = new Rates("a follower gets one, no throttle, idle: until durable");
  private final Rates restored = new Rates("the same, until its state machine has it, too");
  private final Rates paced = new Rates("a follower gets one, default pace, under load");

  private final List<Double> captures = new ArrayList<>();

  private SnapshotReport(Path directory, Protocol<?> protocol, long stateBytes, int rounds) {
    this.directory = directory;
    this.protocol = protocol;
    this.stateBytes = stateBytes;
    this.rounds = rounds;
  }

  /** In the directory for temporary files, of which it takes up to 20 times the state. */
  public static void main(String[] args) throws IOException {
    boolean paxos = args.length > 0 && args[0].equals("paxos");
    long mebibytes = args.length > 1 ? Long.parseLong(args[1]) : STATE_MIB;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : ROUNDS;
    Path directory = Files.createTempDirectory("quorate-snapshot");
    try {
      SnapshotReport report =
          new SnapshotReport(
              directory, paxos ? MultiPaxos.protocol() : Raft.protocol(), mebibytes << 20, rounds);
      report.measure();
      System.out.println(report.text());
    } finally {
      Directories.delete(directory);
    }
  }

  private void measure() throws IOException {
    try (Scene scene = Scene.start(protocol, directory, stateBytes, this::captured)) {
      say("the state is there: %d MiB", stateBytes >> 20);
      warmUp(scene);
      for (int round = 1; round <= rounds; round++) {
        limits();
        underLoad(scene);
        idle(scene);
        scene.checkUndisturbed();
      }
    }
  }

  /** In the apply thread of a replica; one snapshot is taken at a time. */
  private synchronized void captured(long nanos) {
    captures.add(nanos / 1e6);
    say("commands have waited %.1f ms for the state machine to capture its state", nanos / 1e6);
  }

  /** Once all that is measured: what is compiled takes processors from what is measured. */
  private static void warmUp(Scene scene) throws IOException {
    scene.load().rate(WRITES_PER_SECOND);
    pass(WINDOW_SECONDS);
    scene.snapshot();
    scene.install(Scene.THROTTLED, scene.leaveBehind(Scene.THROTTLED), () -> {});
    scene.load().rate(0);
  }

  private void limits() throws IOException {
    disk.add(stateBytes, Limits.disk(directory, stateBytes));
    loopback.add(stateBytes, Limits.loopback(stateBytes));
  }

  private void underLoad(Scene scene) throws IOException {
    OpenLoad load = scene.load();
    load.rate(WRITES_PER_SECOND);
    pass(1);
    load.latencies();
    pass(WINDOW_SECONDS);
    without.add(load.latencies());

    long begin = System.nanoTime();
    SnapshotInfo snapshot = scene.snapshot();
    taking.add(load.latencies());
    taken.add(snapshot.bytes(), (System.nanoTime() - begin) / 1e9);

    SnapshotInfo behind = scene.leaveBehind(Scene.THROTTLED);
    pass(1);
    load.latencies();
    Scene.Installed installed =
        scene.install(Scene.THROTTLED, behind, () -> coming.add(load.latencies()));
    Histogram rest = load.latencies();
    restoring.add(rest.copy());
    rest.add(coming.last());
    installing.add(rest);
    paced.add(installed.bytes(), installed.durableSeconds());
    load.counts(); // Fails if a command has.
    load.rate(0);
  }

  private void idle(Scene scene) throws IOException {
    SnapshotInfo behind = scene.leaveBehind(Scene.UNTHROTTLED);
    pass(1);
    Scene.Installed installed = scene.install(Scene.UNTHROTTLED, behind, () -> {});
    received.add(installed.bytes(), installed.durableSeconds());
    restored.add(installed.bytes(), installed.restoredSeconds());
  }

  private static void pass(long seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, format + "%n", values);
  }

  // ---- the report ----

  private String text() throws IOException {
    double limit = Math.min(disk.median(), loopback.median());
    StringBuilder out = new StringBuilder();
    line(
        out,
        "| %,d writes of 1 KiB a second | p50 µs | p99 µs | most µs | p99 ÷ |",
        WRITES_PER_SECOND);
    line(out, "|---|---:|---:|---:|---:|");
    for (Windows windows : List.of(without, taking, installing, coming, restoring)) {
      line(out, "%s", windows.row(without));
    }
    line(out, "");
    line(out, "| a snapshot of %,d MiB | MB/s | ÷ the limit |", stateBytes >> 20);
    line(out, "|---|---:|---:|");
    for (Rates rates : List.of(disk, loopback, taken, received, restored, paced)) {
      line(out, "%s", rates.row(limit));
    }
    line(out, "");
    line(out, "%s", verdict("p99 of writes while a snapshot is taken", taking));
    line(out, "%s", verdict("p99 of writes while a follower gets one", installing));
    double ratio = received.median() / limit;
    line(
        out,
        "- %s: a snapshot is got at %.2f of the limit, %.2f until the state machine has it; at"
            + " least %.1f is wanted.",
        ratio >= LIMIT_RATIO_MIN ? "met" : "MISSED",
        ratio,
        restored.median() / limit,
        LIMIT_RATIO_MIN);
    line(
        out,
        "- To capture the state, a map of %,d values, takes the state machine %.2f ms (the most"
            + " %.2f): commands wait meanwhile.",
        stateBytes / Scene.VALUE_BYTES,
        captured().middle(),
        captured().greatest());
    line(out, "");
    line(
        out,
        "%s; a state of values of %d KiB; medians of %d rounds (least–greatest); Java %s with at"
            + " most %,d MiB of heap, %d processors, logs on %s.",
        protocol.name(),
        Scene.VALUE_BYTES >> 10,
        rounds,
        System.getProperty("java.version"),
        Runtime.getRuntime().maxMemory() >> 20,
        Runtime.getRuntime().availableProcessors(),
        Files.getFileStore(directory).type());
    return out.toString();
  }

  private synchronized Median captured() {
    return Median.of(captures.stream().mapToDouble(millis -> millis).toArray());
  }

  private String verdict(String what, Windows windows) {
    double ratio = windows.p99() / without.p99();
    return String.format(
        Locale.ROOT,
        "- %s: %s is %.2f times that of none; at most %.0f is wanted.",
        ratio <= P99_RATIO_MAX ? "met" : "MISSED",
        what,
        ratio,
        P99_RATIO_MAX);
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  /** Latencies of some windows of time. */
  private static final class Windows {
    private final String name;
    private final List<Histogram> windows = new ArrayList<>();

    Windows(String name) {
      this.name = name;
    }

    void add(Histogram window) {
      windows.add(window);
      say(
          "%s: %,d writes, p50 %,.0f µs, p99 %,.0f µs, most %,.0f µs",
          name,
          window.getTotalCount(),
          window.getValueAtPercentile(50) / 1e3,
          window.getValueAtPercentile(99) / 1e3,
          window.getMaxValue() / 1e3);
    }

    Histogram last() {
      return windows.get(windows.size() - 1);
    }

    double p99() {
      return Median.of(micros(99)).middle();
    }

    private double[] micros(double percentile) {
      return windows.stream()
          .mapToDouble(window -> window.getValueAtPercentile(percentile) / 1e3)
          .toArray();
    }

    String row(Windows base) {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %s | %s | %.2f |",
          name,
          Median.of(micros(50)).text(),
          Median.of(micros(99)).text(),
          Median.of(micros(100)).text(),
          p99() / base.p99());
    }
  }

  /** How fast some bytes went, in each round. */
  private static final class Rates {
    private final String name;
    private final List<Double> rates = new ArrayList<>();

    Rates(String name) {
      this.name = name;
    }

    void add(long bytes, double seconds) {
      rates.add(bytes / 1e6 / seconds);
      say("%s: %,.0f MB/s", name, bytes / 1e6 / seconds);
    }

    double median() {
      return spread().middle();
    }

    private Median spread() {
      return Median.of(rates.stream().mapToDouble(rate -> rate).toArray());
    }

    String row(double limit) {
      return String.format(
          Locale.ROOT, "| %s | %s | %.2f |", name, spread().text(), median() / limit);
    }
  }

  private record Median(double middle, double least, double greatest) {
    static Median of(double[] values) {
      Arrays.sort(values);
      return new Median(values[values.length / 2], values[0], values[values.length - 1]);
    }

    String text() {
      return String.format(Locale.ROOT, "%,.0f (%,.0f–%,.0f)", middle, least, greatest);
    }
  }
}
