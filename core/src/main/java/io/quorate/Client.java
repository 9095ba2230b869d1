package io.quorate;

import io.quorate.runtime.ClientCore;
import io.quorate.spi.Transport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Reaches a cluster from outside, over the transport. Opens one session: a command that has to be
 * retried after a lost connection or leader is sent again under the same number, to whichever
 * replica, and applies once. A session that expired in a silence, with nothing of it unresolved, is
 * replaced.
 *
 * <p><b>Threads.</b> All methods may be called by any thread. Futures complete on the client's
 * loop: what is chained to them must not block, or take an executor.
 *
 * <p><b>Bounds.</b> A command has at most 1 MiB; at most 64 MiB or 65,536 commands and queries are
 * unsettled at a time; beyond that: {@link OverloadedException}.
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
   * Proposes a command. The future fails with {@link CommandRejectedException}, {@link
   * NotLeaderException} (certainly not applied), {@link OutcomeUnknownException}, {@link
   * OverloadedException} or {@link SessionExpiredException}.
   *
   * @param command given away
   */
  CompletableFuture<Reply> propose(byte[] command);

  /** A linearizable query; retried until the timeout. */
  CompletableFuture<byte[]> query(byte[] question);

  /** A query to one member, with the promise of the mode. */
  CompletableFuture<byte[]> queryAt(int member, byte[] question, ReadMode mode);

  /** The member that last answered as leader; 0 if none is known. */
  int leader();

  /** Closes the connections and settles every pending future. Idempotent. */
  @Override
  void close();
}
