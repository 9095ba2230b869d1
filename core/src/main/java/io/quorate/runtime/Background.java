package io.quorate.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;

/** The host's one thread for reading old entries and other work that nobody waits for in a loop. */
final class Background {
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Workers.Worker worker;

  Background(Workers workers, String name) {
    worker = workers.worker(name, this::turn);
  }

  /** Any thread. A task reports its own failure. */
  void execute(Runnable task) {
    tasks.add(task);
    worker.wake();
  }

  private boolean turn() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  void close() {
    worker.close();
  }
}
