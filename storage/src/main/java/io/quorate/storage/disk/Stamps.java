package io.quorate.storage.disk;

/**
 * What tells which segment has written a sector: the first eight bytes of each.
 *
 * <p>The file of a segment that is not needed any more becomes a later segment, and its old bytes
 * stay where they are until they are written over. They never pass for bytes of the later one,
 * because numbers of segments are not used twice.
 */
final class Stamps {
  /*
   * A stamp is the segment's number and, below it, a check of 32 bits over the number and the
   * sector's number in its file. All zero: never written. Two numbers that differ in a bit have
   * checks that differ, as the factor is odd; so no flipped bit turns a stamp into another, and one
   * that is a bit away from a stamp is taken for it. The same number's checks of two sectors differ
   * in more than a bit, in files of up to 1 GiB (StampsTest): no stamp passes at another place.
   */
  static final int BYTES = Long.BYTES;

  private static final long FACTOR = 0x9E3779B97F4A7C15L;
  private static final long CHECK_MASK = 0xffffffffL;

  private Stamps() {}

  /** The stamp of a sector that the segment has written. */
  static long of(int segment, int sector) {
    long number = ((long) segment << Integer.SIZE) | sector;
    return ((long) segment << Integer.SIZE) | ((number * FACTOR) >>> Integer.SIZE);
  }

  /**
   * Whether the sector holds no bytes of this segment: none at all, or those of an earlier one.
   *
   * @param stamp as it was found
   */
  static boolean isBlank(long stamp, int segment, int sector) {
    if (isNear(stamp, of(segment, sector))) {
      return false;
    }
    if (isNear(stamp, 0)) {
      return true;
    }
    int writer = (int) (stamp >>> Integer.SIZE);
    if (isEarlier(writer, segment) && isNear(stamp, of(writer, sector))) {
      return true; // The check may have a flipped bit.
    }
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int other = writer ^ (1 << bit);
      if (isEarlier(other, segment) && (of(other, sector) & CHECK_MASK) == (stamp & CHECK_MASK)) {
        return true; // The number has one.
      }
    }
    return false;
  }

  /**
   * Whether nobody writes that stamp there: a disk has put a sector to the wrong place. A write
   * that ended within its stamp, on zeros, has left no such stamp.
   *
   * @param stamp as it was found
   */
  static boolean isForeign(long stamp, int segment, int sector) {
    long own = of(segment, sector);
    return !isNear(stamp, own) && !isBlank(stamp, segment, sector) && !isCut(stamp, own);
  }

  private static boolean isCut(long stamp, long own) {
    int there = Long.numberOfTrailingZeros(stamp) / Byte.SIZE * Byte.SIZE;
    return stamp == (own & (-1L << there));
  }

  /** The stamp for which reading takes that one; that of the segment if it is none. */
  static long meant(long stamp, int segment, int sector) {
    if (!isBlank(stamp, segment, sector)) {
      return of(segment, sector);
    }
    if (isNear(stamp, 0)) {
      return 0;
    }
    int writer = (int) (stamp >>> Integer.SIZE);
    if (isEarlier(writer, segment) && isNear(stamp, of(writer, sector))) {
      return of(writer, sector);
    }
    int other = writer;
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      int tried = writer ^ (1 << bit);
      if (isEarlier(tried, segment) && (of(tried, sector) & CHECK_MASK) == (stamp & CHECK_MASK)) {
        other = tried;
      }
    }
    return of(other, sector);
  }

  private static boolean isEarlier(int writer, int segment) {
    return writer > 0 && writer < segment;
  }

  private static boolean isNear(long stamp, long other) {
    return Long.bitCount(stamp ^ other) <= 1;
  }
}
