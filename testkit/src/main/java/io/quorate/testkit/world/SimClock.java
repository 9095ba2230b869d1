package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import io.quorate.testkit.WorldFault;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The monotonic clock of one process, and the timers that go by it. It begins anywhere, runs at a
 * rate of its own, may leap forward and may stand still.
 */
public final class SimClock {
  private static final long SOON_NANOS = 30_000_000_000L;

  private final Agenda agenda;
  private final Incidents incidents;
  private final Life life;
  private final List<Timer> timers = new ArrayList<>();
  private double rate = 1;
  private boolean standing;

  // The clock showed baseNanos when the agenda was at since.
  private long baseNanos;
  private long since;

  SimClock(Setting setting, Life life, long origin) {
    agenda = setting.agenda();
    incidents = setting.incidents();
    this.life = life;
    baseNanos = origin;
    since = agenda.now();
  }

  /** Where a clock may begin: anywhere, often so that it soon passes zero, or overflows. */
  public static long origin(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> Long.MAX_VALUE - random.nextLong(SOON_NANOS);
      case 1 -> -random.nextLong(SOON_NANOS);
      default -> random.nextLong();
    };
  }

  /** What the process reads. */
  public long nanoTime() {
    return baseNanos + passed(agenda.now() - since);
  }

  private long passed(long nanos) {
    if (standing) {
      return 0;
    }
    return rate == 1 ? nanos : (long) (nanos * rate);
  }

  /** How fast the clock runs from now on; timers follow. */
  public void rate(double faster) {
    rebase();
    rate = faster;
    timers.forEach(Timer::arm);
  }

  /** The clock leaps forward; timers that it passes are due. */
  public void jump(long nanos) {
    rebase();
    baseNanos += nanos;
    incidents.happened(WorldFault.CLOCK_JUMPED);
    timers.forEach(Timer::arm);
  }

  /** The clock stands still. */
  void stand() {
    rebase();
    standing = true;
    timers.forEach(Timer::arm);
  }

  /** The clock goes on from where it stood, if it does. */
  void goOn() {
    if (standing) {
      since = agenda.now();
      standing = false;
      timers.forEach(Timer::arm);
    }
  }

  private void rebase() {
    baseNanos = nanoTime();
    since = agenda.now();
  }

  /** Runs the task once so much has passed by this clock. */
  Loop.Scheduled schedule(long delayNanos, Runnable task) {
    Timer timer = new Timer(nanoTime() + Math.max(0, delayNanos), task);
    timers.add(timer);
    timer.arm();
    return timer;
  }

  /** Whether that is a timer of this process that has gone off, and not an input. */
  static boolean isTimer(Runnable task) {
    return task instanceof Timer;
  }

  private final class Timer implements Loop.Scheduled, Runnable {
    private final long due;
    private final Runnable task;
    private Loop.@Nullable Scheduled event;

    Timer(long due, Runnable task) {
      this.due = due;
      this.task = task;
    }

    /** Sets the event anew; never too early. */
    void arm() {
      if (event != null) {
        event.cancel();
        event = null;
      }
      if (!standing) {
        long left = Math.max(0, due - nanoTime());
        long delay = rate == 1 ? left : (long) Math.ceil(left / rate);
        event = agenda.after(delay, life, this);
      }
    }

    @Override
    public void cancel() {
      timers.remove(this);
      if (event != null) {
        event.cancel();
      }
    }

    @Override
    public void run() {
      if (standing || due - nanoTime() > 0) {
        arm();
      } else if (timers.remove(this)) { // Else it was cancelled while the process stood still.
        if (rate != 1) {
          incidents.happened(WorldFault.CLOCK_DRIFTED);
        }
        task.run();
      }
    }
  }
}
