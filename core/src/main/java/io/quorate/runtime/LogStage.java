package io.quorate.runtime;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: drains what all groups of the host want written, writes it, syncs once, and reports
 * to each group the last ticket that is durable now. The only user of the store's writing side.
 */
final class LogStage {
  /** Hears from the log thread; must hand over to its loop. */
  interface Listener {
    /** Every write up to the ticket is durable. */
    void durable(long ticket);

    /** The store has failed; no ticket is ever reported again. */
    void failed(StorageException cause);
  }

  /** What one group wants written in one turn of its loop. */
  static final class Request implements Mailbox.Node<Request> {
    private final LogStore.Group log;
    private final Listener owner;
    private final List<Object> operations = new ArrayList<>(4);
    private long ticket;
    private @Nullable Request next;

    Request(LogStore.Group log, Listener owner) {
      this.log = log;
      this.owner = owner;
    }

    void write(Entry entry, long ticket) {
      operations.add(entry);
      this.ticket = ticket;
    }

    void truncate(long epoch, long from, long ticket) {
      operations.add(new Truncation(epoch, from));
      this.ticket = ticket;
    }

    void save(byte[] record, long ticket) {
      operations.add(record);
      this.ticket = ticket;
    }

    /** Durable with the ticket, which was given to an earlier write. */
    void release(long epoch, long upTo, long ticket) {
      operations.add(new Release(epoch, upTo));
      this.ticket = ticket;
    }

    private void perform() {
      for (int i = 0; i < operations.size(); i++) {
        Object operation = operations.get(i);
        if (operation instanceof Entry entry) {
          log.write(entry);
        } else if (operation instanceof Truncation truncation) {
          log.truncate(truncation.epoch, truncation.from);
        } else if (operation instanceof Release release) {
          log.release(release.epoch, release.upTo);
        } else if (operation instanceof byte[] record) {
          log.save(record);
        } else {
          throw new AssertionError(operation);
        }
      }
    }

    @Override
    public @Nullable Request next() {
      return next;
    }

    @Override
    public void next(@Nullable Request node) {
      next = node;
    }
  }

  private record Truncation(long epoch, long from) {}

  private record Release(long epoch, long upTo) {}

  /*
   * What is looked at from the loops, to know whether the disk answers: how many requests came, how
   * many are done, and when the disk was last seen alive. The time is set before either number, and
   * read after both: so who sees that something is owed never takes an old time for it.
   */
  private final LongSupplier clock;
  private final AtomicLong submitted = new AtomicLong();
  private volatile long done;
  private volatile long aliveAt;

  private final LogStore store;
  private final Mailbox<Request> mailbox = new Mailbox<>();
  private final List<Request> unsynced = new ArrayList<>();
  private final Workers.Worker worker;
  private long finished;
  private volatile @Nullable StorageException failure;

  /**
   * A stage before a store.
   *
   * @param clock that of the loops; asked by any thread
   */
  LogStage(LogStore store, Workers workers, String name, LongSupplier clock) {
    this.store = store;
    this.clock = clock;
    worker = workers.worker(name, this::turn);
  }

  /** Any thread. */
  void submit(Request request) {
    if (submitted.get() == done) {
      aliveAt = clock.getAsLong(); // Nothing was owed: the disk's time begins now.
    }
    submitted.incrementAndGet();
    if (mailbox.put(request)) {
      worker.wake();
    }
  }

  /**
   * For how long the disk has finished nothing although it owes something: neither a request's
   * writes nor a sync. 0 if it owes nothing. Any thread.
   */
  long silentNanos(long now) {
    boolean owes = submitted.get() != done;
    return owes ? Math.max(0, now - aliveAt) : 0;
  }

  /** Writing and syncing are turns of their own, so that the simulator can crash between them. */
  private boolean turn() {
    StorageException failed = failure;
    if (failed != null) {
      refuse(failed);
      return false;
    }
    try {
      if (unsynced.isEmpty()) {
        write();
        return !unsynced.isEmpty();
      }
      store.sync();
      aliveAt = clock.getAsLong();
      report();
      return !mailbox.isEmpty();
    } catch (StorageException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new StorageException("the log failed in an unforeseen way: " + e, e));
    }
    return false;
  }

  private void write() {
    for (Request request = mailbox.takeAll(); request != null; request = request.next) {
      unsynced.add(request);
    }
    for (int i = 0; i < unsynced.size(); i++) {
      unsynced.get(i).perform();
      aliveAt = clock.getAsLong();
    }
  }

  /** One call for each group: of its last request. */
  private void report() {
    for (int i = 0; i < unsynced.size(); i++) {
      Request request = unsynced.get(i);
      if (isLastOfOwner(i)) {
        request.owner.durable(request.ticket);
      }
    }
    finished += unsynced.size();
    done = finished;
    unsynced.clear();
  }

  private boolean isLastOfOwner(int position) {
    for (int i = position + 1; i < unsynced.size(); i++) {
      if (unsynced.get(i).owner == unsynced.get(position).owner) {
        return false;
      }
    }
    return true;
  }

  private void fail(StorageException cause) {
    failure = cause;
    for (Request request : unsynced) {
      request.owner.failed(cause);
    }
    unsynced.clear();
    refuse(cause);
  }

  private void refuse(StorageException cause) {
    for (Request request = mailbox.takeAll(); request != null; request = request.next) {
      request.owner.failed(cause);
    }
  }

  /** Waits for the turn under way; what was not written by then is lost, as in a crash. */
  void close() {
    worker.close();
  }
}
