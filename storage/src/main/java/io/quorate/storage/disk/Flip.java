package io.quorate.storage.disk;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A flipped bit of which it is certain what it was.
 *
 * @param file where it is
 * @param toldAt the offset of the damage that it does, as a user is told it
 * @param at the offset of its byte
 * @param mask the bit in that byte
 */
record Flip(String file, long toldAt, long at, int mask) {
  /** The one bit in which they differ, as its number; -1 if it is not one bit. */
  static int between(ByteBuffer found, ByteBuffer right) {
    int flipped = -1;
    for (int at = 0; at < right.limit(); at++) {
      int differing = (found.get(at) ^ right.get(at)) & 0xff;
      if (differing != 0) {
        if (flipped >= 0 || Integer.bitCount(differing) > 1) {
          return -1;
        }
        flipped = at * Byte.SIZE + Integer.numberOfTrailingZeros(differing);
      }
    }
    return flipped;
  }

  /**
   * The bit of a record's header without which it is one, as its number; -1 if there is none. A
   * checksum alone could be made fit by chance; but the header must also tell its own place.
   */
  static int inHeader(ByteBuffer found, Segment segment, int at) {
    ByteBuffer tried = ByteBuffer.allocate(RecordHeader.BYTES).put(0, found, 0, RecordHeader.BYTES);
    for (int bit = 0; bit < RecordHeader.BYTES * Byte.SIZE; bit++) {
      invert(tried, bit);
      if (RecordHeader.decode(tried, 0, segment, at) != null) {
        return bit;
      }
      invert(tried, bit);
    }
    return -1;
  }

  /** That header with that bit put right. */
  static RecordHeader mended(ByteBuffer found, int bit, Segment segment, int at) {
    ByteBuffer mended =
        ByteBuffer.allocate(RecordHeader.BYTES).put(0, found, 0, RecordHeader.BYTES);
    invert(mended, bit);
    return Objects.requireNonNull(RecordHeader.decode(mended, 0, segment, at));
  }

  private static void invert(ByteBuffer bytes, int bit) {
    bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ (1 << bit % 8)));
  }

  /** Inverts the bit, if it is within {@code bytes}, which stand at {@code from} in the file. */
  void undo(ByteBuffer bytes, long from) {
    if (at >= from && at < from + bytes.limit()) {
      int place = (int) (at - from);
      bytes.put(place, (byte) (bytes.get(place) ^ mask));
    }
  }
}
