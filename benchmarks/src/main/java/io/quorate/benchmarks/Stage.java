package io.quorate.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that handles all that waits in its mailbox, parks, and handles what came meanwhile.
 *
 * @param <T> what it handles
 */
final class Stage<T> implements AutoCloseable {
  private final Mailbox<T> mailbox = new Mailbox<>();
  private final Handler<T> handler;
  private final Thread thread;
  private volatile boolean closed;

  private Stage(String name, Handler<T> handler) {
    this.handler = handler;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  static <T> Stage<T> start(String name, Handler<T> handler) {
    Stage<T> stage = new Stage<>(name, handler);
    stage.thread.start();
    return stage;
  }

  /** Hands an item over. Any thread. */
  void put(T item) {
    if (mailbox.put(item)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      Mailbox.Node<T> oldest = mailbox.takeAll();
      if (oldest == null) {
        LockSupport.park(this);
        continue;
      }
      try {
        handler.handle(oldest);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Ends the thread after what it is doing; what still waits is dropped. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Handles all that waited, in order. */
  interface Handler<T> {
    void handle(Mailbox.Node<T> oldest) throws IOException;
  }
}
