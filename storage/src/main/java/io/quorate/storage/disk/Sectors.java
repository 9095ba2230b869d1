package io.quorate.storage.disk;

import java.nio.ByteBuffer;

/**
 * What a disk writes as a whole or not at all, as records see it: without the stamp at its start.
 *
 * <p>A header never crosses from one sector into the next, so it is on disk as it was written, or
 * it is zero. A value does: of its later sectors, those can be missing.
 */
final class Sectors {
  static final int BYTES = SectorFile.DATA;
  private static final int ALIGNMENT = 8;

  private Sectors() {}

  /** The first place from {@code offset} on where a header may stand. */
  static int place(int offset) {
    int aligned = align(offset);
    int inSector = aligned % BYTES;
    return inSector + RecordHeader.BYTES > BYTES ? aligned - inSector + BYTES : aligned;
  }

  /** Where a record ends whose last byte is before {@code offset}. */
  static int align(int offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Counts the set bits of {@code length} bytes from {@code at} on; stops above {@code enough}. */
  static int bits(ByteBuffer bytes, int at, int length, int enough) {
    int bits = 0;
    int next = at;
    for (; next + Long.BYTES <= at + length && bits <= enough; next += Long.BYTES) {
      bits += Long.bitCount(bytes.getLong(next));
    }
    for (; next < at + length && bits <= enough; next++) {
      bits += Integer.bitCount(bytes.get(next) & 0xff);
    }
    return bits;
  }
}
