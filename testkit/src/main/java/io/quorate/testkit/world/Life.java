package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import io.quorate.testkit.WorldFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One process from its start to its crash; what it has set for later dies with it, and waits while
 * it is paused.
 */
public final class Life {
  final int member;
  final Setting setting;
  final Weather weather;
  final Trace trace;
  private final SimClock clock;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean paused;
  private boolean over;

  /**
   * A process begins.
   *
   * @param member its id in the network; negative for a client
   * @param origin what its monotonic clock shows at first
   */
  public Life(int member, Setting setting, long origin) {
    this.member = member;
    this.setting = setting;
    weather = setting.weather();
    trace = setting.trace();
    clock = new SimClock(setting, this, origin);
  }

  /** Work that takes so long, whatever the clock of the process says. */
  public Loop.Scheduled later(long delayNanos, Runnable task) {
    return setting.agenda().after(delayNanos, this, task);
  }

  /** Does something now, or after the pause, or never if the process is gone by then. */
  public void run(Runnable task) {
    if (paused) {
      held.add(task);
    } else if (!over) {
      task.run();
    }
  }

  /** Something that only the trace is told. */
  public void note(String kind, long number) {
    trace.add(kind, member, number);
  }

  public SimClock clock() {
    return clock;
  }

  // The pause

  /** Nothing of this process runs any more, until {@link #resume}. */
  public void pause(boolean clockGoesOn) {
    if (paused || over) {
      return;
    }
    paused = true;
    trace.add("pause", member, clockGoesOn ? 1 : 0);
    setting
        .incidents()
        .happened(clockGoesOn ? WorldFault.PROCESS_PAUSED : WorldFault.PROCESS_SUSPENDED);
    if (!clockGoesOn) {
      clock.stand();
    }
  }

  /**
   * All that waited happens now, in order; or the timers among it first: a loop that awakes may
   * look at its timers before it looks at its connections.
   */
  public void resume() {
    if (!paused || over) {
      return;
    }
    paused = false;
    trace.add("resume", member, held.size());
    List<Runnable> waited = new ArrayList<>(held);
    held.clear();
    if (weather.timersFirst()) {
      waited.stream().filter(SimClock::isTimer).forEach(task -> later(0, task));
      waited.removeIf(SimClock::isTimer);
    }
    waited.forEach(task -> later(0, task));
    clock.goOn();
  }

  public boolean isPaused() {
    return paused;
  }

  // The end

  /** Whom the process belongs to; negative for a client. */
  public int id() {
    return member;
  }

  public boolean isOver() {
    return over;
  }

  /** Ends it, between two events. */
  public void crash() {
    setting.incidents().happened(WorldFault.PROCESS_CRASHED);
    trace.add("end", member, 0);
    end();
  }

  /** It is over, for whatever reason. */
  public void end() {
    over = true;
    paused = false;
    held.clear();
  }
}
