package io.quorate.transport;

import io.quorate.spi.Loop;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that runs one task after the other. */
final class MemoryLoop implements Loop {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryLoop.class);
  private static final Scheduled NEVER = () -> {};

  private final ScheduledThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  MemoryLoop(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              thread = made;
              return made;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    offer(task);
  }

  /** As {@link #execute}; false if the loop has closed. What was taken runs, even if it closes. */
  boolean offer(Runnable task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  @Override
  public Scheduled schedule(long delayNanos, Runnable task) {
    try {
      Future<?> future = executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return NEVER; // The loop has closed; the contract is that the task is dropped.
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long wallNanos() {
    return System.currentTimeMillis() * 1_000_000;
  }

  /** Runs what waits, drops what waits for a time, and stops; waits for that. */
  void close() {
    executor.shutdown();
    boolean interrupted = false;
    boolean stopped = false;
    while (!stopped) {
      try {
        stopped = executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("a task failed in a loop", e);
    }
  }
}
