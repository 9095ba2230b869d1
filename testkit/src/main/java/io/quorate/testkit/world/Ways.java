package io.quorate.testkit.world;

import java.util.Arrays;

/** How each member and client reaches each other one: not at all, slowly, or well. */
final class Ways {
  private static final long BLOCKED = -1;

  private long[] nanos = new long[0];
  private int size;
  private int blocked;
  private int slow;

  /** Members have positive ids, clients negative ones. */
  private static int place(int id) {
    return id > 0 ? 2 * id : -2 * id + 1;
  }

  boolean isBlocked(int from, int to) {
    return blocked > 0 && at(from, to) == BLOCKED;
  }

  /** How much longer a frame takes; 0 if the way is not slow. */
  long slowNanos(int from, int to) {
    return slow > 0 ? Math.max(0, at(from, to)) : 0;
  }

  private long at(int from, int to) {
    int row = place(from);
    int column = place(to);
    return row < size && column < size ? nanos[row * size + column] : 0;
  }

  void block(int from, int to) {
    if (at(from, to) != BLOCKED) {
      blocked++;
      set(from, to, BLOCKED);
    }
  }

  /** No effect on a way that is blocked. */
  void slow(int from, int to, long by) {
    if (at(from, to) != BLOCKED) {
      slow++;
      set(from, to, by);
    }
  }

  private void set(int from, int to, long value) {
    int row = place(from);
    int column = place(to);
    int least = Math.max(row, column) + 1;
    if (least > size) {
      long[] wider = new long[least * least];
      for (int i = 0; i < size; i++) {
        System.arraycopy(nanos, i * size, wider, i * least, size);
      }
      nanos = wider;
      size = least;
    }
    nanos[row * size + column] = value;
  }

  /** All are open and fast. */
  void heal() {
    blocked = 0;
    slow = 0;
    Arrays.fill(nanos, 0);
  }

  /** How many are blocked. */
  int blocked() {
    return blocked;
  }
}
