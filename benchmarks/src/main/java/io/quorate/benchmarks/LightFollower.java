package io.quorate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A follower of {@code light}: writes the frames that arrive, whole and as they are, and answers
 * with the number of frames on its disk.
 */
final class LightFollower extends ChannelInboundHandlerAdapter implements AutoCloseable {
  static final int ACK_BYTES = Long.BYTES;

  private final LightLog log;
  private volatile @Nullable Channel leader;

  LightFollower(Path directory, String name) throws IOException {
    log = LightLog.create(directory, name, this::ack);
  }

  /** What cuts the leader's stream into frames, each with its length in front. */
  static LengthFieldBasedFrameDecoder frames() {
    return new LengthFieldBasedFrameDecoder(Integer.MAX_VALUE, 0, Integer.BYTES);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    leader = context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    log.append((ByteBuf) frame);
  }

  private void ack(long frames) {
    Channel channel = leader;
    if (channel != null) {
      ByteBuf ack = channel.alloc().directBuffer(ACK_BYTES).writeLong(frames);
      channel.writeAndFlush(ack, channel.voidPromise());
    }
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
