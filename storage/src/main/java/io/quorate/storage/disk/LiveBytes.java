package io.quorate.storage.disk;

import io.quorate.spi.Check;
import java.util.Arrays;

/**
 * How many bytes of each segment are records that nothing has superseded. Not safe for concurrent
 * use: the replay's first, then the log thread's.
 */
/* A record counts with its header and its value, not with what lies between it and the next one: at
 * most a fifth more, which the policy of the Compactor has room for.
 */
final class LiveBytes {
  private long[] bytes = new long[16];
  private int first;
  private long total;

  /** With the number of the oldest segment. */
  LiveBytes(int first) {
    this.first = first;
  }

  /** A record was written, or found. */
  void add(long position, int length) {
    int at = Position.segment(position) - first;
    if (at >= bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + 1, 2 * bytes.length));
    }
    bytes[at] += length;
    total += length;
  }

  /** A record was superseded. */
  void remove(long position, int length) {
    bytes[Position.segment(position) - first] -= length;
    total -= length;
  }

  /** Of that segment. */
  long of(int segment) {
    int at = segment - first;
    return at < bytes.length ? bytes[at] : 0;
  }

  /** Of all. */
  long total() {
    return total;
  }

  /** The segments in front of that one are given up. */
  void dropBefore(int segment) {
    int dropped = segment - first;
    for (int at = 0; at < Math.min(dropped, bytes.length); at++) {
      Check.that(bytes[at] == 0, "nothing live is given up", bytes[at], 0);
    }
    bytes = Arrays.copyOfRange(bytes, Math.min(dropped, bytes.length), bytes.length + dropped);
    first = segment;
  }
}
