package io.quorate.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The host's one thread for reading old entries and other work that nobody waits for in a loop;
 * futures that fail in a loop are completed here, because what is chained to them is user code.
 */
final class Background {
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Workers.Worker worker;
  private volatile boolean closed;

  Background(Workers workers, String name) {
    worker = workers.worker(name, this::turn);
  }

  /** Any thread. A task reports its own failure. */
  void execute(Runnable task) {
    tasks.add(task);
    worker.wake();
    if (closed) {
      runAll();
    }
  }

  private boolean turn() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Waits for the task under way; the caller runs those that are left, for they settle futures. */
  void close() {
    worker.close();
    closed = true;
    runAll();
  }

  private void runAll() {
    boolean more = true;
    while (more) {
      more = turn();
    }
  }
}
