package io.quorate.testkit.world;

import io.quorate.spi.Loop;
import java.util.PriorityQueue;

/** Virtual time: what happens next, and when. Equal times keep the order in which they were set. */
public final class Agenda {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long now;
  private long lastOrder;
  private long steps;

  private static final class Event implements Comparable<Event>, Loop.Scheduled {
    private final long at;
    private final long order;
    private final Runnable task;
    private boolean cancelled;

    Event(long at, long order, Runnable task) {
      this.at = at;
      this.order = order;
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

  /** How many events have happened. */
  public long steps() {
    return steps;
  }

  public Loop.Scheduled after(long delayNanos, Runnable task) {
    Event event = new Event(now + Math.max(0, delayNanos), ++lastOrder, task);
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
    now = next.at;
    steps++;
    next.task.run();
    return true;
  }
}
