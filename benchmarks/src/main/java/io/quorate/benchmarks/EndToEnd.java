package io.quorate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures the contestants in turn and prints a Markdown table. {@code benchmarks/run --help} lists
 * the options.
 */
public final class EndToEnd {
  private static final int BAD_ARGUMENTS = 2;

  private EndToEnd() {}

  /** Exits with 2 if an option is wrong, with 1 if a run failed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> arguments = List.of(args);
    if (arguments.contains("--help")) {
      System.out.println(Options.HELP);
      return;
    }
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(BAD_ARGUMENTS);
      return;
    }
    try {
      System.out.println(measure(options));
    } catch (IllegalStateException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** Runs everything; progress goes to standard error, one line a run. */
  static String measure(Options options) throws IOException, InterruptedException {
    Report report = new Report();
    String io = "";
    for (int inflight : options.inflight()) {
      for (int round = 1; round <= options.rounds(); round++) {
        for (String engine : options.engines()) {
          Measurement run = ChildRun.of(options, engine, inflight);
          io = run.io();
          report.add(inflight, engine, run);
          System.err.printf(
              Locale.ROOT,
              "K=%d round %d of %d, %s: %,.0f ops/s, p50 %,.0f µs, CPU %.1f µs/op%n",
              inflight,
              round,
              options.rounds(),
              engine,
              run.operationsPerSecond(),
              run.p50Micros(),
              run.cpuMicrosPerOperation());
        }
      }
    }
    return report.table() + System.lineSeparator() + System.lineSeparator() + setting(options, io);
  }

  private static String setting(Options options, String io) throws IOException {
    Path directory = options.directory();
    return String.format(
        Locale.ROOT,
        "%,d bytes a command; %d s after %d s of warm-up; medians of %d (smallest–largest);"
            + " Java %s with %s, %d processors, Netty on %s, logs on %s.",
        options.payload(),
        options.seconds(),
        options.warmup(),
        options.rounds(),
        System.getProperty("java.version"),
        String.join(" ", options.jvm()),
        Runtime.getRuntime().availableProcessors(),
        io,
        Files.getFileStore(directory).type());
  }
}
