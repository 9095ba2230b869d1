package io.quorate.spi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves frames between hosts and provides the loops; knows no protocol. A description: nothing is
 * bound or connected before {@link #open}.
 *
 * <p>Frames on one connection arrive in order and at most once; a connection may break at any time
 * and everything on its way is then lost.
 *
 * <p><b>Bulk.</b> What one member sends another in frames of the kinds from {@link #BULK_KIND} on
 * does not stand in the way of the rest: it travels over a connection of its own, which is there
 * only while it is needed. Such frames arrive in order among themselves, but not in order with
 * others. They are lost without the connection that a {@link Listener} hears of, and may be lost
 * while that one stands: whoever waits for them asks again.
 *
 * <p><b>Threads.</b> Any for the description. A {@link Link} says which of its methods belong to a
 * loop; a {@link Listener} is called in the loop of the connection.
 *
 * <p><b>Bounds.</b> A frame has at most {@link #FRAME_BYTES_MAX} bytes, checked before anything is
 * allocated. What waits to be sent is bounded, for each connection on its own; frames beyond the
 * bound are lost.
 *
 * <p><b>Errors.</b> {@link #open} throws {@link TransportException}. From then on nothing that a
 * network does is an exception: a frame that cannot be sent is lost, a member that cannot be
 * reached is dialled again.
 */
public interface Transport {
  /** The largest frame that any transport carries, in bytes, header and values together. */
  int FRAME_BYTES_MAX = 4 << 20;

  /** The least kind of a frame that is bulk between members; all above it are bulk too. */
  int BULK_KIND = 64;

  /**
   * Starts the loops and, with an address, listens there.
   *
   * @param address {@code host:port} of this host, or null for a client that nobody dials
   * @throws TransportException saying what, why and what to do, with nothing left open, if the
   *     address cannot be bound
   */
  Link open(@Nullable String address, Listener listener);

  /** An opened transport. */
  interface Link extends AutoCloseable {
    /** How many loops there are. */
    int loops();

    /** The loop with that number, from 0. */
    Loop loop(int number);

    /**
     * Keeps a connection to a member, dialling again for ever with bounded, randomised back-off (at
     * most 1 s) and resolving the name anew each time. A name that does not resolve is a lost
     * member, never an exception. Any thread. A second call for the member changes the address.
     */
    void connect(int member, String address);

    /**
     * Sends one frame. To a member it goes over the connection that this link dialled, or if it is
     * bulk over a second one that is dialled for it; to a client (a negative number from {@link
     * Listener#received}) over the client's own. If there is no connection, the frame is lost.
     * In-loop only: the loop of the connection.
     *
     * @param kind 0 to 126, from {@link #BULK_KIND} on bulk; else kinds are the runtime's business,
     *     and 127 is the handshake's
     * @param header given away
     * @param values gathered behind the header, not copied where that can be helped
     * @throws IllegalArgumentException if header and values have more than {@link #FRAME_BYTES_MAX}
     *     bytes together, or the kind is not the runtime's; nothing is sent, the connection stays
     * @throws IllegalStateException outside the loops of this link
     */
    void send(int to, int kind, ByteBuffer header, List<Payload> values);

    /** The port that was bound; 0 for a client. */
    int port();

    /** Closes all connections and stops the loops; waits until they have stopped. Not in-loop. */
    @Override
    void close();
  }

  /**
   * Hears from a link. Calls come in the loop of the connection. What it throws closes the
   * connection and is logged. Of a connection for bulk it hears what is said and sent on it, but
   * not that it is up, broken or refused.
   */
  interface Listener {
    /** What to say of oneself when dialling {@code target}. */
    Hello hello(int target);

    /** What to say of oneself to who has dialled, before it is accepted or refused. */
    Hello answer(Hello remote);

    /**
     * Null to accept who says hello, else why not. Who has dialled is told the sentence; the side
     * that dials is asked as well, about the answer.
     */
    @Nullable String refuse(Hello remote);

    /** The connection that this link dialled to a member is up and accepted. */
    void connected(int member, Hello remote);

    /**
     * A connection from or to a member, or a client's, broke; not called for one that never was up.
     *
     * @param dialled whether it is the one that this link dialled, over which it sends; the other
     *     one may stand when either breaks
     */
    void disconnected(int peer, boolean dialled);

    /** The member that was dialled refused, and says why; dialling goes on. */
    void refused(int member, String reason);

    /**
     * A frame has arrived.
     *
     * @param from the member, or a negative number for a client's connection
     * @param header and {@code values} are given away, read-only by agreement
     */
    void received(int from, int kind, ByteBuffer header, ByteBuffer values);
  }

  /**
   * Who one is; the first thing said on a connection, by both sides.
   *
   * @param clusterId null while unformed, and for a client that does not know it yet
   * @param founding the ids of the voters that were named to found the cluster, ascending; empty
   *     for a client
   * @param member 0 for a client
   * @param target the member that the dialling side means to reach; 0 in the answer
   * @param hostStart random, drawn whenever a host starts
   * @param own how far one's disk is durable
   * @param known the furthest that the other side has said of its own disk, as one remembers
   */
  record Hello(
      @Nullable UUID clusterId,
      List<Integer> founding,
      int member,
      int target,
      long hostStart,
      Position own,
      Position known) {
    /** Of who has no disk, and remembers none. */
    public Hello(
        @Nullable UUID clusterId, List<Integer> founding, int member, int target, long hostStart) {
      this(clusterId, founding, member, target, hostStart, Position.NONE, Position.NONE);
    }
  }

  /**
   * How far a replica's disk is durable.
   *
   * @param incarnation of the replica; 0 if there is none
   * @param durable as {@link LogStore#durable}
   */
  record Position(long incarnation, long durable) {
    /** Of no disk. */
    public static final Position NONE = new Position(0, 0);
  }

  /** A transport could not be opened. */
  final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the error below, if there was one. */
    public TransportException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
