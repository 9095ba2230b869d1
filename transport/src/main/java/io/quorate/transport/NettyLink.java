package io.quorate.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.quorate.spi.Loop;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport.Link;
import io.quorate.spi.Transport.Listener;
import io.quorate.spi.Transport.TransportException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An opened {@link NettyTransport}. */
final class NettyLink implements Link {
  private static final int BACKLOG = 1024;

  private final NettyTransport settings;
  private final NettyIo io;
  private final EventLoopGroup group;
  private final NameResolver names = new NameResolver();
  private final List<Station> stations = new ArrayList<>();
  private final List<NettyLoop> loops = new ArrayList<>();
  private @Nullable Channel acceptor;
  private int port;

  private NettyLink(NettyTransport settings, NettyIo io, int loopCount, Listener listener) {
    this.settings = settings;
    this.io = io;
    this.group = NettyLoop.group(loopCount, io.handlers());
    AtomicInteger lastClient = new AtomicInteger();
    for (int i = 0; i < loopCount; i++) {
      NettyLoop loop = new NettyLoop(group.next());
      NettyNetwork network = new NettyNetwork(settings, io, loop, names);
      loops.add(loop);
      stations.add(new Station(loop, listener, network, lastClient, i == 0));
    }
  }

  static NettyLink open(
      NettyTransport settings,
      NettyIo io,
      int loopCount,
      @Nullable String address,
      Listener listener) {
    InetSocketAddress local = address == null ? null : local(address);
    NettyLink link = new NettyLink(settings, io, loopCount, listener);
    if (address != null && local != null) {
      try {
        link.listen(address, local);
      } catch (RuntimeException e) {
        link.close();
        throw e;
      }
    }
    return link;
  }

  @Override
  public int loops() {
    return loops.size();
  }

  @Override
  public Loop loop(int number) {
    return loops.get(number);
  }

  @Override
  public void connect(int member, String address) {
    if (member < 1) {
      throw new IllegalArgumentException("member " + member + " cannot be dialled; ids start at 1");
    }
    for (Station station : stations) {
      station.loop().execute(() -> station.connect(member, address));
    }
  }

  @Override
  public void send(int to, int kind, ByteBuffer header, List<Payload> values) {
    Frame.check(kind, header, values);
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).inLoop()) {
        stations.get(i).send(to, kind, header, values);
        return;
      }
    }
    throw new IllegalStateException("send was called outside the loops of this link");
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    for (NettyLoop loop : loops) {
      if (loop.inLoop()) {
        throw new IllegalStateException("a link cannot be closed from its own loop");
      }
    }
    Channel listening = acceptor;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    for (Station station : stations) {
      station.loop().execute(station::close);
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    names.close();
  }

  private void listen(String address, InetSocketAddress local) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channelFactory(io.acceptors())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                })
            .bind(local)
            .awaitUninterruptibly();
    Throwable failure = bound.cause();
    if (failure != null) {
      throw new TransportException(
          "cannot listen at " + address + ": " + remedy(String.valueOf(failure.getMessage())),
          failure);
    }
    acceptor = bound.channel();
    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  private void accept(SocketChannel channel) {
    settings.tune(channel, io);
    Station station = stationOf(channel.eventLoop());
    Accepted end = new Accepted(station, String.valueOf(channel.remoteAddress()));
    channel.pipeline().addLast(settings.line(end, line -> station.accept(end, line)));
  }

  private Station stationOf(EventLoop events) {
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).events() == events) {
        return stations.get(i);
      }
    }
    throw new IllegalStateException("a channel on a loop of another link");
  }

  private static InetSocketAddress local(String address) {
    HostPort parsed;
    try {
      parsed = HostPort.parse(address);
    } catch (IllegalArgumentException e) {
      throw new TransportException("cannot listen: the address " + e.getMessage(), e);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(parsed.host()), parsed.port());
    } catch (UnknownHostException e) {
      throw new TransportException(
          "cannot listen at "
              + address
              + ": the name "
              + parsed.host()
              + " does not resolve; correct it, or listen at 0.0.0.0:"
              + parsed.port(),
          e);
    }
  }

  /** The two ways of Netty word the errors differently; both keep what the system calls them. */
  private static String remedy(String failure) {
    if (failure.contains("in use")) {
      return "the address is in use; stop the process that listens there or choose another port";
    }
    if (failure.contains("assign")) {
      return "this machine has no such address; choose one of its own, or 0.0.0.0";
    }
    if (failure.contains("ermission")) {
      return "this user may not; choose a port above 1023";
    }
    return failure + "; choose another address";
  }
}
