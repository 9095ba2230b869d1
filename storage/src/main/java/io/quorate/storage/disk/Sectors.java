package io.quorate.storage.disk;

import java.nio.ByteBuffer;

/**
 * What a disk writes as a whole or not at all: 512 bytes.
 *
 * <p>A header never crosses from one sector into the next, so it is on disk as it was written, or
 * it is zero. A value does: of its later sectors, those can be missing.
 */
final class Sectors {
  static final int BYTES = 512;
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

  /**
   * Counts those sectors of a value that hold no set bit and those that hold just one. The parts of
   * the value that share a sector with the header or with the end are not looked at: with these
   * they are there.
   *
   * @param value between position and limit, which are left as they are
   * @param offset where the value starts in its segment
   */
  static Thin count(ByteBuffer value, int offset) {
    int blank = 0;
    int single = 0;
    int from = value.position() + (BYTES - offset % BYTES) % BYTES;
    for (int at = from; at <= value.limit() - BYTES; at += BYTES) {
      int bits = bits(value, at, at + BYTES, 1);
      if (bits == 0) {
        blank++;
      } else if (bits == 1) {
        single++;
      }
    }
    return blank + single == 0 ? Thin.NONE : new Thin(blank, single);
  }

  /** Counts set bits from {@code from} up to {@code to}; stops above {@code enough}. */
  static int bits(ByteBuffer bytes, int from, int to, int enough) {
    int bits = 0;
    int at = from;
    for (; at + Long.BYTES <= to && bits <= enough; at += Long.BYTES) {
      bits += Long.bitCount(bytes.getLong(at));
    }
    for (; at < to && bits <= enough; at++) {
      bits += Integer.bitCount(bytes.get(at) & 0xff);
    }
    return bits;
  }

  /**
   * How many sectors of a value hold no set bit, and how many just one.
   *
   * @param blank sectors that look as if they had never been written
   * @param single sectors that one flipped bit would make look so
   */
  record Thin(int blank, int single) {
    static final Thin NONE = new Thin(0, 0);

    /**
     * Whether a value that was written with this count and is now found with {@code found} lacks a
     * sector, which one flipped bit cannot explain.
     */
    boolean lacksSector(Thin found) {
      int missing = found.blank - blank;
      return missing > 1 || (missing == 1 && found.single >= single);
    }
  }
}
