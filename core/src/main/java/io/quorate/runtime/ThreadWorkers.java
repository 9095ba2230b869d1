package io.quorate.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A daemon thread for each worker. Never interrupted: an interrupt would close a FileChannel. */
final class ThreadWorkers implements Workers {
  @Override
  public Worker worker(String name, Turn turn) {
    ThreadWorker worker = new ThreadWorker(name, turn);
    worker.thread.start();
    return worker;
  }

  private static final class ThreadWorker implements Worker {
    private static final int RUNNING = 0;
    private static final int PARKED = 1;
    private static final int WOKEN = 2;
    private static final int CLOSED = 3;

    private final AtomicInteger state = new AtomicInteger(RUNNING);
    private final Turn turn;
    private final Thread thread;

    ThreadWorker(String name, Turn turn) {
      this.turn = turn;
      thread = new Thread(this::run, name);
      thread.setDaemon(true);
    }

    private void run() {
      while (true) {
        state.compareAndSet(WOKEN, RUNNING);
        boolean more = true;
        while (more && state.get() != CLOSED) {
          Thread.interrupted(); // Left behind by user code: it would keep this thread from parking.
          more = turn.run();
        }
        if (state.get() == CLOSED) {
          return;
        }
        if (state.compareAndSet(RUNNING, PARKED)) {
          while (state.get() == PARKED) {
            LockSupport.park(this);
          }
        }
      }
    }

    @Override
    public void wake() {
      int seen = state.get();
      while (seen == RUNNING || seen == PARKED) {
        if (state.compareAndSet(seen, WOKEN)) {
          if (seen == PARKED) {
            LockSupport.unpark(thread);
          }
          return;
        }
        seen = state.get();
      }
    }

    @Override
    public void close() {
      state.set(CLOSED);
      LockSupport.unpark(thread);
      boolean interrupted = false;
      while (thread.isAlive() && Thread.currentThread() != thread) {
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
  }
}
