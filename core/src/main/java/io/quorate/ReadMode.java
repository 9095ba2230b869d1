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
   * As {@link #LINEARIZABLE}, and the leader answers alone, without asking anyone, as long as it
   * has a lease: if the group was founded with one ({@link Replica.Builder#lease}). Else, and at
   * other replicas, it is a {@link #LINEARIZABLE} read. The promise then rests on clocks: each
   * member's monotonic clock runs at most one per cent too fast or too slow. Where the state
   * machine allows it ({@link StateMachine#answersConcurrently}) the read runs on the caller's
   * thread.
   */
  LEASE,
  /**
   * As {@link #LINEARIZABLE}, confirmed by a majority without the leader: also while there is none,
   * and its load is spread. Multi-Paxos only; in a group that runs Raft it is a {@link
   * #LINEARIZABLE} read. It waits for all that one of those asked has accepted, which under load is
   * more than a leader's confirmation has to wait for.
   */
  QUORUM,
  /**
   * The answer comes from what this replica has applied, at once and without asking anyone; it may
   * lag behind by any amount; {@link Replica#queryStale} sets a limit to that. It never goes back:
   * neither within one replica, nor for a client that asks several, where one that has applied less
   * than the client was told of before waits until it has caught up.
   */
  STALE
}
