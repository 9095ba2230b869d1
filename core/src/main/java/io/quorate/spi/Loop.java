package io.quorate.spi;

/**
 * The single thread of control that owns a replica's protocol state: a Netty event loop in
 * production, the simulator's stepper in tests. Also its clock.
 *
 * <p><b>Threads.</b> All methods may be called by any thread; tasks run one at a time, in the loop.
 */
public interface Loop {
  /**
   * Runs {@code task} in this loop, after the tasks handed over before. From inside the loop it
   * runs later in the same turn. Any thread. After the loop has closed the task is dropped.
   */
  void execute(Runnable task);

  /** Whether the caller runs in this loop. */
  boolean inLoop();

  /**
   * Runs {@code task} in this loop once {@code delayNanos} have passed. Any thread.
   *
   * @return a handle that keeps the task from running if it has not begun
   */
  Scheduled schedule(long delayNanos, Runnable task);

  /** The monotonic clock that every input of an engine on this loop carries. Any thread. */
  long nanoTime();

  /**
   * The wall clock, in nanoseconds since 1970 or any other fixed moment; it may be put forward or
   * back. Nothing is granted by it: it tells of time that has passed while the monotonic clock
   * stood still. Any thread.
   */
  long wallNanos();

  /** A task that waits for its time. */
  interface Scheduled {
    /** Keeps the task from running; no effect on one that has begun. */
    void cancel();
  }
}
