package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A loop whose turns are events. What is handed over from outside waits for a turn of its own. */
public final class SimLoop implements Loop {
  private final Life life;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private boolean turning;
  private boolean due;

  public SimLoop(Life life) {
    this.life = life;
  }

  @Override
  public void execute(Runnable task) {
    if (life.isOver()) {
      return;
    }
    tasks.add(task);
    if (!turning && !due) {
      due = true;
      life.later(life.weather.hopNanos(), () -> turn(null));
    }
  }

  @Override
  public boolean inLoop() {
    return turning;
  }

  @Override
  public Scheduled schedule(long delayNanos, Runnable task) {
    return life.clock().schedule(delayNanos, () -> turn(task));
  }

  @Override
  public long nanoTime() {
    return life.clock().nanoTime();
  }

  /** True, whatever the monotonic clock does. */
  @Override
  public long wallNanos() {
    return life.setting.agenda().now();
  }

  /** One turn: an input, then all that was handed over, also by the input itself. */
  public void turn(@Nullable Runnable input) {
    due = false;
    turning = true;
    try {
      if (input != null) {
        input.run();
      }
      for (Runnable task = tasks.poll(); task != null && !life.isOver(); task = tasks.poll()) {
        task.run();
      }
    } finally {
      turning = false;
    }
  }
}
