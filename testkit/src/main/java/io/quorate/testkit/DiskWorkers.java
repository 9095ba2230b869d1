package io.quorate.testkit;

import io.quorate.runtime.Workers;
import io.quorate.testkit.world.Life;

/** Holds up the log thread of one process while its disk hangs, and delays it while it is slow. */
/* A turn of the log thread stands for its disk calls: it begins when the disk would be done. So a
 * call that hangs is a turn that has not begun; all other threads go on.
 */
final class DiskWorkers implements Workers {
  private static final String LOG_THREAD = "quorate-log-";

  private final Workers workers;
  private final Life life;
  private final MemberDisk disk;

  DiskWorkers(Workers workers, Life life, MemberDisk disk) {
    this.workers = workers;
    this.life = life;
    this.disk = disk;
  }

  @Override
  public Worker worker(String name, Turn turn) {
    if (!name.startsWith(LOG_THREAD)) {
      return workers.worker(name, turn);
    }
    LogWorker worker = new LogWorker(name, turn);
    disk.onMend(worker::release);
    return worker;
  }

  private final class LogWorker implements Worker {
    private final Turn turn;
    private final Worker worker;
    private boolean delayed;
    private boolean held;

    LogWorker(String name, Turn turn) {
      this.turn = turn;
      worker = workers.worker(name, this::run);
    }

    @Override
    public void wake() {
      if (delayed || held) {
        return;
      }
      long nanos = disk.delayNanos();
      if (nanos == 0) {
        worker.wake();
        return;
      }
      delayed = true;
      life.later(
          nanos,
          () -> {
            delayed = false;
            worker.wake();
          });
    }

    private boolean run() {
      if (disk.holds()) {
        held = true;
        return false;
      }
      if (turn.run()) {
        wake();
      }
      return false;
    }

    private void release() {
      if (held) {
        held = false;
        worker.wake();
      }
    }

    @Override
    public void close() {
      worker.close();
    }
  }
}
