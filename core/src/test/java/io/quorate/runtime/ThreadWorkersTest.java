package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadWorkersTest {
  private final ThreadWorkers workers = new ThreadWorkers();

  @Test
  void noWakeUpIsLostHoweverManyThreadsWake() throws InterruptedException {
    AtomicLong put = new AtomicLong();
    AtomicLong seen = new AtomicLong();
    Workers.Worker worker =
        workers.worker(
            "test-worker",
            () -> {
              seen.set(put.get());
              return false;
            });
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  long mine = put.incrementAndGet();
                  worker.wake();
                  if (i % 10 == 0) {
                    // Nobody else needs to wake it: what I put is seen.
                    while (seen.get() < mine) {
                      Thread.onSpinWait();
                    }
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    while (seen.get() < put.get()) {
      Thread.onSpinWait();
    }
    worker.close();
    assertEquals(80_000, seen.get());
  }

  @Test
  void aTurnThatSaysMoreIsRunAgain() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(1000);
    CountDownLatch done = new CountDownLatch(1);
    Workers.Worker worker =
        workers.worker(
            "test-worker",
            () -> {
              if (left.get() > 0 && left.decrementAndGet() == 0) {
                done.countDown();
              }
              return left.get() > 0;
            });
    assertTrue(done.await(10, TimeUnit.SECONDS));
    worker.close();
  }

  @Test
  void closeWaitsForTheTurnUnderWayAndRunsNoOther() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean finished = new AtomicBoolean();
    Workers.Worker worker =
        workers.worker(
            "test-worker",
            () -> {
              turns.incrementAndGet();
              begun.countDown();
              awaitQuietly(finish);
              finished.set(true);
              return true;
            });
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    CountDownLatch closed = new CountDownLatch(1);
    Thread closer =
        new Thread(
            () -> {
              worker.close();
              closed.countDown();
            });
    closer.start();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(finished.get());
    finish.countDown();
    assertTrue(closed.await(10, TimeUnit.SECONDS));
    assertTrue(finished.get());
    worker.wake();
    assertEquals(1, turns.get());
  }

  @Test
  void anInterruptThatATurnLeavesBehindIsGoneInTheNext() throws InterruptedException {
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch second = new CountDownLatch(2);
    Workers.Worker worker =
        workers.worker(
            "test-worker",
            () -> {
              interrupted.set(interrupted.get() || Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
              second.countDown();
              return turns.incrementAndGet() < 2;
            });
    assertTrue(second.await(10, TimeUnit.SECONDS));
    worker.close();
    assertFalse(interrupted.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
