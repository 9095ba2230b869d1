package io.quorate.storage.disk;

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
 * write begins in a sector that was written before, or at the start of one. Writes exclude each
 * other; reads may run beside them.
 */
final class SectorFile implements Disk.File {
  /** What a disk writes as a whole or not at all. */
  static final int SECTOR = 512;

  /** What of it is the records'. */
  static final int DATA = SECTOR - Stamps.BYTES;

  private static final int READ_SECTORS = 128;
  private static final byte[] ZEROS = new byte[DATA];
  private static final VarHandle STAMP =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final ThreadLocal<ByteBuffer> READ =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_SECTORS * SECTOR));

  private final Disk.File file;
  private final int segment;
  private final byte[] sectors;

  /**
   * The file of that segment.
   *
   * @param sectors from {@link #buffer}; may be shared by files
   */
  SectorFile(Disk.File file, int segment, byte[] sectors) {
    this.file = file;
    this.segment = segment;
    this.sectors = sectors;
  }

  /** Room for a write of so many bytes in one part. */
  static byte[] buffer(int bytes) {
    return new byte[(bytes / DATA + 2) * SECTOR];
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
    ByteBuffer raw = READ.get();
    long at = offset;
    while (into.hasRemaining()) {
      int inSector = (int) (at % DATA);
      int wanted = (inSector + into.remaining() + DATA - 1) / DATA;
      raw.clear().limit(Math.min(wanted, READ_SECTORS) * SECTOR);
      int whole = file.read(raw, at / DATA * SECTOR) / SECTOR;
      if (whole == 0) {
        break;
      }
      copy(raw, whole, (int) (at / DATA), inSector, into);
      at = offset + into.position() - start;
    }
    return into.position() - start;
  }

  private void copy(ByteBuffer raw, int count, int first, int inFirst, ByteBuffer into) {
    int skipped = inFirst;
    for (int i = 0; i < count && into.hasRemaining(); i++) {
      int length = Math.min(DATA - skipped, into.remaining());
      int from = i * SECTOR + skipped;
      long stamp = raw.getLong(i * SECTOR + DATA);
      if (stamp != Stamps.of(segment, first + i) && Stamps.isBlank(stamp, segment, first + i)) {
        into.put(ZEROS, 0, length);
      } else if (into.hasArray()) { // Several times as fast.
        raw.get(from, into.array(), into.arrayOffset() + into.position(), length);
        into.position(into.position() + length);
      } else {
        into.put(into.position(), raw, from, length);
        into.position(into.position() + length);
      }
      skipped = 0;
    }
  }

  /** Whether the segment has written all sectors that these bytes lie in. */
  boolean isWritten(int offset, int length) throws IOException {
    ByteBuffer raw = READ.get();
    int end = (offset + length + DATA - 1) / DATA;
    for (int first = offset / DATA; first < end; first += READ_SECTORS) {
      int count = Math.min(READ_SECTORS, end - first);
      raw.clear().limit(count * SECTOR);
      if (file.read(raw, (long) first * SECTOR) < raw.limit()) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        if (Stamps.isBlank(raw.getLong(i * SECTOR + DATA), segment, first + i)) {
          return false;
        }
      }
    }
    return true;
  }

  // ---- writing ----

  @Override
  public void write(ByteBuffer from, long offset) throws IOException {
    synchronized (sectors) {
      int partMax = (sectors.length / SECTOR - 1) * DATA;
      long at = offset;
      while (from.hasRemaining()) {
        int length = Math.min(from.remaining(), partMax);
        writePart(from, length, at);
        at += length;
      }
    }
  }

  /** Each sector gets its stamp, and the last one zeros behind the bytes. */
  private void writePart(ByteBuffer from, int length, long offset) throws IOException {
    int sector = (int) (offset / DATA);
    int at = (int) (offset % DATA);
    long start = (long) sector * SECTOR + at;
    int skipped = at;
    int stampAt = DATA;
    for (int left = length; left > 0; sector++) {
      int part = Math.min(stampAt - at, left);
      from.get(sectors, at, part);
      Arrays.fill(sectors, at + part, stampAt, (byte) 0);
      STAMP.set(sectors, stampAt, Stamps.of(segment, sector));
      left -= part;
      at = stampAt + Stamps.BYTES;
      stampAt += SECTOR;
    }
    file.write(ByteBuffer.wrap(sectors, skipped, at - skipped), start);
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
  public void blank(long from) {
    file.blank((from + DATA - 1) / DATA * SECTOR);
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
