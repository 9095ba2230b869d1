package io.quorate.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.function.Consumer;

/**
 * How the operating system is asked.
 *
 * @param tune sets what only this way can
 */
record NettyIo(
    String name,
    IoHandlerFactory handlers,
    ChannelFactory<? extends SocketChannel> sockets,
    ChannelFactory<? extends ServerChannel> acceptors,
    Consumer<ChannelConfig> tune) {

  /** Everywhere. */
  static NettyIo nio() {
    return new NettyIo(
        "nio",
        NioIoHandler.newFactory(),
        NioSocketChannel::new,
        NioServerSocketChannel::new,
        config -> {});
  }

  /** Epoll where its artifact is present and fits the machine, else NIO. */
  static NettyIo best() {
    try {
      return EpollHolder.available() ? EpollHolder.io() : nio();
    } catch (NoClassDefFoundError e) {
      return nio(); // The optional artifact is absent.
    }
  }

  /** Loaded only when asked for, because its classes may be absent. */
  private static final class EpollHolder {
    /** A connection whose bytes nobody acknowledges is broken after this long. */
    private static final int UNACKNOWLEDGED_MILLIS = 10_000;

    static boolean available() {
      return Epoll.isAvailable();
    }

    static NettyIo io() {
      return new NettyIo(
          "epoll",
          EpollIoHandler.newFactory(),
          EpollSocketChannel::new,
          EpollServerSocketChannel::new,
          config -> config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS));
    }
  }
}
