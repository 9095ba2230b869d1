package io.quorate.runtime;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Unresolved;
import java.util.ArrayDeque;

/**
 * What timed out and may yet be asked for: the oldest is given up for the newest, beyond {@link
 * #COUNT_MAX} or {@link #BYTES_MAX}. Loop only.
 */
final class Leftovers {
  static final int COUNT_MAX = 1024;
  static final long BYTES_MAX = 8 << 20;

  private final Ring<Proposal> ring;
  private final ArrayDeque<Unresolved> oldestFirst = new ArrayDeque<>();
  private long bytes;

  /** Of the commands in that ring, where each has its place until it is resolved or given up. */
  Leftovers(Ring<Proposal> ring) {
    this.ring = ring;
  }

  void add(Unresolved left) {
    oldestFirst.add(left);
    bytes += left.length();
    if (isFull()) {
      forgetResolved();
    }
    while (isFull()) {
      drop(oldestFirst.remove());
    }
  }

  private boolean isFull() {
    return oldestFirst.size() > COUNT_MAX || (bytes > BYTES_MAX && !oldestFirst.isEmpty());
  }

  @SuppressWarnings("ReferenceEquality") // The very one, not what a retry has put there.
  private void forgetResolved() {
    oldestFirst.removeIf(left -> ring.get(left.sequence) != left);
    bytes = oldestFirst.stream().mapToLong(Proposal::length).sum();
  }

  /** Its place is needed. */
  void giveUp(Unresolved left) {
    if (oldestFirst.remove(left)) {
      drop(left);
    }
  }

  void giveUpAll() {
    while (!oldestFirst.isEmpty()) {
      drop(oldestFirst.remove());
    }
  }

  private void drop(Unresolved left) {
    bytes -= left.length();
    if (ring.remove(left.sequence, left)) {
      left.fail(Sentences.givenUp());
    }
  }
}
