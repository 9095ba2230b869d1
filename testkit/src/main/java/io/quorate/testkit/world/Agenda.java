package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Virtual time: what happens next, and when. Equal times keep the order in which they were set. */
public final class Agenda {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long lastOrder;
  private long steps;
  private long atThisInstant;

  private static final class Event implements Comparable<Event>, Loop.Scheduled {
    private final long at;
    private final long order;
    private final @Nullable Life life;
    private final Runnable task;
    private boolean cancelled;

    Event(long at, long order, @Nullable Life life, Runnable task) {
      this.at = at;
      this.order = order;
      this.life = life;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  public long now() {
    return now;
  }

  /**
   * How many events have happened since time has passed: without end, something runs in circles.
   */
  public long atThisInstant() {
    return atThisInstant;
  }

  /** How many events have happened. */
  public long steps() {
    return steps;
  }

  /** Something that is in no process's hands. */
  public Loop.Scheduled after(long delayNanos, Runnable task) {
    return after(delayNanos, null, task);
  }

  /** Something that a process does, if it lives then, or once it is not paused any more. */
  Loop.Scheduled after(long delayNanos, @Nullable Life life, Runnable task) {
    Event event = new Event(now + Math.max(0, delayNanos), ++lastOrder, life, task);
    events.add(event);
    return event;
  }

  /** Runs the next event, unless there is none up to that time; then time moves on to there. */
  public boolean runNext(long until) {
    Event next = events.peek();
    while (next != null && next.cancelled) {
      events.remove();
      next = events.peek();
    }
    if (next == null || next.at > until) {
      now = Math.max(now, until);
      return false;
    }
    events.remove();
    atThisInstant = next.at == now ? atThisInstant + 1 : 0;
    now = next.at;
    steps++;
    if (next.life == null) {
      next.task.run();
    } else {
      next.life.run(next.task);
    }
    return true;
  }
}
