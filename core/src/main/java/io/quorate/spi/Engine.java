package io.quorate.spi;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A consensus protocol as a pure, deterministic state machine: inputs are methods, consequences go
 * into the {@link Effects} handed in. No thread, lock, clock, I/O, logging or randomness of its
 * own.
 *
 * <p><b>Threads.</b> One loop thread makes all calls. Every input carries {@code now}, the loop's
 * monotonic nanoseconds.
 *
 * <p><b>Durability.</b> An engine testifies (vote, promise, accepted, acknowledgement) to nothing
 * before {@link #durable} of what it testifies to.
 *
 * <p><b>Bounds.</b> What an engine keeps for a peer, and has on the way to it, is bounded by the
 * engine's own windows; what is proposed to it, by the runtime's admission.
 *
 * <p><b>Errors.</b> It tolerates lost, duplicated and reordered messages. An engine that throws has
 * met a broken invariant; its replica halts.
 *
 * @param <M> its messages
 */
public interface Engine<M> {
  /** The {@link #deadline()} of an engine that waits for messages only. */
  long NEVER = Long.MAX_VALUE;

  /** What {@link #wanted()} says if nobody lacks anything. */
  long NOTHING = Long.MAX_VALUE;

  /** The first input, once, before any other. */
  void start(long now, Effects<M> out);

  /** Time has passed; called at or after {@link #deadline()}, and at any other time. */
  void tick(long now, Effects<M> out);

  /**
   * When the engine next wants a {@link #tick}, or {@link #NEVER}; asked after every input.
   * Nanoseconds may be negative and are compared by their difference.
   */
  long deadline();

  /**
   * A message has arrived.
   *
   * @param from the sender as its host named itself; a voter is counted by id and incarnation
   */
  void receive(long now, Member from, M message, Effects<M> out);

  /**
   * Proposes a value for the next entry. Only between {@code leader(self, ...)} and the next {@code
   * leader(...)} that this engine has put out. Its fate is told by {@code commit}.
   */
  void propose(long now, Payload value, Effects<M> out);

  /**
   * Asks for confirmation that this replica's committed state is not older than this call. Answered
   * by {@code readable} or {@code unreadable}, possibly never (a lost message): the runtime asks
   * again under a new id.
   */
  void read(long now, long id, Effects<M> out);

  /**
   * As {@link #read}, and confirmed by a quorum of replicas that are asked for all that they hold,
   * without a leader, where the protocol can do that. Else, as by default, it is {@link #read}.
   */
  default void readOfQuorum(long now, long id, Effects<M> out) {
    read(now, id, out);
  }

  /** Every write up to and including {@code ticket} is durable, in all files. */
  void durable(long now, long ticket, Effects<M> out);

  /**
   * The answer to {@link Effects#fetch}: entries in order from the index asked for. Any of them may
   * have been removed or written again meanwhile: {@link LogView#stampAt} tells.
   */
  void fetched(long now, int to, List<Entry> entries, Effects<M> out);

  /**
   * The log begins further on, see {@link LogView#base}: behind a snapshot that was taken here, got
   * from another member, or found at the start, when this is the first input after {@link #start}.
   * All up to there is committed and durable, and what was held up to there is gone.
   *
   * @param continued whether what is held behind the base was written behind the base's own entry:
   *     the log held that entry, under the base's stamp. An engine whose entries stand on those
   *     before them removes the others
   */
  void rebased(long now, boolean continued, Effects<M> out);

  /**
   * The snapshot that came from another member holds these entries, which say whose votes count, in
   * order and durably; {@link #rebased} follows. This replica need not have had them before.
   */
  void configured(List<Entry> configurations);

  /**
   * The value of an entry that was held turned out to be damaged on disk: {@link LogView#isFaulty}
   * says so from now on. What was testified before may rest on it; nothing more may.
   */
  void damaged(long now, long index, Effects<M> out);

  /** The connection to a member broke; it counts as not heard. */
  void peerLost(long now, int member, Effects<M> out);

  /**
   * The own disk does not answer, or has no room, while others may have a better one; or that is
   * over. A replica that is told so gives up its leadership, and any attempt at one, and stands for
   * none until it is told otherwise; it votes and follows as before. Told at each change; at first
   * the disk works.
   */
  void storageStalled(long now, boolean stalled, Effects<M> out);

  /**
   * Hands leadership to another voter. From now on, and until this comes to an end, nothing may be
   * proposed: {@code leader(0, ...)} says so. It ends with another leader, which {@code leader}
   * tells, or with {@link Effects#transferFailed}, within an election timeout; then, or at once if
   * nothing was begun, things are as before. A replica that does not lead, or hands over already,
   * fails it.
   *
   * @param target who is to lead; 0 for whoever can take over soonest
   */
  void transfer(long now, int target, Effects<M> out);

  /**
   * The lowest index of the entries that another replica is known to lack and is sent as long as
   * they are {@link LogView#resident}: the runtime keeps them in memory within its bound, and of
   * those below it only a few. As by default, {@link #NOTHING}, if there are none, or if the engine
   * keeps by itself what it may have to send.
   */
  default long wanted() {
    return NOTHING;
  }

  /** What a person wants to know. Loop thread only. */
  Status status();

  /**
   * What an engine is made from.
   *
   * @param self this replica
   * @param epoch the number of the epoch that the engine serves
   * @param founding the members that the user named, with incarnation 0 where not known yet; its
   *     cluster id is the one to use should this replica lead the formation
   * @param configurations the FOUNDING and CONFIGURATION entries that the snapshot and the log
   *     hold, in order
   * @param saved the record of the last {@link Effects#save} that was durable; null if none
   * @param savedLost whether there was such a record and it is damaged; {@code saved} is null then
   * @param log what was recovered; behind a snapshot, if there is one
   * @param random seeded by the runtime
   */
  record Setup(
      Member self,
      long epoch,
      Configuration founding,
      List<Entry> configurations,
      byte @Nullable [] saved,
      boolean savedLost,
      LogView log,
      RandomGenerator random) {}

  /**
   * An engine's state in words.
   *
   * @param role leader, follower, candidate ...
   * @param leader 0 if none is known
   * @param stamp of the current term or ballot
   * @param durable an entry index such that all up to it are durable here: the highest, or, where
   *     places are agreed on one by one, the highest that is known to be chosen
   * @param findings sentences: why there is no progress, one fact each; empty when all is well
   */
  record Status(
      String role, int leader, Stamp stamp, long commit, long durable, List<String> findings) {}
}
