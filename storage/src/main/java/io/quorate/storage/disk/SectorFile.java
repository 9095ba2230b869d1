package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

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
  private static final ThreadLocal<ByteBuffer> READ =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_SECTORS * SECTOR));

  private final Disk.File file;
  private final int segment;
  private final ByteBuffer sectors;

  /**
   * The file of that segment.
   *
   * @param sectors from {@link #buffer}; may be shared by files
   */
  SectorFile(Disk.File file, int segment, ByteBuffer sectors) {
    this.file = file;
    this.segment = segment;
    this.sectors = sectors;
  }

  /** Room for a write of so many bytes in one part. */
  static ByteBuffer buffer(int bytes) {
    return Window.allocate((bytes / DATA + 2) * SECTOR);
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
      long stamp = raw.getLong(i * SECTOR + DATA);
      if (stamp != Stamps.of(segment, first + i) && Stamps.isBlank(stamp, segment, first + i)) {
        into.put(ZEROS, 0, length);
      } else {
        into.put(into.position(), raw, i * SECTOR + skipped, length);
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
      int partMax = (sectors.capacity() / SECTOR - 1) * DATA;
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
    int inSector = (int) (offset % DATA);
    long start = (long) sector * SECTOR + inSector;
    sectors.clear();
    for (int left = length; left > 0; sector++) {
      int part = Math.min(DATA - inSector, left);
      sectors.put(sectors.position(), from, from.position(), part);
      sectors.position(sectors.position() + part);
      from.position(from.position() + part);
      sectors.put(ZEROS, 0, DATA - inSector - part).putLong(Stamps.of(segment, sector));
      left -= part;
      inSector = 0;
    }
    file.write(sectors.flip(), start);
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
