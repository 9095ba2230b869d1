package io.quorate.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.epoll.Epoll;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A closed load: one thread keeps {@code inflight} commands on their way and submits the next as
 * soon as it sees one completed. Fails if a command fails, or if none completes for 10 s.
 */
final class LoadGenerator {
  /*
   * Completions wake the submitting thread as a caller's join would: a lone command pays for that
   * hand-off, many share it. One look at the clock is the end of one command and the start of the
   * next.
   */
  private static final long STALL_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private static final int DIGITS = 3;

  private final Contestant contestant;
  private final Slot[] slots;
  private final Mailbox<Slot> completed = new Mailbox<>();
  private final Thread caller = Thread.currentThread();
  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final Histogram latencies = new Histogram(DIGITS);

  private LoadGenerator(Contestant contestant, int inflight, int payload) {
    this.contestant = contestant;
    slots = new Slot[inflight];
    for (int i = 0; i < inflight; i++) {
      slots[i] = new Slot(payload, i);
    }
  }

  /** Loads a contestant and measures it. Blocks. */
  static Measurement run(
      Contestant contestant, int inflight, int payload, int warmupSeconds, int seconds) {
    LoadGenerator load = new LoadGenerator(contestant, inflight, payload);
    for (Slot slot : load.slots) {
      load.submit(slot, System.nanoTime());
    }
    load.keepBusy(TimeUnit.SECONDS.toNanos(warmupSeconds));
    load.latencies.reset();
    long cpuBefore = load.process.getProcessCpuTime();
    long nanos = load.keepBusy(TimeUnit.SECONDS.toNanos(seconds));
    long cpuNanos = load.process.getProcessCpuTime() - cpuBefore;
    load.settle();
    return new Measurement(
        load.latencies.getTotalCount(),
        nanos,
        cpuNanos,
        load.latencies.getValueAtPercentile(50),
        load.latencies.getValueAtPercentile(99),
        load.latencies.getMaxValue(),
        Epoll.isAvailable() ? "epoll" : "NIO");
  }

  private void submit(Slot slot, long now) {
    slot.submittedNanos = now;
    contestant.submit(slot.command, slot);
  }

  private long keepBusy(long nanos) {
    long start = System.nanoTime();
    long now = start;
    while (now - start < nanos) {
      for (Mailbox.Node<Slot> node = await(); node != null; node = node.next) {
        now = System.nanoTime();
        latencies.recordValue(now - node.item.submittedNanos);
        submit(node.item, now);
      }
    }
    return now - start;
  }

  /* What is on its way at the end of the measured period is waited for and not counted. */
  private void settle() {
    int settled = 0;
    while (settled < slots.length) {
      for (Mailbox.Node<Slot> node = await(); node != null; node = node.next) {
        settled++;
      }
    }
  }

  /** Waits until a command has completed; what has completed meanwhile comes along. */
  private Mailbox.Node<Slot> await() {
    long start = System.nanoTime();
    Mailbox.Node<Slot> oldest = completed.takeAll();
    while (oldest == null) {
      if (System.nanoTime() - start > STALL_NANOS_MAX) {
        throw new IllegalStateException("no command completed for 10 s");
      }
      LockSupport.parkNanos(this, STALL_NANOS_MAX);
      oldest = completed.takeAll();
    }
    for (Mailbox.Node<Slot> node = oldest; node != null; node = node.next) {
      Throwable failure = node.item.failure;
      if (failure != null) {
        throw new IllegalStateException("a command failed: " + failure, failure);
      }
    }
    return oldest;
  }

  /** Room for one command on its way. */
  private final class Slot implements Contestant.Done {
    final byte[] command;
    long submittedNanos;
    @Nullable Throwable failure;

    Slot(int bytes, int number) {
      command = new byte[bytes];
      new Random(number).nextBytes(command);
    }

    @Override
    public void completed(@Nullable Throwable failure) {
      this.failure = failure;
      if (completed.put(this)) {
        LockSupport.unpark(caller);
      }
    }
  }
}
