package io.quorate.benchmarks;

import io.quorate.OverloadedException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * An open load: one thread submits at a rate, whatever becomes of what it has submitted. Latencies
 * run from the moment at which a command was due, so a generator that is late, and one that waits
 * behind what is slow, hides nothing.
 */
public final class OpenLoad implements AutoCloseable {
  /*
   * Commands are made beforehand and used again once they are settled, so that the load makes no
   * garbage but the futures. A rate that has commands due more often than threads can sleep is
   * submitted in small bursts.
   */
  private static final long SETTLED_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long BURST_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int DIGITS = 3;

  private final Function<byte[], ? extends CompletableFuture<?>> target;
  private final LongSupplier key;
  private final ArrayDeque<Slot> free = new ArrayDeque<>();
  private final int slots;
  private final Mailbox<Slot> settled = new Mailbox<>();
  private final Recorder latencies = new Recorder(DIGITS);
  private long submitted; // These four of the submitting thread only,
  private long completed;
  private long refused;
  private long starved;
  private volatile long[] told = new long[4]; // and here for others, once a turn.
  private final Thread thread = new Thread(this::run, "open-load");
  private volatile long intervalNanos;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /**
   * What has become of a load so far; subtract two for what was between.
   *
   * @param starved commands that were due while all that were made beforehand were on their way
   * @param cpuNanos CPU time of the submitting thread, with what the target does on it
   */
  public record Counts(
      long nanos, long submitted, long completed, long refused, long starved, long cpuNanos) {
    /** What has happened since. */
    public Counts since(Counts before) {
      return new Counts(
          nanos - before.nanos,
          submitted - before.submitted,
          completed - before.completed,
          refused - before.refused,
          starved - before.starved,
          cpuNanos - before.cpuNanos);
    }

    /** So many in a second. */
    public double rate(long count) {
      return count * 1e9 / nanos;
    }

    /** The submitting thread's part of one core. */
    public double cpu() {
      return (double) cpuNanos / nanos;
    }
  }

  /**
   * A load that stands still.
   *
   * @param slots how many commands may be on their way
   * @param key what a command's first eight bytes are; asked by the submitting thread
   */
  public OpenLoad(
      Function<byte[], ? extends CompletableFuture<?>> target,
      int payload,
      int slots,
      LongSupplier key) {
    this.target = target;
    this.key = key;
    this.slots = slots;
    for (int i = 0; i < slots; i++) {
      free.add(new Slot(payload, i));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on so many commands a second; 0 pauses. */
  public void rate(double perSecond) {
    intervalNanos = perSecond == 0 ? 0 : Math.max(1, Math.round(1e9 / perSecond));
    LockSupport.unpark(thread);
  }

  /**
   * What has happened so far.
   *
   * @throws IllegalStateException if a command has failed for another reason than overload
   */
  public Counts counts() {
    Throwable cause = failure;
    if (cause != null) {
      throw new IllegalStateException("a command failed: " + cause, cause);
    }
    long[] now = told;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return new Counts(
        System.nanoTime(),
        now[0],
        now[1],
        now[2],
        now[3],
        threads.getThreadCpuTime(thread.getId()));
  }

  /** Latencies of what has completed since the last call. */
  public Histogram latencies() {
    return latencies.getIntervalHistogram();
  }

  private void run() {
    long due = System.nanoTime();
    long before = 0;
    while (!closed) {
      drain();
      told = new long[] {submitted, completed, refused, starved};
      long interval = intervalNanos;
      long now = System.nanoTime();
      if (interval != before) {
        before = interval;
        due = now; // What it owes of another rate is not made good.
      }
      if (interval == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
        continue;
      }
      for (; due - now <= 0; due += interval) {
        submit(due);
      }
      LockSupport.parkNanos(interval < BURST_NANOS / 10 ? BURST_NANOS : due - System.nanoTime());
    }
    long start = System.nanoTime();
    while (free.size() < slots && System.nanoTime() - start < SETTLED_NANOS_MAX) {
      drain();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void submit(long due) {
    Slot slot = free.poll();
    if (slot == null) {
      drain();
      slot = free.poll();
    }
    if (slot == null) {
      starved++;
      return;
    }
    slot.dueNanos = due;
    ByteBuffer.wrap(slot.command).putLong(0, key.getAsLong());
    submitted++;
    var unused = target.apply(slot.command).handle(slot);
  }

  private void drain() {
    for (Mailbox.Node<Slot> node = settled.takeAll(); node != null; node = node.next) {
      settle(node.item);
    }
  }

  private void settle(Slot slot) {
    Throwable why = slot.failure;
    if (why == null) {
      completed++;
      latencies.recordValue(Math.max(0, slot.settledNanos - slot.dueNanos));
    } else if (why instanceof OverloadedException) {
      refused++;
    } else {
      failure = why;
    }
    free.push(slot); // The next one to be used: it is in the processor's cache.
  }

  /** Submits no more, and waits until all is settled. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
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

  /** One command, which is on its way or free. */
  /* For handle: what whenComplete returns would get an exception of its own for each failure. */
  private final class Slot implements BiFunction<@Nullable Object, @Nullable Throwable, Slot> {
    final byte[] command;
    long dueNanos;
    long settledNanos;
    @Nullable Throwable failure;

    Slot(int bytes, int number) {
      command = new byte[bytes];
      new Random(number).nextBytes(command);
    }

    @Override
    public Slot apply(@Nullable Object reply, @Nullable Throwable failure) {
      this.failure = failure;
      if (Thread.currentThread() == thread) {
        settle(this); // It was refused at once.
      } else {
        settledNanos = System.nanoTime();
        settled.put(this);
      }
      return this;
    }
  }
}
