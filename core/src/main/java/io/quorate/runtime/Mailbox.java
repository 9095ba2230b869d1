package io.quorate.runtime;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many threads put in, one takes all. The nodes are the mail itself, so nothing is allocated.
 *
 * @param <N> a node, in at most one mailbox at a time
 */
final class Mailbox<N extends Mailbox.Node<N>> {
  /** Something that can wait in a mailbox. */
  interface Node<N> {
    @Nullable N next();

    void next(@Nullable N node);
  }

  private final AtomicReference<@Nullable N> newest = new AtomicReference<>();

  /** Puts a node in; returns whether the mailbox was empty, so that its taker has to be woken. */
  boolean put(N node) {
    while (true) {
      N before = newest.get();
      node.next(before);
      if (newest.compareAndSet(before, node)) {
        return before == null;
      }
    }
  }

  boolean isEmpty() {
    return newest.get() == null;
  }

  /** Takes all, linked from the oldest on; null if there is none. */
  @Nullable N takeAll() {
    N node = newest.getAndSet(null);
    N oldest = null;
    while (node != null) {
      N before = node.next();
      node.next(oldest);
      oldest = node;
      node = before;
    }
    return oldest;
  }
}
