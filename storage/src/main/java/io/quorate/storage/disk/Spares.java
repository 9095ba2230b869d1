package io.quorate.storage.disk;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Files of segments that were given up and are kept to become segments again: their space need not
 * be written beforehand. The next opening of the log deletes what is left of them.
 */
final class Spares {
  /*
   * Segments are given up in bursts, whenever a snapshot was taken, and one is needed each time that
   * one is full. With two spares, a log at full speed had none at every fifth segment, filled a new
   * file with zeros, and deleted an old one soon after; each of the two held up all syncs for 100 ms.
   */
  private static final int KEPT_MAX = 4;

  private final int size;
  private final ArrayDeque<String> names = new ArrayDeque<>();

  /** For segments of that size. */
  Spares(int size) {
    this.size = size;
  }

  /** The name of the file of a segment that was given up. */
  static String name(Segment segment) {
    return segment.name().replace(".log", ".old");
  }

  /** Whether one more is kept, and that one has the right size. */
  synchronized boolean wants(Segment segment, int renamed) {
    return segment.size() == size && names.size() + renamed < KEPT_MAX;
  }

  /** Keeps a file, under a name that is durable. */
  synchronized void add(String name) {
    names.add(name);
  }

  /** Hands one out; null if there is none. */
  synchronized @Nullable String take() {
    return names.poll();
  }
}
