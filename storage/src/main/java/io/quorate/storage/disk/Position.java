package io.quorate.storage.disk;

/**
 * A place in the log as one number that grows along it: the segment's number in the upper half, the
 * offset in it in the lower.
 */
final class Position {
  /** Before every record. */
  static final long START = 0;

  private Position() {}

  static long of(int segment, int offset) {
    return ((long) segment << 32) | offset;
  }

  static int segment(long position) {
    return (int) (position >>> 32);
  }

  static int offset(long position) {
    return (int) position;
  }
}
