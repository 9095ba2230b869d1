package io.quorate.storage;

import io.quorate.spi.Archive;
import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import io.quorate.storage.disk.BackupDirectory;
import io.quorate.storage.disk.MemoryDisk;
import io.quorate.storage.disk.ProgressListener;
import io.quorate.storage.disk.SnapshotFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A log that forgets everything when it is closed: each {@link #open} is empty, so a replica on it
 * is a new incarnation at every start. For tests, and for state that a loss of all replicas at once
 * may take along.
 *
 * <p><b>Threads.</b> Any: a description is immutable.
 *
 * <p><b>Durability.</b> None beyond the life of the process.
 *
 * <p><b>Bounds.</b> The memory of the process.
 */
public final class MemoryLog implements Log {
  private static final int SAVED_BYTES_MAX = 4096;

  private MemoryLog() {}

  /** A log in memory. */
  public static MemoryLog create() {
    return new MemoryLog();
  }

  @Override
  public LogStore open() {
    return new MemoryStore();
  }

  /** A directory of the file system: a backup outlives the process. */
  @Override
  public Archive archive(String backup, boolean create) {
    return BackupDirectory.of(Path.of(backup), create, ProgressListener.NONE);
  }

  @Override
  public String toString() {
    return "MemoryLog";
  }

  private static final class MemoryStore implements LogStore {
    private final Map<Long, MemoryGroup> groups = new ConcurrentHashMap<>();
    private final SnapshotFiles snapshots = openSnapshots();
    private volatile boolean closed;

    private static SnapshotFiles openSnapshots() {
      try {
        return SnapshotFiles.open(new MemoryDisk());
      } catch (IOException e) {
        throw new AssertionError("memory has no errors", e);
      }
    }

    @Override
    public Group group(long group, int member, long freshIncarnation) {
      checkOpen();
      Check.that(freshIncarnation != 0, "an incarnation is not 0");
      MemoryGroup found =
          groups.computeIfAbsent(group, id -> new MemoryGroup(this, id, member, freshIncarnation));
      if (found.member != member) {
        throw new StorageException(
            String.format(
                "this log holds group %d for member %d, not for member %d: start it with that id",
                group, found.member, member),
            null);
      }
      return found;
    }

    @Override
    public void remove(long group) {
      checkOpen();
      MemoryGroup gone = groups.remove(group);
      if (gone != null) {
        gone.remove();
      }
    }

    @Override
    public void sync() {
      checkOpen();
    }

    @Override
    public long durable() {
      return 0;
    }

    @Override
    public void close() {
      closed = true;
      try {
        snapshots.close();
      } catch (IOException e) {
        throw new AssertionError("memory has no errors", e);
      }
    }

    void checkOpen() {
      if (closed) {
        throw new StorageException("the log in memory is closed: open it again", null);
      }
    }
  }

  /** A place in the log. */
  private record Address(long epoch, long index) implements Comparable<Address> {
    @Override
    public int compareTo(Address that) {
      int byEpoch = Long.compare(epoch, that.epoch);
      return byEpoch != 0 ? byEpoch : Long.compare(index, that.index);
    }
  }

  private static final class MemoryGroup implements LogStore.Group {
    private final MemoryStore store;
    private final int member;
    private final LogStore.Recovered recovered;
    private final Snapshots snapshots;
    private final ConcurrentNavigableMap<Address, Entry> entries = new ConcurrentSkipListMap<>();
    private final Map<Long, LogStore.Seal> seals = new HashMap<>();
    private Address floor = new Address(0, 0);
    private boolean removed;

    MemoryGroup(MemoryStore store, long group, int member, long incarnation) {
      this.store = store;
      this.member = member;
      this.snapshots = store.snapshots.of(group, incarnation);
      this.recovered =
          new LogStore.Recovered(
              incarnation, true, null, 1, 1, 0, List.of(), List.of(), List.of(), null, List.of());
    }

    @Override
    public LogStore.Recovered recovered() {
      return recovered;
    }

    @Override
    public void write(Entry entry) {
      checkUsable();
      Address address = new Address(entry.epoch(), entry.index());
      if (address.compareTo(floor) > 0) {
        entries.put(address, entry);
      }
    }

    private void checkUsable() {
      store.checkOpen();
      Check.that(!removed, "nothing is written to a replica that was removed");
    }

    @Override
    public void truncate(long epoch, long from) {
      checkUsable();
      Check.that(epoch > 0 && from > 0, "a truncation's epoch and index are above 0", epoch, from);
      entries
          .subMap(new Address(epoch, from), true, new Address(epoch, Long.MAX_VALUE), true)
          .clear();
    }

    @Override
    public void save(byte[] record) {
      checkUsable();
      Check.that(
          record.length <= SAVED_BYTES_MAX,
          "a saved record has at most 4 KiB",
          record.length,
          SAVED_BYTES_MAX);
    }

    @Override
    public void release(long epoch, long upTo) {
      checkUsable();
      Check.that(epoch > 0 && upTo >= 0, "a release's epoch is above 0", epoch, upTo);
      Address last = new Address(epoch, upTo);
      if (last.compareTo(floor) > 0) {
        floor = last;
        entries.headMap(last, true).clear();
      }
    }

    @Override
    public void seal(long epoch, long index, byte[] next) {
      checkUsable();
      LogStore.Seal seal = new LogStore.Seal(epoch, index, Payload.of(next.clone()));
      LogStore.@Nullable Seal known = seals.putIfAbsent(epoch, seal);
      Check.that(known == null || known.equals(seal), "an epoch is sealed once");
    }

    void remove() {
      removed = true;
      entries.clear();
    }

    @Override
    public void read(long epoch, long from, int maxBytes, LogStore.Sink sink) {
      store.checkOpen();
      int bytes = 0;
      for (long index = from; ; index++) {
        @Nullable Entry entry = entries.get(new Address(epoch, index));
        if (entry == null || (index > from && bytes + entry.value().length() > maxBytes)) {
          return;
        }
        bytes += entry.value().length();
        if (!sink.accept(entry)) {
          return;
        }
      }
    }

    @Override
    public Snapshots snapshots() {
      return snapshots;
    }
  }
}
