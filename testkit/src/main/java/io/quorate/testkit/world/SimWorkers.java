package io.quorate.testkit.world;

import io.quorate.runtime.Workers;

/**
 * Makes an event of each turn of a worker, some time after it was woken: so a crash may fall
 * between a write and its sync, and between the sync and its report.
 */
public final class SimWorkers implements Workers {
  private final Life life;

  public SimWorkers(Life life) {
    this.life = life;
  }

  @Override
  public Worker worker(String name, Turn turn) {
    return new SimWorker(turn, name.startsWith("quorate-log-"));
  }

  private final class SimWorker implements Worker {
    private final Turn turn;
    private final boolean disk;
    private boolean due;
    private boolean closed;

    SimWorker(Turn turn, boolean disk) {
      this.turn = turn;
      this.disk = disk;
    }

    @Override
    public void wake() {
      if (!due && !closed) {
        due = true;
        life.later(disk ? life.weather.diskNanos() : life.weather.hopNanos(), this::run);
      }
    }

    private void run() {
      due = false;
      if (!closed) {
        life.trace.add(disk ? "disk" : "worker", life.member, 0);
        if (turn.run()) {
          wake();
        }
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
