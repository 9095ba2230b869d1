package io.quorate.examples.registry;

import java.util.concurrent.CompletableFuture;

/** Those who wait for the next change. Any thread. */
final class Watchers {
  private CompletableFuture<Void> next = new CompletableFuture<>();

  /** Done with the first command that is applied from now on. */
  synchronized CompletableFuture<Void> next() {
    return next;
  }

  /** Wakes all that wait; they go on in their own threads. */
  void changed() {
    CompletableFuture<Void> over;
    synchronized (this) {
      over = next;
      next = new CompletableFuture<>();
    }
    over.complete(null);
  }
}
