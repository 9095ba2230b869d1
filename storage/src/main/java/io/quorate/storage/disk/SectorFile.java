package io.quorate.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The file of a segment as its records see it: without the stamps of its sectors, and with zeros
 * where the segment has not written, whatever stands there on disk.
 *
 * <p>Offsets and lengths are those of the records, but for what is handed to the file itself. A
 * write begins in a sector that was written before, or at the start of one, and leaves zeros behind
 * its bytes up to the end of their last sector. Writes exclude each other; reads may run beside
 * them.
 */
final class SectorFile implements Disk.File {
  /** What a disk writes as a whole or not at all. */
  static final int SECTOR = 512;

  /** What of it is the records'. */
  static final int DATA = SECTOR - Stamps.BYTES;

  private static final int READ_SECTORS = 640;
  private static final byte[] ZEROS = new byte[DATA];
  private static final VarHandle STAMP =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Of a part of a write: of headers and of what recovery writes once more, so of no more. */
  private static final int WRITE_SECTORS = 130;

  private static final ThreadLocal<byte[]> WRITE =
      ThreadLocal.withInitial(() -> new byte[WRITE_SECTORS * SECTOR]);

  private static final ThreadLocal<ByteBuffer> READ =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_SECTORS * SECTOR));

  private final Disk.File file;
  private final int segment;

  /** The file of that segment. */
  SectorFile(Disk.File file, int segment) {
    this.file = file;
    this.segment = segment;
  }

  /** How many bytes of records a file of so many bytes has room for. */
  static long room(long fileBytes) {
    return fileBytes / SECTOR * DATA;
  }

  @Override
  public long size() throws IOException {
    return room(file.size());
  }

  // ---- reading ----

  @Override
  public int read(ByteBuffer into, long offset) throws IOException {
    int start = into.position();
    ByteBuffer raw = READ.get().duplicate();
    long at = offset;
    while (into.hasRemaining()) {
      int inSector = (int) (at % DATA);
      int wanted = (inSector + into.remaining() + DATA - 1) / DATA;
      raw.clear().limit(Math.min(wanted, READ_SECTORS) * SECTOR);
      int whole = file.read(raw, at / DATA * SECTOR) / SECTOR;
      if (whole == 0) {
        break;
      }
      blank(raw, whole, (int) (at / DATA));
      copy(raw, whole, inSector, into);
      at = offset + into.position() - start;
    }
    return into.position() - start;
  }

  /** As {@link #read}, of what must be there. */
  void readFully(ByteBuffer into, long offset) throws IOException {
    int wanted = into.remaining();
    checkWhole(read(into, offset), wanted);
  }

  private static void checkWhole(int found, int wanted) throws EOFException {
    if (found < wanted) {
      throw new EOFException("the file is shorter than it was");
    }
  }

  /** Puts zeros into those that the segment has not written. */
  private void blank(ByteBuffer raw, int count, int first) {
    for (int i = 0; i < count; i++) {
      if (!isWritten(raw, i, first + i)) {
        raw.put(i * SECTOR + Stamps.BYTES, ZEROS, 0, DATA);
      }
    }
  }

  private static void copy(ByteBuffer raw, int count, int inFirst, ByteBuffer into) {
    int skipped = inFirst;
    for (int i = 0; i < count && into.hasRemaining(); i++) {
      int length = Math.min(DATA - skipped, into.remaining());
      int from = i * SECTOR + Stamps.BYTES + skipped;
      if (into.hasArray()) { // Several times as fast.
        raw.get(from, into.array(), into.arrayOffset() + into.position(), length);
        into.position(into.position() + length);
      } else {
        into.put(into.position(), raw, from, length);
        into.position(into.position() + length);
      }
      skipped = 0;
    }
  }

  /** Reads sectors as they are, stamps and all, at a place in the file. */
  void readSectors(ByteBuffer into, long place) throws IOException {
    int wanted = into.remaining();
    checkWhole(file.read(into, place), wanted);
  }

  /**
   * Reads whole sectors from one on, with their stamps, and with zeros where the segment has not
   * written.
   */
  void readWritten(ByteBuffer into, int sector) throws IOException {
    int count = into.remaining() / SECTOR;
    readSectors(into, (long) sector * SECTOR);
    blank(into, count, sector);
  }

  /** Whether the segment has written all sectors that these bytes lie in. */
  boolean isWritten(int offset, int length) throws IOException {
    return next(false, offset, offset + length) == offset + length;
  }

  /**
   * The first place, from {@code from} on, in a sector that the segment has written; {@code to} if
   * there is none before it.
   */
  int nextWritten(int from, int to) throws IOException {
    return next(true, from, to);
  }

  /** What the file lacks is not written. */
  private int next(boolean written, int from, int to) throws IOException {
    ByteBuffer raw = READ.get().duplicate();
    int end = (to + DATA - 1) / DATA;
    int step = 1; // More often than not it is the first one, or far away.
    for (int first = from / DATA; first < end; ) {
      raw.clear().limit(Math.min(step, end - first) * SECTOR);
      int count = file.read(raw, (long) first * SECTOR) / SECTOR;
      if (count == 0) {
        return written ? to : Math.max(from, first * DATA);
      }
      for (int i = 0; i < count; i++) {
        if (isWritten(raw, i, first + i) == written) {
          return Math.max(from, (first + i) * DATA);
        }
      }
      first += count;
      step = Math.min(READ_SECTORS, 8 * step);
    }
    return to;
  }

  /** Whether the sector of that byte was written for another place. */
  boolean isForeign(int offset) throws IOException {
    ByteBuffer raw = READ.get().duplicate();
    int sector = offset / DATA;
    raw.clear().limit(SECTOR);
    return file.read(raw, (long) sector * SECTOR) == SECTOR
        && Stamps.isForeign(raw.getLong(0), segment, sector);
  }

  private boolean isWritten(ByteBuffer raw, int at, int sector) {
    long stamp = raw.getLong(at * SECTOR);
    return stamp == Stamps.of(segment, sector) || !Stamps.isBlank(stamp, segment, sector);
  }

  /** Where a byte stands in the file. */
  static long inFile(int offset) {
    return (long) (offset / DATA) * SECTOR + Stamps.BYTES + offset % DATA;
  }

  // ---- writing ----

  /** Writes sectors as they are, stamps and all, at a place in the file. */
  void writeSectors(ByteBuffer sectors, long place) throws IOException {
    file.write(sectors, place);
  }

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    long at = offset;
    while (from.hasRemaining()) {
      int length = Math.min(from.remaining(), (WRITE_SECTORS - 1) * DATA);
      writePart(from, length, at);
      at += length;
    }
  }

  /** Each sector that begins here gets its stamp, and the last one zeros behind the bytes. */
  private void writePart(ByteBuffer from, int length, long offset) throws IOException {
    byte[] sectors = WRITE.get();
    int sector = (int) (offset / DATA);
    int start = (int) (offset % DATA) == 0 ? 0 : Stamps.BYTES + (int) (offset % DATA);
    int at = start;
    int end = SECTOR;
    for (int left = length; left > 0; sector++) {
      if (at == end - SECTOR) {
        STAMP.set(sectors, at, Stamps.of(segment, sector));
        at += Stamps.BYTES;
      }
      int part = Math.min(end - at, left);
      from.get(sectors, at, part);
      Arrays.fill(sectors, at + part, end, (byte) 0);
      left -= part;
      at = end;
      end += SECTOR;
    }
    file.write(ByteBuffer.wrap(sectors, start, at - start), offset / DATA * SECTOR + start);
  }

  /** Afterwards the sectors behind that of {@code from}, up to that of {@code to}, are blank. */
  @Override
  public void preallocate(long from, long to) throws IOException {
    int inSector = (int) (from % DATA);
    if (inSector > 0) {
      write(ByteBuffer.wrap(ZEROS, 0, DATA - inSector), from);
    }
    long first = (from + DATA - 1) / DATA;
    long end = (to + DATA - 1) / DATA;
    if (first < end) {
      file.preallocate(first * SECTOR, end * SECTOR);
    }
  }

  @Override
  public void force(boolean size) throws IOException {
    file.force(size);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
