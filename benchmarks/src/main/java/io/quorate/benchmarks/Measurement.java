package io.quorate.benchmarks;

import java.util.Locale;

/**
 * What one run found.
 *
 * @param operations completed in the measured period
 * @param nanos the length of that period
 * @param cpuNanos CPU time of the whole process in it: three replicas and the load
 * @param p50Nanos latency from submitting a command to the submitting thread's seeing it completed
 * @param io what moves Netty's bytes: epoll or NIO
 */
record Measurement(
    long operations,
    long nanos,
    long cpuNanos,
    long p50Nanos,
    long p99Nanos,
    long maxNanos,
    String io) {
  /** What {@link #line} begins with. */
  static final String MARK = "measured";

  private static final int FIELDS = 7;

  double operationsPerSecond() {
    return operations * 1e9 / nanos;
  }

  double p50Micros() {
    return p50Nanos / 1e3;
  }

  double p99Micros() {
    return p99Nanos / 1e3;
  }

  double cpuMicrosPerOperation() {
    return cpuNanos / 1e3 / operations;
  }

  /** The form in which a run tells it to who started it. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s %d %d %d %d %d %d %s",
        MARK,
        operations,
        nanos,
        cpuNanos,
        p50Nanos,
        p99Nanos,
        maxNanos,
        io);
  }

  /**
   * The reverse of {@link #line}.
   *
   * @throws IllegalArgumentException if it is no such line
   */
  static Measurement parse(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS + 1 || !fields[0].equals(MARK)) {
      throw new IllegalArgumentException("not a measurement: " + line);
    }
    return new Measurement(
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]),
        Long.parseLong(fields[4]),
        Long.parseLong(fields[5]),
        Long.parseLong(fields[6]),
        fields[7]);
  }
}
