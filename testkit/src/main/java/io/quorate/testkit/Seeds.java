package io.quorate.testkit;

import io.quorate.testkit.SimRun.Result;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many seeds, on all cores. The system property {@code quorate.sim.seed} runs that one alone,
 * {@code quorate.sim.seeds} so many of them. A failure is shrunk, unless {@code quorate.sim.shrink}
 * is {@code false}.
 */
public final class Seeds {
  private static final int STEPS_OF_SHORT_SEED = 1_000;

  private final String test;
  private final LongFunction<SimRun> runs;
  private final List<Result> results = new ArrayList<>();
  private final TreeMap<Long, SimFailure> failures = new TreeMap<>();
  private long next;
  private long end;
  private long shortSteps;
  private long shortCpuNanos;

  private Seeds(String test, LongFunction<SimRun> runs) {
    this.test = test;
    this.runs = runs;
  }

  /**
   * Runs seeds from 0; stops at the first that fails.
   *
   * @param runs what to run with a seed; asked by several threads
   * @param count how many, unless a system property says otherwise
   * @throws SimFailure of the smallest seed that failed, saying how to replay it, whole and shrunk
   */
  public static Summary run(Class<?> test, LongFunction<SimRun> runs, int count) {
    Long one = Long.getLong("quorate.sim.seed");
    return one == null
        ? run(test, runs, 0, Integer.getInteger("quorate.sim.seeds", count))
        : run(test, runs, one, one + 1);
  }

  /** The same with the seeds of a range, whatever the system properties say. */
  public static Summary run(Class<?> test, LongFunction<SimRun> runs, long from, long to) {
    return new Seeds(test.getSimpleName(), runs).run(from, to);
  }

  private Summary run(long from, long to) {
    next = from;
    end = to;
    long begin = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = Runtime.getRuntime().availableProcessors(); i > 0; i--) {
      Thread thread = new Thread(this::work, "quorate-seeds-" + i);
      thread.start();
      threads.add(thread);
    }
    threads.forEach(Seeds::join);
    if (!failures.isEmpty()) {
      Map.Entry<Long, SimFailure> first = failures.firstEntry();
      throw runs.apply(first.getKey()).shrunk(test, first.getKey(), first.getValue());
    }
    return summary((System.nanoTime() - begin) / 1e9);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
    for (Long seed = take(); seed != null; seed = take()) {
      long begin = cpu.getCurrentThreadCpuTime();
      try {
        SimRun run = runs.apply(seed);
        done(run, run.seed(test, seed), cpu.getCurrentThreadCpuTime() - begin);
      } catch (SimFailure e) {
        failed(seed, e);
      } catch (RuntimeException | Error e) {
        failed(seed, new SimFailure(test + " seed " + seed + " cannot run: " + e, e));
      }
    }
  }

  private synchronized @Nullable Long take() {
    return next < end && failures.isEmpty() ? next++ : null;
  }

  private synchronized void done(SimRun run, Result result, long nanos) {
    results.add(result);
    if (run.steps() <= STEPS_OF_SHORT_SEED) {
      shortSteps += run.steps();
      shortCpuNanos += nanos;
    }
  }

  private synchronized void failed(long seed, SimFailure failure) {
    failures.put(seed, failure);
  }

  private Summary summary(double seconds) {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (Fault fault : Fault.values()) {
      counts.put(fault.name(), 0L);
    }
    long events = 0;
    long acknowledged = 0;
    int judged = 0;
    List<Long> leaderNanos = new ArrayList<>();
    for (Result result : results) {
      events += result.events();
      acknowledged += result.acknowledged();
      leaderNanos.add(result.leaderNanos());
      judged += result.judged() ? 1 : 0;
      result.faults().forEach((fault, n) -> counts.merge(fault.name(), n.longValue(), Long::sum));
      result.happened().forEach((what, n) -> counts.merge(what, n, Long::sum));
    }
    leaderNanos.sort(null);
    return new Summary(
        results.size(),
        seconds,
        shortSteps / (double) STEPS_OF_SHORT_SEED / (shortCpuNanos / 1e9),
        events,
        acknowledged,
        judged,
        leaderNanos.isEmpty() ? 0 : leaderNanos.get(leaderNanos.size() / 2),
        counts);
  }

  /**
   * What came of all of them.
   *
   * @param shortSeedsPerCpuSecond how many runs of 1,000 steps one core does in a second
   * @param judged how many histories of calls were short enough to be judged by search
   * @param leaderNanosMedian how long it took until there was a leader once all was healed
   * @param counts of all faults by name: those that were injected, and what then happened
   */
  public record Summary(
      int seeds,
      double seconds,
      double shortSeedsPerCpuSecond,
      long events,
      long acknowledged,
      int judged,
      long leaderNanosMedian,
      Map<String, Long> counts) {
    /** On one line. */
    @Override
    public String toString() {
      return String.format(
          "%d seeds, 0 violations, %.1f s, %.0f short seeds per second and core, %d events,"
              + " %d acknowledged, %d histories judged, a leader %d ms after healing (median), %s",
          seeds,
          seconds,
          shortSeedsPerCpuSecond,
          events,
          acknowledged,
          judged,
          leaderNanosMedian / 1_000_000,
          counts);
    }
  }
}
