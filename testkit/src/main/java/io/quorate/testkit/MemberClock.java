package io.quorate.testkit;

import io.quorate.testkit.world.Life;
import org.jspecify.annotations.Nullable;

/**
 * The monotonic clock of a simulated member. Each process of the member reads it from another
 * origin, now and then close to where a long overflows; timers go by it.
 */
public final class MemberClock {
  private double rate = 1;
  private @Nullable Life process;

  MemberClock() {}

  /** A process of the member begins. */
  void started(Life life) {
    process = life;
    if (rate != 1) {
      life.clock().rate(rate);
    }
  }

  /**
   * How fast the clock runs from now on, also in later processes of the member, until {@link
   * Sim#heal}.
   *
   * @param faster 1 for as fast as time goes; above 0
   */
  public void rate(double faster) {
    if (!(faster > 0) || faster > 1e6) {
      throw new IllegalArgumentException("a clock runs forward at some speed, not at " + faster);
    }
    if (faster == rate) {
      return;
    }
    rate = faster;
    Life running = running();
    if (running != null) {
      running.clock().rate(faster);
    }
  }

  /** The clock leaps forward; nobody notices while no process runs. */
  public void jump(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("a monotonic clock never goes back");
    }
    Life running = running();
    if (running != null) {
      running.clock().jump(nanos);
    }
  }

  /** What the process reads now; 0 while none runs. */
  public long nanoTime() {
    Life running = running();
    return running == null ? 0 : running.clock().nanoTime();
  }

  private @Nullable Life running() {
    return process == null || process.isOver() ? null : process;
  }
}
