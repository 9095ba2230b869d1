package io.quorate.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.quorate.spi.Transport;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Frames over TCP with Netty: epoll where its artifact is on the path and fits the machine, NIO
 * otherwise. Its loops are Netty's event loops.
 *
 * <pre>{@code
 * Replica.of(cluster, 1).transport(NettyTransport.create()) ...
 * }</pre>
 *
 * <p><b>Connections.</b> Each loop dials each member, and what a loop sends to a member travels
 * over the connection that this loop dialled. What arrives is delivered in the loop of its
 * connection. A name is resolved anew at every attempt, beside the loops, and each of its addresses
 * is tried. A connection that was up for a second and breaks is dialled again at once; otherwise
 * after 50 ms, doubling to 1 s, of which the half is random. A {@link Link#connect} with another
 * address gives up the connection to the old one.
 *
 * <p><b>Bulk</b> has a second connection from a loop to a member, dialled when there is some and
 * closed after 30 to 60 seconds without any, or with the first one. While it is being dialled 8 MiB
 * wait at most; where it cannot be had, what is sent is lost, and the next dial waits as above.
 *
 * <p><b>Handshake.</b> Both sides say who they are, the dialling one first. Whoever is silent for 5
 * seconds, sends anything else first, is not the member that was dialled, is this very host, or
 * runs another version of the transport is refused, as is whom the {@link Listener} refuses. An
 * accepted connection counts as up for its listener from the answer on.
 *
 * <p><b>Bounds.</b> The length of a frame is checked before memory is allocated for it; a bad one
 * closes the connection. Where more than {@link #pendingBytesMax} bytes wait to be sent on a
 * connection, further frames are dropped and counted until the other side reads.
 *
 * <p><b>Log.</b> One line when a member comes, is lost or refuses, or its connection for bulk
 * fails; never one for each attempt.
 *
 * <p><b>Threads.</b> Any: it is immutable but for the count, and may be opened more than once. The
 * loops are daemon threads of Netty's.
 *
 * <p><b>Errors.</b> An address that cannot be bound is a {@link TransportException} with a sentence
 * that says what to do; after that, nothing that a network does is an exception.
 */
public final class NettyTransport implements Transport {
  private static final long PENDING_BYTES_MAX = 64 << 20;

  private final int loops;
  private final long pendingBytesMax;
  private final NettyIo io;
  private final LongAdder framesDropped = new LongAdder();

  private NettyTransport(int loops, long pendingBytesMax, NettyIo io) {
    this.loops = loops;
    this.pendingBytesMax = pendingBytesMax;
    this.io = io;
  }

  /** One loop, and at most 64 MiB that wait to be sent on a connection. */
  public static NettyTransport create() {
    return new NettyTransport(1, PENDING_BYTES_MAX, NettyIo.best());
  }

  /**
   * The same with that many loops, each a thread.
   *
   * @throws IllegalArgumentException if there is not at least one
   */
  public NettyTransport loops(int number) {
    if (number < 1) {
      throw new IllegalArgumentException(number + " loops; a transport needs at least one");
    }
    return new NettyTransport(number, pendingBytesMax, io);
  }

  /**
   * The same with that many bytes that may wait to be sent on a connection before frames are
   * dropped.
   *
   * @throws IllegalArgumentException if the largest frame would never fit
   */
  public NettyTransport pendingBytesMax(long bytes) {
    if (bytes < FRAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          bytes + " bytes cannot hold the largest frame; allow at least " + FRAME_BYTES_MAX);
    }
    return new NettyTransport(loops, bytes, io);
  }

  /** The same over NIO, whatever else there is. */
  NettyTransport nio() {
    return new NettyTransport(loops, pendingBytesMax, NettyIo.nio());
  }

  /** How many frames were dropped at the bound, over all links of this transport. Any thread. */
  public long framesDropped() {
    return framesDropped.sum();
  }

  @Override
  public Link open(@Nullable String address, Listener listener) {
    return NettyLink.open(this, io, loops, address, listener);
  }

  @Override
  public String toString() {
    return "netty transport (" + io.name() + ", loops " + loops + ")";
  }

  /** The handler for a new channel. */
  NettyLine line(Connection end, NettyLine.Opening opening) {
    return new NettyLine(end, opening, pendingBytesMax, framesDropped);
  }

  /** Sets the options of a channel, dialled or accepted. */
  void tune(SocketChannel channel, NettyIo with) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    channel
        .config()
        .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(1 << 10, 16 << 10, 256 << 10));
    with.tune().accept(channel.config());
  }
}
