package io.quorate.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A queue that any thread fills and one thread empties, all at once. Unbounded: the load is closed,
 * so what is in flight bounds it.
 *
 * @param <T> what waits
 */
final class Mailbox<T> {
  /*
   * A stack of nodes: one compare-and-set to put, one swap to take everything. Who puts sees whether
   * the stack was empty, and so whether the taker has to be woken.
   */
  private final AtomicReference<@Nullable Node<T>> newest = new AtomicReference<>();

  /** Adds an item; true if none waited, in which case the caller wakes the taker. */
  boolean put(T item) {
    Node<T> node = new Node<>(item);
    Node<T> before;
    do {
      before = newest.get();
      node.next = before;
    } while (!newest.compareAndSet(before, node));
    return before == null;
  }

  /** Takes all that waits, oldest first; null if nothing does. One thread only. */
  @Nullable Node<T> takeAll() {
    Node<T> node = newest.getAndSet(null);
    Node<T> oldest = null;
    while (node != null) {
      Node<T> next = node.next;
      node.next = oldest;
      oldest = node;
      node = next;
    }
    return oldest;
  }

  /** An item and, once taken, the one that was put after it. */
  static final class Node<T> {
    final T item;
    @Nullable Node<T> next;

    Node(T item) {
      this.item = item;
    }
  }
}
