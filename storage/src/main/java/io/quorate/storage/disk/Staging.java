package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of the open segment as its file is to have it: in sectors, each behind its stamp. It goes
 * to the file as it is, in whole blocks, so a record is copied once on its way to the disk.
 *
 * <p>Offsets are those of the records. What the first block holds from before is kept, and written
 * again with what is new; zeros stand behind the last byte. All but {@link #read} belongs to the
 * log thread.
 */
final class Staging {
  /*
   * The monitor guards which part of the segment the buffer stands for: readers hold it for a copy,
   * the log thread for moving a block and for an assignment, never for a call of the disk. Bytes
   * that a reader may ask for do not change before they are in the file.
   *
   * Writes come from one part of the buffer after the other. What a device has just read is put anew
   * twice as slowly as what it read a while ago (docs/performance.md).
   */
  private static final int BYTES_MAX = 2 << 20;
  private static final int BLOCK = DirectFile.BLOCK;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final ByteBuffer blocks;
  private Segment segment;

  /** Where the first byte of the buffer would stand in the file. */
  private int base;

  /** The place in the buffer of the first block that is not full, or not in the file. */
  private int start;

  /** The place in the buffer of the next byte, or of its sector's stamp. */
  private int at;

  /** The first byte that is not in the file. */
  private int unwritten;

  /**
   * Goes on in a segment, at the end of its records.
   *
   * @param blocks a number of them, from {@link Disk#buffer}
   */
  Staging(ByteBuffer blocks, Segment segment, int end) throws IOException {
    this.blocks = blocks;
    this.segment = segment;
    unwritten = end;
    int place = place(end);
    base = place & -BLOCK;
    at = place - base;
    segment.file().readSectors(blocks.clear().limit(at), base);
    blocks.clear();
  }

  /** How many bytes are worth having, for segments of that size. */
  static int bytes(int segmentBytes) {
    return Math.min(BYTES_MAX, segmentBytes) & -BLOCK;
  }

  /** Goes on in an empty segment, when all that was put has been written. */
  synchronized void start(Segment next) {
    segment = next;
    base = 0;
    start = 0;
    at = 0;
    put(Segment.header(next.number()), 0, Segment.HEADER_BYTES);
    unwritten = Segment.FIRST;
  }

  /** The offset of the next byte. */
  private int end() {
    int inSector = at % SectorFile.SECTOR;
    return (base + at) / SectorFile.SECTOR * SectorFile.DATA
        + (inSector == 0 ? 0 : inSector - Stamps.BYTES);
  }

  /** Where a byte stands in the file; its sector, if it is the first one there. */
  private static int place(int offset) {
    return offset % SectorFile.DATA == 0
        ? offset / SectorFile.DATA * SectorFile.SECTOR
        : (int) SectorFile.inFile(offset);
  }

  /** Puts zeros up to an offset. */
  void skipTo(int offset) throws IOException {
    append(ByteBuffer.wrap(ZEROS), 0, offset - end());
  }

  /** Puts bytes; writes what waits where there is no more room. */
  void append(ByteBuffer from, int start, int length) throws IOException {
    for (int done = 0; done < length; ) {
      if (at == blocks.capacity()) {
        write();
      }
      done += put(from, start + done, length - done);
    }
  }

  /** Puts as many bytes as the sector has room for; returns how many. */
  private int put(ByteBuffer from, int start, int length) {
    if (at % SectorFile.SECTOR == 0) {
      blocks.putLong(at, Stamps.of(segment.number(), (base + at) / SectorFile.SECTOR));
      at += Stamps.BYTES;
    }
    int part = Math.min(length, SectorFile.SECTOR - at % SectorFile.SECTOR);
    blocks.put(at, from, start, part);
    at += part;
    return part;
  }

  /**
   * Writes what is not in the file yet.
   *
   * @return whether there was something
   */
  boolean write() throws IOException {
    int end = end();
    if (end == unwritten) {
      return false;
    }
    int fileEnd = segment.size() / SectorFile.DATA * SectorFile.SECTOR - base;
    int length = Math.min((at + BLOCK - 1) & -BLOCK, fileEnd);
    blocks.put(at, ZEROS, 0, length - at);
    segment.file().writeSectors(blocks.slice(start, length - start), base + start);
    keepLast(end);
    return true;
  }

  /** The last block is the first one of the next write, if it has room. */
  private synchronized void keepLast(int end) {
    start = at & -BLOCK;
    unwritten = end;
    if (start > blocks.capacity() / 2) {
      blocks.put(0, blocks, start, at - start);
      base += start;
      at -= start;
      start = 0;
    }
  }

  /**
   * Copies those of a record's bytes that are not in the file yet. Any thread.
   *
   * @param into has as many bytes as are wanted; its position and limit are left alone
   * @return how many are in the file, which come before those
   */
  synchronized int read(int number, int offset, ByteBuffer into) {
    int length = into.capacity();
    if (number != segment.number() || offset + length <= unwritten) {
      return length;
    }
    int inFile = Math.max(0, unwritten - offset);
    for (int done = inFile; done < length; ) {
      int next = offset + done;
      int part = Math.min(length - done, SectorFile.DATA - next % SectorFile.DATA);
      into.put(done, blocks, (int) SectorFile.inFile(next) - base, part);
      done += part;
    }
    return inFile;
  }
}
