package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.SnapshotInfo;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Archive;
import io.quorate.spi.Loop;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots and backups that operators have ordered. Loop only, but for what is said to run on
 * the snapshot thread.
 */
/* An order may take minutes, and an ask has a timeout and a connection, which may break. So an order
 * has a number that the client has drawn; who asks for it again is told of the same one. An ask is
 * answered when the order is done, or after a while with "under way", and then the client asks again.
 * What became of the last orders is remembered, for those who have missed the answer.
 */
final class SnapshotOrders {
  private static final long UNDER_WAY_NANOS = 2_000_000_000;
  private static final int REMEMBERED = 64;

  private final SnapshotDesk desk;
  private final Snapshots snapshots;
  private final Function<String, Archive> archives;
  private final Background worker;
  private final Loop loop;
  private final long bytesPerSecond;
  private final ClientDesk clients;
  private final Supplier<@Nullable Throwable> ended;
  private final LongSupplier applied;
  private final LinkedHashMap<Long, Order> orders = new LinkedHashMap<>();
  private @Nullable Order copying;
  private @Nullable BackupJob job; // Snapshot thread only.

  private record Ask(int client, long id) {}

  private static final class Order {
    final List<Ask> asks = new ArrayList<>();
    final @Nullable String directory;
    @Nullable Outcome outcome;

    Order(@Nullable String directory) {
      this.directory = directory;
    }
  }

  SnapshotOrders(
      SnapshotDesk desk,
      Snapshots snapshots,
      Function<String, Archive> archives,
      Background worker,
      Loop loop,
      long bytesPerSecond,
      ClientDesk clients,
      Supplier<@Nullable Throwable> ended,
      LongSupplier applied) {
    this.desk = desk;
    this.snapshots = snapshots;
    this.archives = archives;
    this.worker = worker;
    this.loop = loop;
    this.bytesPerSecond = bytesPerSecond;
    this.clients = clients;
    this.ended = ended;
    this.applied = applied;
  }

  /** A client asks for a snapshot, or a backup; its arguments. */
  void asked(int client, long id, Verb verb, ByteBuffer in) {
    long number = in.getLong();
    String directory = verb == Verb.BACKUP ? Wire.text(Wire.slice(in, in.getInt())) : null;
    Throwable why = ended.get();
    if (why != null) {
      clients.answer(client, id, failed("the replica has ended: " + why.getMessage()));
      return;
    }
    Order order = orders.get(number);
    if (order == null) {
      order = new Order(directory);
      forgetOldest();
      orders.put(number, order);
      begin(order);
    }
    if (order.outcome != null) {
      clients.answer(client, id, order.outcome);
      return;
    }
    Ask ask = new Ask(client, id);
    Order asked = order;
    asked.asks.add(ask);
    loop.schedule(
        UNDER_WAY_NANOS,
        () -> {
          if (asked.asks.remove(ask)) {
            clients.answer(client, id, new Outcome(Code.OK, 0, SnapshotInfoCodec.underWay()));
            clients.flush();
          }
        });
  }

  private void forgetOldest() {
    if (orders.size() >= REMEMBERED) {
      orders.values().removeIf(order -> order.outcome != null);
    }
  }

  private void begin(Order order) {
    if (order.directory != null && copying != null) {
      settle(order, failed("another backup is being written: try again when that is done"));
      return;
    }
    if (order.directory != null) {
      copying = order;
    }
    desk.order(
        applied.getAsLong(),
        snapshot -> {
          if (order.directory == null) {
            worker.execute(() -> describe(order, snapshot));
          } else {
            worker.execute(() -> copy(order, order.directory));
          }
        },
        cause -> settle(order, failed("no snapshot could be taken: " + cause)));
  }

  /** Snapshot thread. */
  private void describe(Order order, Snapshots.Snapshot taken) {
    try (Snapshots.Reader reader = snapshots.newest()) {
      if (reader == null) {
        throw new IllegalStateException("the snapshot is gone that was taken: " + taken);
      }
      SnapshotInfo info = Restoring.info(SnapshotHead.of(reader), reader.snapshot());
      done(order, ok(info));
    } catch (RuntimeException e) {
      done(order, failed(words(e)));
    }
  }

  /** Snapshot thread. */
  private void copy(Order order, String directory) {
    job = new BackupJob(snapshots, () -> archives.apply(directory));
    step(order);
  }

  /** Snapshot thread. */
  private void step(Order order) {
    BackupJob copy = job;
    if (copy == null) {
      return; // The replica ends.
    }
    try {
      int bytes = copy.step();
      if (bytes > 0) {
        long pause = bytes * 1_000_000_000L / bytesPerSecond;
        desk.inLoop(() -> loop.schedule(pause, () -> worker.execute(() -> step(order))));
        return;
      }
      SnapshotInfo info = copy.finish();
      close();
      done(order, ok(info));
    } catch (RuntimeException e) {
      if (e instanceof StorageException damaged && copy.isReadDamaged()) {
        desk.inLoop(() -> desk.spoiled(damaged));
      }
      String why = words(e);
      try {
        close();
      } catch (RuntimeException also) {
        why = why + "; " + words(also);
      }
      done(order, failed("no backup was written: " + why));
    }
  }

  private static String words(Throwable cause) {
    return cause instanceof QuorateException || cause instanceof StorageException
        ? String.valueOf(cause.getMessage())
        : cause.toString();
  }

  private void done(Order order, Outcome outcome) {
    desk.inLoop(() -> settle(order, outcome));
  }

  private void settle(Order order, Outcome outcome) {
    if (order == copying) {
      copying = null;
    }
    order.outcome = outcome;
    order.asks.forEach(ask -> clients.answer(ask.client, ask.id, outcome));
    order.asks.clear();
    clients.flush();
  }

  private static Outcome ok(SnapshotInfo info) {
    return new Outcome(Code.OK, 0, SnapshotInfoCodec.encode(info));
  }

  private static Outcome failed(String why) {
    return Outcome.text(Code.FAILED, 0, why);
  }

  /** After the worker's last task, or on its thread. */
  void close() {
    BackupJob left = job;
    job = null;
    if (left != null) {
      left.close();
    }
  }

  /** The replica ends; in the loop. */
  void end() {
    Throwable why = ended.get();
    for (Order order : orders.values()) {
      if (order.outcome == null) {
        settle(
            order, failed("the replica has ended" + (why == null ? "" : ": " + why.getMessage())));
      }
    }
  }
}
