package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file that is written past the page cache, in whole blocks.
 *
 * <p>Writes exclude each other; reads may run beside them. They go through the page cache, but for
 * those of whole blocks into a {@link #aligned} buffer.
 */
final class DirectFile implements Disk.File {
  /*
   * A log is written once and seldom read, so the page cache is of no use to it: every new page has
   * to be found and cleared, and every byte is copied into it, for a preparation and for a write
   * (docs/adr/0004 has the figures). What a block holds beside the bytes to be written has to be
   * written with them: it is kept here, if it is the last block of the write before, and read from the
   * file otherwise. The open end of the log comes in whole blocks (Staging).
   *
   * What is read through the page cache has the system read ahead, of which 8 MiB are usual on some
   * machines: a write of the log waits for that. So whoever reads much beside a log that is written
   * does it past the page cache as well.
   *
   * Sectors that held records before are thus written again with the bytes that they hold, as a page
   * cache would write them: a write that is torn between sectors leaves them as they were.
   */
  static final int BLOCK = 4096;

  private static final int PART_BYTES_MAX = 1 << 20;

  /** Written at once beforehand, with what waits for the disk meanwhile behind it. */
  private static final ByteBuffer ZEROS = aligned(256 << 10);

  private final FileChannel cached;
  private final FileChannel direct;
  private final ByteBuffer blocks;
  private final byte[] tail = new byte[BLOCK];
  private long tailAt = -1;

  /**
   * Writes to {@code direct} and reads from {@code cached}, which are the same file.
   *
   * @param blocks from {@link #buffer}; may be shared by files
   */
  DirectFile(FileChannel cached, FileChannel direct, ByteBuffer blocks) {
    this.cached = cached;
    this.direct = direct;
    this.blocks = blocks;
  }

  /** Room for the largest part of a write, aligned. */
  static ByteBuffer buffer() {
    return aligned(PART_BYTES_MAX + 2 * BLOCK);
  }

  /** A buffer of whole blocks that are written as they are. */
  static ByteBuffer aligned(int bytes) {
    return ByteBuffer.allocateDirect(bytes + BLOCK).alignedSlice(BLOCK).limit(bytes).slice();
  }

  @Override
  public long size() throws IOException {
    return cached.size();
  }

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    int past = isWholeBlocks(into, offset) ? Math.max(0, direct.read(into, offset)) : 0;
    return past + RealDisk.readFully(cached, into, offset + past); // No more, or the last of it.
  }

  @Override
  public synchronized void write(ByteBuffer from, long offset) throws IOException {
    if (isWholeBlocks(from, offset)) {
      writeWhole(from, offset);
      return;
    }
    long at = offset;
    while (from.hasRemaining()) {
      int length = Math.min(from.remaining(), PART_BYTES_MAX);
      writePart(from.slice(from.position(), length), at);
      from.position(from.position() + length);
      at += length;
    }
  }

  private static boolean isWholeBlocks(ByteBuffer from, long offset) {
    return from.isDirect()
        && ((offset | from.remaining()) & (BLOCK - 1)) == 0
        && from.alignmentOffset(from.position(), BLOCK) == 0;
  }

  /** Spares a copy, and does not keep other files waiting for the shared buffer. */
  private void writeWhole(ByteBuffer from, long offset) throws IOException {
    tailAt = -1;
    int start = from.position();
    while (from.hasRemaining()) {
      direct.write(from, offset + from.position() - start);
    }
  }

  private void writePart(ByteBuffer part, long offset) throws IOException {
    long first = offset & -BLOCK;
    long end = offset + part.remaining();
    long last = end & -BLOCK;
    int inLast = (int) (end - last);
    synchronized (blocks) {
      blocks.clear();
      if (offset > first) {
        load(first, 0);
      }
      if (inLast > 0 && (last > first || offset == first)) {
        load(last, (int) (last - first));
      }
      blocks.position((int) (offset - first));
      blocks.put(part);
      int length = (int) (last - first) + (inLast > 0 ? BLOCK : 0);
      tailAt = -1;
      writeBlocks(blocks.clear().limit(length), first);
      if (inLast > 0) {
        blocks.get(length - BLOCK, tail);
        tailAt = last;
      }
    }
  }

  /** Puts what the block at {@code at} holds into the buffer. */
  private void load(long at, int position) throws IOException {
    if (at == tailAt) {
      blocks.put(position, tail);
      return;
    }
    ByteBuffer block = blocks.slice(position, BLOCK);
    int found = Math.max(0, direct.read(block, at));
    block.put(found, new byte[BLOCK - found]);
  }

  private void writeBlocks(ByteBuffer from, long at) throws IOException {
    while (from.hasRemaining()) {
      direct.write(from, at + from.position());
    }
  }

  @Override
  public synchronized void preallocate(long from, long to) throws IOException {
    long aligned = Math.min(to, (from + BLOCK - 1) & -BLOCK);
    write(ZEROS.slice(0, (int) (aligned - from)), from);
    long at = aligned;
    while (to - at >= BLOCK) {
      int length = (int) Math.min(ZEROS.capacity(), (to - at) & -BLOCK);
      writeBlocks(ZEROS.slice(0, length), at);
      at += length;
    }
    write(ZEROS.slice(0, (int) (to - at)), at);
    tailAt = -1;
  }

  @Override
  public void force(boolean size) throws IOException {
    direct.force(size);
  }

  @Override
  public void close() throws IOException {
    try (direct) {
      cached.close();
    }
  }
}
