package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import io.quorate.testkit.WorldFault;
import java.util.List;
import java.util.function.Consumer;

/** A store that notes in a {@link SyncedImage} what was asked of it and what it has synced. */
public final class WatchedStore implements LogStore {
  private final LogStore store;
  private final SyncedImage image;
  private final Runnable onFailure;
  private final Consumer<WorldFault> onSnapshot;

  /**
   * With what to do when the store has failed, before the runtime hears of it, and when a snapshot
   * is finished.
   */
  public WatchedStore(
      LogStore store, SyncedImage image, Runnable onFailure, Consumer<WorldFault> onSnapshot) {
    this.store = store;
    this.image = image;
    this.onFailure = onFailure;
    this.onSnapshot = onSnapshot;
  }

  @Override
  public Group group(long group, int member, long freshIncarnation) {
    Group opened = store.group(group, member, freshIncarnation);
    image.found(opened);
    return new WatchedGroup(opened);
  }

  @Override
  public void remove(long group) {
    image.remove();
    watched(() -> store.remove(group));
  }

  @Override
  public void sync() {
    watched(store::sync);
    image.synced();
  }

  @Override
  public long durable() {
    long durable = store.durable();
    image.says(durable);
    return durable;
  }

  @Override
  public boolean isFull() {
    return store.isFull();
  }

  @Override
  public boolean hasRoom(long bytes) {
    return store.hasRoom(bytes);
  }

  @Override
  public void makeRoom() {
    store.makeRoom();
  }

  @Override
  public List<String> findings() {
    return store.findings();
  }

  @Override
  public void close() {
    store.close();
  }

  private void watched(Runnable call) {
    boolean done = false;
    try {
      call.run();
      done = true;
    } finally {
      if (!done) {
        onFailure.run();
      }
    }
  }

  private final class WatchedGroup implements Group {
    private final Group log;

    WatchedGroup(Group log) {
      this.log = log;
    }

    @Override
    public Recovered recovered() {
      return log.recovered();
    }

    @Override
    public void write(Entry entry) {
      image.write(entry);
      watched(() -> log.write(entry));
    }

    @Override
    public void truncate(long epoch, long from) {
      image.truncate(from);
      watched(() -> log.truncate(epoch, from));
    }

    @Override
    public void release(long epoch, long upTo) {
      image.release(upTo);
      watched(() -> log.release(epoch, upTo));
    }

    @Override
    public void seal(long epoch, long index, byte[] next) {
      watched(() -> log.seal(epoch, index, next));
    }

    @Override
    public void save(byte[] record) {
      image.save(record);
      watched(() -> log.save(record));
    }

    @Override
    public void read(long epoch, long from, int maxBytes, Sink sink) {
      log.read(epoch, from, maxBytes, sink);
    }

    @Override
    public Snapshots snapshots() {
      return new WatchedSnapshots(log.snapshots(), image, onSnapshot);
    }
  }
}
