package io.quorate.benchmarks.log;

import com.sun.management.OperatingSystemMXBean;
import io.quorate.benchmarks.Directories;
import io.quorate.storage.FileLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the log beside a bare loop that writes and forces the same bytes, and opening it beside
 * reading its files; contestants in turn, medians. Prints Markdown tables. {@code benchmarks/run
 * log [rounds]}.
 */
public final class LogReport {
  private static final int ROUNDS = 5;

  /** How often a log is opened before it counts: "no JVM start" says the target. */
  private static final int OPENED_BEFORE = 8;

  private static final long OPENED_BYTES = 1L << 30;
  private static final List<Load> LOADS =
      List.of(
          new Load("1 writer of 1 KiB", 1, 1 << 10, 100, 4_096),
          new Load("1 writer of 64 KiB", 1, 64 << 10, 6_000, 8_192),
          new Load("256 writers of 1 KiB", 256, 1 << 10, 1_500, 2_048));

  private final Path directory;
  private final int rounds;
  private final Map<String, Writer.Factory> contestants = new LinkedHashMap<>();

  private record Run(double megabytesPerSecond, double p50Micros, double cpuMicrosPerMegabyte) {}

  private LogReport(Path directory, int rounds) {
    this.directory = directory;
    this.rounds = rounds;
    contestants.put("bare loop", BareFile::open);
    contestants.put("FileLog", (at, load) -> new QuorateLog(FileLog.at(at).open(), load, false));
    contestants.put(
        "FileLog that only grows", (at, load) -> new QuorateLog(FileLog.at(at).open(), load, true));
  }

  /**
   * In the directory for temporary files, of which it takes 20 GiB: what is deleted while others
   * write costs them time.
   */
  public static void main(String[] args) throws IOException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS;
    Path directory = Files.createTempDirectory("quorate-log");
    try {
      LogReport report = new LogReport(directory, rounds);
      report.writing();
      report.opening();
    } finally {
      Directories.delete(directory);
    }
  }

  // ---- writing ----

  private void writing() throws IOException {
    System.out.println(
        "| a force for | contestant | MB/s | p50 µs | CPU µs/MB | MB/s ÷ bare | CPU ÷ bare |");
    System.out.println("|---|---|---:|---:|---:|---:|---:|");
    for (Load load : LOADS) {
      Map<String, List<Run>> runs = new LinkedHashMap<>();
      for (int round = 0; round <= rounds; round++) {
        for (Map.Entry<String, Writer.Factory> contestant : contestants.entrySet()) {
          Run run = run(contestant.getValue(), load);
          if (round > 0) { // The first one warms up.
            runs.computeIfAbsent(contestant.getKey(), name -> new ArrayList<>()).add(run);
          }
        }
      }
      runs.forEach(
          (name, of) -> print(load, name, median(of), median(runs.values().iterator().next())));
    }
  }

  private static void print(Load load, String name, Run run, Run bare) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.0f | %.0f | %.0f | %.2f | %.2f |%n",
        load.name(),
        name,
        run.megabytesPerSecond,
        run.p50Micros,
        run.cpuMicrosPerMegabyte,
        run.megabytesPerSecond / bare.megabytesPerSecond,
        run.cpuMicrosPerMegabyte / bare.cpuMicrosPerMegabyte);
  }

  private Run run(Writer.Factory contestant, Load load) throws IOException {
    Path own = Files.createTempDirectory(directory, "run");
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long[] nanos = new long[load.batches()];
    try (Writer writer = contestant.open(own, load)) {
      for (int i = 0; i < load.before(); i++) {
        writer.batch();
      }
      long cpu = process.getProcessCpuTime();
      long begin = System.nanoTime();
      long last = begin;
      for (int i = 0; i < nanos.length; i++) {
        writer.batch();
        long now = System.nanoTime();
        nanos[i] = now - last;
        last = now;
      }
      double megabytes = (double) load.batchBytes() * load.batches() / 1e6;
      Arrays.sort(nanos);
      return new Run(
          megabytes * 1e9 / (last - begin),
          nanos[nanos.length / 2] / 1e3,
          (process.getProcessCpuTime() - cpu) / 1e3 / megabytes);
    }
  }

  private static Run median(List<Run> runs) {
    return new Run(
        median(runs.stream().mapToDouble(Run::megabytesPerSecond).toArray()),
        median(runs.stream().mapToDouble(Run::p50Micros).toArray()),
        median(runs.stream().mapToDouble(Run::cpuMicrosPerMegabyte).toArray()));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  // ---- opening ----

  private void opening() throws IOException {
    System.out.println();
    System.out.println("| 1 GiB in entries of | opening it, ms | reading it, ms | ratio |");
    System.out.println("|---:|---:|---:|---:|");
    for (int bytes : new int[] {1 << 10, 16 << 10, 256 << 10}) {
      Path own = Files.createTempDirectory(directory, "open");
      Opening opening = Opening.of(own, OPENED_BYTES, bytes);
      double[] opened = new double[rounds];
      double[] read = new double[rounds];
      for (int round = -OPENED_BEFORE; round < rounds; round++) {
        double reading = opening.readNanos() / 1e6;
        double time = opening.openNanos() / 1e6;
        if (round >= 0) {
          read[round] = reading;
          opened[round] = time;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "| %d KiB | %.0f | %.0f | %.2f |%n",
          bytes >> 10,
          median(opened),
          median(read),
          median(opened) / median(read));
      Directories.delete(own);
    }
  }
}
