package io.quorate;

import io.quorate.runtime.ClientCore;
import io.quorate.spi.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reaches a cluster from outside, over the transport. Finds the leader, and has one session: a
 * command that has to be sent again after a lost connection or leader goes under the same number,
 * to whichever replica leads, and applies once. Any number of calls may be in flight, of any
 * threads; commands in flight have no order among themselves.
 *
 * <p>While the client is connected its session lives. One that was cut off for longer than a
 * session lives (an hour of cluster time) has lost it for good: each command then fails with {@link
 * SessionExpiredException}, and only a new client helps. Queries go on.
 *
 * <p><b>Threads.</b> All methods may be called by any thread, and none blocks but {@link #close}.
 * Futures complete on the client's loop: what is chained to them must not block, or take an
 * executor.
 *
 * <p><b>Durability.</b> When a proposal's future completes with a reply, the command is durable on
 * a majority of the voters, and applied where it was answered.
 *
 * <p><b>Bounds.</b> A command or question has at most 1 MiB; at most 64 MiB or 65,536 commands and
 * queries are unsettled at a time; beyond that: {@link OverloadedException}.
 *
 * <p><b>Errors.</b> Futures fail with a {@link QuorateException} whose class says what the caller
 * may do next, or with an {@link IllegalArgumentException} for what is too long. A command ends in
 * one of four ways: its reply, or the state machine's own no ({@link CommandRejectedException});
 * certainly not applied ({@link NotLeaderException}, {@link OverloadedException}); unknown, but a
 * retry may tell ({@link OutcomeUnknownException#isRetryable()}); unknown for good.
 */
public interface Client extends AutoCloseable {
  /**
   * Starts a client. Returns at once; calls wait for a connection.
   *
   * @param cluster where to look; any member that answers will do
   * @param transport the same kind that the replicas use
   * @param timeout how long a call tries before it fails
   */
  static Client connect(Cluster cluster, Transport transport, Duration timeout) {
    return ClientCore.start(cluster, transport, timeout);
  }

  /** As {@link #connect(Cluster, Transport, Duration)} with 10 s. */
  static Client connect(Cluster cluster, Transport transport) {
    return connect(cluster, transport, Duration.ofSeconds(10));
  }

  /**
   * Proposes a command, within the timeout of the client. The future fails with {@link
   * CommandRejectedException}, {@link NotLeaderException} (certainly not applied), {@link
   * OverloadedException} (likewise), {@link OutcomeUnknownException}, {@link ReplyNotKeptException}
   * or {@link SessionExpiredException}.
   *
   * @param command given away: it may be sent again, so do not change it
   */
  CompletableFuture<Reply> propose(byte[] command);

  /**
   * As {@link #propose(byte[])}, with a timeout of its own.
   *
   * @throws IllegalArgumentException if the timeout is not above 0 and at most 365 days
   */
  CompletableFuture<Reply> propose(byte[] command, Duration timeout);

  /** A linearizable query; asked again until the timeout, whoever leads. */
  CompletableFuture<byte[]> query(byte[] question);

  /**
   * As {@link #query(byte[])}, with a timeout of its own.
   *
   * @throws IllegalArgumentException if the timeout is not above 0 and at most 365 days
   */
  CompletableFuture<byte[]> query(byte[] question, Duration timeout);

  /**
   * A query to whoever leads, with the promise of the mode; asked again until the timeout, whoever
   * leads.
   */
  CompletableFuture<byte[]> query(byte[] question, ReadMode mode);

  /** A query to one member, with the promise of the mode. */
  CompletableFuture<byte[]> queryAt(int member, byte[] question, ReadMode mode);

  /**
   * A query to one member, to a state of limited age; see {@link Replica#queryStale}. The age runs
   * until that member takes the question in. Never goes back behind what this client was told.
   *
   * @throws IllegalArgumentException if the age is below 0
   */
  CompletableFuture<byte[]> queryStale(int member, byte[] question, Duration maxAge);

  /** What an operator asks, over the connections of this client. */
  Admin admin();

  /** The member that last answered as leader; 0 if none is known. */
  int leader();

  /** Closes the connections and settles every pending future. Idempotent. */
  @Override
  void close();
}
