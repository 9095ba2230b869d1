package io.quorate.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.quorate.spi.Payload;
import io.quorate.spi.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A line over TCP: the only handler of its channel. */
final class NettyLine extends ChannelInboundHandlerAdapter implements Line, FrameReader.Sink {
  /** Before its hello a stranger makes us allocate no more than this. */
  static final int GREETING_BYTES_MAX = 64 << 10;

  private final Opening opening;
  private final Connection end;
  private final long pendingBytesMax;
  private final LongAdder framesDropped;
  private final FrameReader reader = new FrameReader(GREETING_BYTES_MAX);
  private @Nullable Channel channel;

  /** What happens when the channel is open. */
  interface Opening {
    /** The line is open; tells the connection. */
    void opened(Line line);
  }

  NettyLine(Connection end, Opening opening, long pendingBytesMax, LongAdder framesDropped) {
    this.end = end;
    this.opening = opening;
    this.pendingBytesMax = pendingBytesMax;
    this.framesDropped = framesDropped;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    opening.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      reader.read(in, this);
    } catch (BadFrameException e) {
      end.misbehaved("it " + e.getMessage());
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    reader.stop();
    end.broken("the other side closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    reader.stop();
    end.broken(cause instanceof IOException ? "the connection broke" : "the line failed: " + cause);
    ctx.close();
  }

  @Override
  public void frame(int kind, ByteBuffer header, ByteBuffer values) {
    if (kind == Frame.KIND_GREETING) {
      Greeting greeting = GreetingCodec.decode(header);
      reader.bytesMax(Transport.FRAME_BYTES_MAX);
      end.greeting(greeting);
    } else {
      end.frame(kind, header, values);
    }
  }

  @Override
  public void greet(Greeting greeting) {
    write(Frame.KIND_GREETING, ByteBuffer.wrap(GreetingCodec.encode(greeting)), List.of());
  }

  @Override
  public boolean send(int kind, ByteBuffer header, List<Payload> values) {
    return write(kind, header, values);
  }

  @Override
  public void close() {
    reader.stop();
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }

  private boolean write(int kind, ByteBuffer header, List<Payload> values) {
    Channel open = channel;
    ChannelOutboundBuffer waiting = open == null ? null : open.unsafe().outboundBuffer();
    if (open == null || waiting == null) {
      return true; // Closed: lost as everything on its way; the break is reported on its own.
    }
    int bytes = (int) Frame.bytes(header, values);
    if (waiting.totalPendingWriteBytes() + bytes > pendingBytesMax) {
      framesDropped.increment();
      return false;
    }
    ByteBuf frame = Frame.encode(open.alloc(), kind, header, values, bytes);
    open.writeAndFlush(frame, open.voidPromise());
    return true;
  }
}
