package io.quorate;

/** What a read promises. */
public enum ReadMode {
  /**
   * The answer reflects every command that was acknowledged to anyone before the read was asked.
   * The leader confirms with a majority that it still leads; many reads share one confirmation.
   * Works at every replica.
   */
  LINEARIZABLE,
  /**
   * The answer comes from what this replica has applied, at once and without asking anyone; it may
   * lag behind by any amount. Within one replica it never goes back.
   */
  STALE
}
