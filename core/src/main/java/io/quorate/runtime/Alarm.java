package io.quorate.runtime;

import io.quorate.spi.Engine;
import io.quorate.spi.Loop;
import org.jspecify.annotations.Nullable;

/** The one timer of an engine: goes off at its deadline or before, never later. Loop only. */
final class Alarm {
  private final Loop loop;
  private final Runnable task;
  private Loop.@Nullable Scheduled timer;
  private long timerAt;

  Alarm(Loop loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  /** Sees to it that the task runs at the deadline; a timer that is earlier stays. */
  void set(long deadline, long now) {
    if (deadline != Engine.NEVER && (timer == null || deadline - timerAt < 0)) {
      cancel();
      timerAt = deadline;
      timer = loop.schedule(Math.max(0, deadline - now), this::ring);
    }
  }

  private void ring() {
    timer = null;
    task.run();
  }

  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
