package io.quorate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The leader of {@code light}: makes one frame of all that waits, sends it to both followers and to
 * its own log at once, and has a batch applied when two of the three disks hold it.
 */
final class LightLeader implements AutoCloseable {
  /* A batch takes what waits up to this many bytes, and always at least one command. */
  private static final int BATCH_BYTES_MAX = 1 << 20;
  private static final int OWN = 0;

  private final EventLoop loop;
  private final LightLog log;
  private final Stage<Batch> apply;
  private final Mailbox<Operation> mailbox = new Mailbox<>();
  private final Runnable drain = this::drain;
  private final List<Channel> followers = new ArrayList<>();

  /* In-loop only. */
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private final long[] durable = new long[3];
  private long batches;

  /** Commands of one frame: from {@code first} on, {@code count} of them. */
  private record Batch(long number, Mailbox.Node<Operation> first, int count) {}

  LightLeader(EventLoop loop, Path directory) throws IOException {
    this.loop = loop;
    log = LightLog.create(directory, "light-1", frames -> loop.execute(() -> durable(OWN, frames)));
    apply = Stage.start("light-1-apply", this::applyAll);
  }

  /** Adds a connected follower. Before the first command. */
  void follower(Channel channel) {
    followers.add(channel);
    channel.pipeline().addFirst(new Acks(followers.size()));
  }

  /** Hands a command over. Any thread. */
  void submit(byte[] command, Contestant.Done done) {
    if (mailbox.put(new Operation(command, done))) {
      loop.execute(drain);
    }
  }

  private void drain() {
    Mailbox.Node<Operation> next = mailbox.takeAll();
    while (next != null) {
      Mailbox.Node<Operation> first = next;
      int bytes = Integer.BYTES;
      int count = 0;
      do {
        bytes += Integer.BYTES + next.item.command.length;
        count++;
        next = next.next;
      } while (next != null && bytes + next.item.command.length <= BATCH_BYTES_MAX);
      waiting.add(new Batch(++batches, first, count));
      replicate(frame(first, count, bytes));
    }
  }

  private ByteBuf frame(Mailbox.Node<Operation> first, int count, int bytes) {
    ByteBuf frame = followers.get(0).alloc().directBuffer(bytes);
    frame.writeInt(bytes - Integer.BYTES);
    Mailbox.Node<Operation> node = first;
    for (int i = 0; i < count && node != null; i++, node = node.next) {
      byte[] command = node.item.command;
      frame.writeInt(command.length).writeBytes(command);
    }
    return frame;
  }

  /* The way through a follower is the longer one, so it starts first. */
  private void replicate(ByteBuf frame) {
    for (Channel follower : followers) {
      follower.writeAndFlush(frame.retainedDuplicate(), follower.voidPromise());
    }
    log.append(frame);
  }

  private void durable(int replica, long frames) {
    durable[replica] = frames;
    long low = Math.min(durable[0], durable[1]);
    long high = Math.max(durable[0], durable[1]);
    long majority = Math.max(low, Math.min(high, durable[2]));
    Batch batch = waiting.peek();
    while (batch != null && batch.number <= majority) {
      apply.put(waiting.remove());
      batch = waiting.peek();
    }
  }

  private void applyAll(Mailbox.Node<Batch> oldest) {
    for (Mailbox.Node<Batch> node = oldest; node != null; node = node.next) {
      Mailbox.Node<Operation> operation = node.item.first;
      for (int i = 0; i < node.item.count && operation != null; i++, operation = operation.next) {
        operation.item.done.completed(null);
      }
    }
  }

  /** Ends the log; the loop may be stopped then. */
  void closeLog() throws IOException {
    log.close();
  }

  /** Ends what the loop hands over to, once the loop has stopped. */
  @Override
  public void close() {
    apply.close();
  }

  /** A command and who hears of its end. */
  private static final class Operation {
    final byte[] command;
    final Contestant.Done done;

    Operation(byte[] command, Contestant.Done done) {
      this.command = command;
      this.done = done;
    }
  }

  /** Takes the newest of the acks that have arrived; each tells all that came before. */
  private final class Acks extends ByteToMessageDecoder {
    private final int replica;

    Acks(int replica) {
      this.replica = replica;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int whole = in.readableBytes() / LightFollower.ACK_BYTES * LightFollower.ACK_BYTES;
      if (whole > 0) {
        in.skipBytes(whole - LightFollower.ACK_BYTES);
        durable(replica, in.readLong());
      }
    }
  }
}
