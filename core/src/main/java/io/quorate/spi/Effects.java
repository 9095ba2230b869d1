package io.quorate.spi;

/**
 * The consequences of one input, in program order. The runtime carries them out after the input has
 * been handled.
 *
 * <p><b>Threads.</b> The loop thread only, and only during the input.
 *
 * <p><b>Durability.</b> Nothing is durable when a method returns: {@link Engine#durable} tells, by
 * the ticket that a write was given.
 *
 * <p><b>Bounds.</b> None here: what an engine may have on its way is bounded by the engine.
 *
 * <p><b>Errors.</b> Nothing here blocks or fails; a replica whose disk fails halts without another
 * input.
 *
 * @param <M> the engine's messages
 */
public interface Effects<M> {
  /**
   * Writes an entry, at any index: behind the last one, in a hole, far ahead, or in place of one
   * that is held, damaged or not. The last write for an (epoch, index) wins. {@link LogView} shows
   * it at once.
   *
   * @return the ticket that {@link Engine#durable} will report: a monotone number of this group's
   *     writes, never an index. After a failed write no ticket is ever reported again.
   */
  long write(Entry entry);

  /** Removes all entries from {@code from} on (Raft only), crash-atomically. Returns a ticket. */
  long truncate(long from);

  /**
   * Replaces the engine's own small record (a term and vote, a promise), atomically. Returns a
   * ticket.
   *
   * @param record opaque to everyone else; at most 4 KiB; given away
   */
  long save(byte[] record);

  /** Sends a message; may be lost, never duplicated within a connection, in order per member. */
  void send(int to, M message);

  /**
   * All entries up to {@code index} are committed; each is held, and not {@link LogView#isFaulty}.
   * Never decreases. None of them may be written again with another value.
   */
  void commit(long index);

  /** The read may be served once {@code index} is applied. */
  void readable(long id, long index);

  /** The read cannot be confirmed by this replica now; the runtime asks again or gives up. */
  void unreadable(long id);

  /**
   * This replica leads, and nobody else announces anything as committed before {@code until}: till
   * then a read may be served, asking nobody, once all is applied that is committed here when it is
   * asked. Over at the next {@link #leader}, if that comes before. Both by the loop's clock.
   *
   * @param since what is known to have been so then: a machine that was suspended after that knows
   *     it no longer
   */
  void lease(long since, long until);

  /**
   * Who leads. When it is this replica: {@link Engine#propose} may be called from now on, until
   * another call of this method.
   *
   * @param member 0 if no leader is known
   * @param stamp the stamp that the leader's entries carry
   */
  void leader(int member, Stamp stamp);

  /**
   * The transfer that was asked for last has come to nothing; if this replica still leads, {@link
   * #leader} says so again.
   *
   * @param why a sentence for a person
   */
  void transferFailed(String why);

  /**
   * Asks for entries that are no longer in memory, for a member that needs them. The answer is
   * {@link Engine#fetched}. It ends before the first index that is not held, or whose value is
   * damaged, which {@link Engine#damaged} tells then.
   *
   * @param maxBytes at least one entry is answered, whatever its size
   */
  void fetch(int to, long from, int maxBytes);

  /**
   * Asks a member for a snapshot, because it has no longer the entries that this replica lacks. The
   * answer is {@link Engine#rebased}, or none: the member may be gone. To be asked for again as
   * long as it is needed; a transfer that is under way goes on.
   *
   * @param index the least that the snapshot has to include
   */
  void needSnapshot(int from, long index);
}
