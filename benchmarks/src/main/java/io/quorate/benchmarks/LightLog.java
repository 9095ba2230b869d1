package io.quorate.benchmarks;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Where {@code light} keeps frames: a file of 64 MiB that is filled with zeros beforehand and, once
 * full, written again from its start. All that waits costs one gathering write and one sync.
 */
final class LightLog implements AutoCloseable {
  private static final int SEGMENT_BYTES = 64 << 20;
  private static final int FILL_BYTES = 1 << 20;

  private final FileChannel file;
  private final LongConsumer durable;
  private final Stage<ByteBuf> stage;
  private final List<ByteBuffer> gathered = new ArrayList<>();
  private int gatheredBytes;
  private long frames;

  private LightLog(FileChannel file, String name, LongConsumer durable) {
    this.file = file;
    this.durable = durable;
    stage = Stage.start(name + "-log", this::writeAll);
  }

  /**
   * Makes the file and starts the log's thread.
   *
   * @param durable told, on that thread, how many frames are on disk
   */
  static LightLog create(Path directory, String name, LongConsumer durable) throws IOException {
    FileChannel file = FileChannel.open(directory.resolve(name + ".log"), CREATE_NEW, WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(FILL_BYTES);
    while (file.position() < SEGMENT_BYTES) {
      file.write(zeros.clear());
    }
    file.force(true);
    file.position(0);
    return new LightLog(file, name, durable);
  }

  /** Hands over a frame, which is released once it is on disk. Any thread, in one order. */
  void append(ByteBuf frame) {
    stage.put(frame);
  }

  private void writeAll(Mailbox.Node<ByteBuf> oldest) throws IOException {
    for (Mailbox.Node<ByteBuf> node = oldest; node != null; node = node.next) {
      ByteBuf frame = node.item;
      if (file.position() + gatheredBytes + frame.readableBytes() > SEGMENT_BYTES) {
        writeGathered();
        file.position(0);
      }
      gathered.add(frame.nioBuffer());
      gatheredBytes += frame.readableBytes();
      frames++;
    }
    writeGathered();
    file.force(false);
    for (Mailbox.Node<ByteBuf> node = oldest; node != null; node = node.next) {
      node.item.release();
    }
    durable.accept(frames);
  }

  private void writeGathered() throws IOException {
    ByteBuffer[] buffers = gathered.toArray(new ByteBuffer[0]);
    int first = 0;
    while (gatheredBytes > 0) {
      gatheredBytes -= (int) file.write(buffers, first, buffers.length - first);
      while (first < buffers.length && !buffers[first].hasRemaining()) {
        first++;
      }
    }
    gathered.clear();
  }

  /** Ends the thread, then closes the file. */
  @Override
  public void close() throws IOException {
    stage.close();
    file.close();
  }
}
