package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file behind the page cache, where the file system cannot do without. */
record CachedFile(FileChannel channel) implements Disk.File {
  private static final int ZEROS_BYTES = 1 << 20;

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    return RealDisk.readFully(channel, into, offset);
  }

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    int start = from.position();
    while (from.hasRemaining()) {
      channel.write(from, offset + from.position() - start);
    }
  }

  @Override
  public void preallocate(long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_BYTES, to - from));
    for (long at = from; at < to; at += zeros.limit()) {
      write(zeros.clear().limit((int) Math.min(zeros.capacity(), to - at)), at);
    }
  }

  @Override
  public void force(boolean size) throws IOException {
    channel.force(size);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
