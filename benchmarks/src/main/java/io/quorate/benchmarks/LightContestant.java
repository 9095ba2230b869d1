package io.quorate.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The yardstick: one leader that replicates to two followers with bare Netty and syncs. No
 * consensus, no checksum, no recovery, no state machine, and no log format beyond a length. What a
 * protocol costs on this machine is the distance to this.
 */
final class LightContestant implements Contestant {
  /*
   * As many threads as Quorate has: each replica one event loop and one log thread, the leader one
   * apply thread. Five hand-offs for a lone command: caller, leader's loop, follower's log, its
   * loop, leader's apply, caller.
   */
  private static final int FOLLOWERS = 2;

  private final List<EventLoopGroup> loops = new ArrayList<>();
  private final List<LightFollower> followers = new ArrayList<>();
  private final LightLeader leader;

  private LightContestant(Path directory) throws IOException {
    EventLoopGroup loop = loop("light-1");
    leader = new LightLeader(loop.next(), directory);
    for (int i = 0; i < FOLLOWERS; i++) {
      String name = "light-" + (i + 2);
      LightFollower follower = new LightFollower(directory, name);
      followers.add(follower);
      leader.follower(connect(loop, listen(loop(name), follower)));
    }
  }

  /** Starts the three replicas and connects them. */
  static LightContestant start(Path directory) throws IOException {
    return new LightContestant(directory);
  }

  @Override
  public void submit(byte[] command, Done done) {
    leader.submit(command, done);
  }

  @Override
  public boolean undisturbed() {
    return true;
  }

  private EventLoopGroup loop(String name) {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory(name + "-loop", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loops.add(group);
    return group;
  }

  private static InetSocketAddress listen(EventLoopGroup loop, LightFollower follower) {
    Class<? extends ServerChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(LightFollower.frames(), follower, new Failures());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    return (InetSocketAddress) server.localAddress();
  }

  private static Channel connect(EventLoopGroup loop, InetSocketAddress address) {
    return new Bootstrap()
        .group(loop)
        .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new Failures())
        .connect(address)
        .syncUninterruptibly()
        .channel();
  }

  @Override
  public void close() {
    try {
      for (LightFollower follower : followers) {
        follower.close();
      }
      leader.closeLog();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (EventLoopGroup loop : loops) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
    leader.close();
  }

  /** A broken connection ends the run: the load generator sees that nothing completes any more. */
  private static final class Failures extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      cause.printStackTrace();
      context.close();
    }
  }
}
