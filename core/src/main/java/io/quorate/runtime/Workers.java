package io.quorate.runtime;

/**
 * Makes the threads beside the loops: log, apply, background, snapshots. The simulator makes steps
 * of them.
 */
public interface Workers {
  /**
   * Makes a worker.
   *
   * @param name of its thread
   * @param turn what it does; called by one thread at a time
   */
  Worker worker(String name, Turn turn);

  /** One round of a stage's work. */
  @FunctionalInterface
  interface Turn {
    /** Does what waits, and returns whether there may be more. */
    boolean run();
  }

  /** Runs its turn whenever it has been woken, until the turn says that nothing is left. */
  interface Worker {
    /** Something waits; any thread. What was written before is seen by the turn. */
    void wake();

    /** Waits for the turn under way and runs no other. Not from inside the turn. */
    void close();
  }
}
