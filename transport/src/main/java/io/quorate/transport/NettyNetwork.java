package io.quorate.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Dials over TCP from one loop. Confined to it. */
final class NettyNetwork implements Network {
  private static final int CONNECT_MILLIS = 2_000;

  private final NettyTransport settings;
  private final NettyIo io;
  private final NettyLoop loop;
  private final NameResolver names;

  NettyNetwork(NettyTransport settings, NettyIo io, NettyLoop loop, NameResolver names) {
    this.settings = settings;
    this.io = io;
    this.loop = loop;
    this.names = names;
  }

  @Override
  public void dial(String address, Connection end) {
    HostPort target;
    try {
      target = HostPort.parse(address);
    } catch (IllegalArgumentException e) {
      end.broken("the address " + e.getMessage());
      return;
    }
    names.resolve(
        target.host(),
        new NameResolver.Answer() {
          @Override
          public void resolved(InetAddress[] addresses) {
            loop.execute(() -> connect(addresses, 0, target.port(), end));
          }

          @Override
          public void unresolved(String why) {
            loop.execute(() -> end.broken(why));
          }
        });
  }

  /** Tries the addresses of one name in turn. */
  private void connect(InetAddress[] addresses, int number, int port, Connection end) {
    ChannelFuture attempt =
        new Bootstrap()
            .group(loop.events())
            .channelFactory(io.sockets())
            .disableResolver()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    settings.tune(channel, io);
                    channel.pipeline().addLast(settings.line(end, end::opened));
                  }
                })
            .connect(new InetSocketAddress(addresses[number], port));
    attempt.addListener(
        done -> {
          if (done.isSuccess()) {
            return;
          }
          if (number + 1 < addresses.length) {
            connect(addresses, number + 1, port, end);
          } else {
            end.broken(why(done.cause()));
          }
        });
  }

  private static String why(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return "nothing answered within " + CONNECT_MILLIS + " ms";
    }
    if (cause instanceof ConnectException) {
      return "nothing listens there";
    }
    return "it cannot be reached (" + cause.getMessage() + ")";
  }
}
