package io.quorate.transport;

import io.netty.channel.EventLoop;
import io.quorate.spi.Loop;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** An event loop of Netty, as the SPI wants it. */
final class NettyLoop implements Loop {
  private static final Scheduled NEVER = () -> {};

  private final EventLoop events;

  NettyLoop(EventLoop events) {
    this.events = events;
  }

  EventLoop events() {
    return events;
  }

  @Override
  public void execute(Runnable task) {
    try {
      events.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has closed; the contract is that the task is dropped.
    }
  }

  @Override
  public boolean inLoop() {
    return events.inEventLoop();
  }

  @Override
  public Scheduled schedule(long delayNanos, Runnable task) {
    try {
      Future<?> future = events.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return NEVER; // The loop has closed, as above.
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
