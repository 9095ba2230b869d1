package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.DiskFullException;
import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The logs of all groups of a host in one sequence of segments. */
public final class FileLogStore implements LogStore {
  /*
   * The records of all groups stand in one sequence, in the order in which they were written: one
   * sync covers them all, whatever the number of groups. A group is an index into that sequence. It
   * is in memory only and made anew by reading everything at the start (Replay).
   */

  /** The smallest segments, for tests. */
  public static final int SEGMENT_BYTES_MIN = 16 << 10;

  /** The largest segments. */
  public static final int SEGMENT_BYTES_MAX = 1 << 30;

  static final int VALUE_BYTES_MAX = 1 << 30;

  private final Disk disk;
  private final Closeable lock;
  private final Preparer preparer;
  private final LogWriter writer;
  private final LiveBytes live;
  private final SnapshotFiles snapshots;
  private final Map<Long, GroupImage> images;
  private final Set<ReplayedGroups.Instance> removed;
  private final Map<Long, FileGroup> groups = new HashMap<>();
  private final Leftovers leftovers;
  private final Compactor compactor;
  private final Executor helper;
  private final ProgressMeter meter;
  private final Runnable stopHelper;
  private final List<ReplayedGroups.Instance> removing = new ArrayList<>();
  private boolean closed;

  private FileLogStore(
      Disk disk,
      Closeable lock,
      Recovery.Ready ready,
      SnapshotFiles snapshots,
      int segmentBytes,
      Executor helper,
      ProgressMeter meter,
      Runnable stopHelper) {
    this.disk = disk;
    this.lock = lock;
    this.preparer = ready.preparer();
    this.writer = ready.writer();
    this.live = ready.live();
    this.images = new ConcurrentHashMap<>(ready.groups());
    this.removed = new HashSet<>(ready.removed());
    this.leftovers = new Leftovers(disk, helper, ready.preparer().spares(), meter);
    this.compactor = new Compactor(writer, live, images, segmentBytes, helper, meter, leftovers);
    this.snapshots = snapshots;
    this.helper = helper;
    this.meter = meter;
    this.stopHelper = stopHelper;
    removing.addAll(ready.removed()); // A crash may have come before their snapshots were deleted.
    removeSnapshots();
  }

  /**
   * Opens the log on {@code disk}; a daemon thread of its own prepares segments and reads and
   * deletes old ones.
   */
  public static FileLogStore open(Disk disk, int segmentBytes) {
    return open(disk, segmentBytes, ProgressListener.NONE);
  }

  /**
   * The same, telling of progress: of recovery on this thread, of compaction on that of its own.
   */
  public static FileLogStore open(Disk disk, int segmentBytes, ProgressListener listener) {
    ExecutorService helper = Executors.newSingleThreadExecutor(FileLogStore::daemon);
    try {
      return open(disk, segmentBytes, helper, listener, helper::shutdown);
    } catch (RuntimeException | Error e) {
      helper.shutdown();
      throw e;
    }
  }

  /**
   * Opens the log on {@code disk}.
   *
   * @param helper prepares segments, reads and deletes old ones; outlives the store
   */
  public static FileLogStore open(Disk disk, int segmentBytes, Executor helper) {
    return open(disk, segmentBytes, helper, ProgressListener.NONE, () -> {});
  }

  private static FileLogStore open(
      Disk disk,
      int segmentBytes,
      Executor helper,
      ProgressListener listener,
      Runnable stopHelper) {
    Check.that(
        segmentBytes >= SEGMENT_BYTES_MIN && segmentBytes <= SEGMENT_BYTES_MAX,
        "a segment has from 16 KiB to 1 GiB");
    @Nullable Closeable lock = null;
    try {
      lock = disk.lock();
      ProgressMeter meter = new ProgressMeter(listener, System::nanoTime);
      Recovery.Ready ready = Recovery.open(disk, segmentBytes, helper, meter);
      SnapshotFiles snapshots = openSnapshots(disk, ready);
      ready.preparer().prepareAhead();
      return new FileLogStore(
          disk, lock, ready, snapshots, segmentBytes, helper, meter, stopHelper);
    } catch (Disk.LockedException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw release(lock, cannotOpen(disk, e));
    } catch (RuntimeException e) {
      throw release(lock, e);
    }
  }

  /** After the recovery, which makes all names durable, and changes nothing if there is damage. */
  private static SnapshotFiles openSnapshots(Disk disk, Recovery.Ready ready) throws IOException {
    try {
      return SnapshotFiles.open(disk);
    } catch (IOException | RuntimeException e) {
      ready.preparer().close();
      ready.writer().close();
      throw e;
    }
  }

  private static StorageException cannotOpen(Disk disk, IOException cause) {
    if (cause instanceof Disk.FullException) {
      return new DiskFullException(
          String.format(
              "the log in %s cannot be opened, because the disk is full (%s): make room and start"
                  + " again",
              disk.where(""), cause.getMessage()),
          cause);
    }
    return new StorageException(
        String.format(
            "the log in %s cannot be opened (%s): see to it that the disk works, has room and can"
                + " be written to, and start again",
            disk.where(""), cause),
        cause);
  }

  private static RuntimeException release(@Nullable Closeable lock, RuntimeException failure) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "quorate-prepare");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized Group group(long group, int member, long freshIncarnation) {
    Check.that(group > 0, "a group's id is above 0", group, 0);
    Check.that(freshIncarnation != 0, "an incarnation is not 0");
    @Nullable FileGroup open = groups.get(group);
    if (open == null) {
      @Nullable GroupImage image = images.get(group);
      open =
          image == null
              ? create(group, member, freshIncarnation)
              : new FileGroup(disk, writer, snapshots, group, image, false);
      groups.put(group, open);
    }
    if (open.member() != member) {
      throw new StorageException(
          String.format(
              "the log in %s holds group %d for member %d, not for member %d: start it with that"
                  + " id, or use a directory of its own",
              disk.where(""), group, open.member(), member),
          null);
    }
    return open;
  }

  private FileGroup create(long group, int member, long incarnation) {
    Check.that(
        !removed.contains(new ReplayedGroups.Instance(group, incarnation)),
        "no incarnation comes twice");
    GroupImage image = new GroupImage(incarnation, live);
    FileGroup created = new FileGroup(disk, writer, snapshots, group, image, true);
    created.create(member);
    images.put(group, image);
    writer.sync();
    return created;
  }

  @Override
  public synchronized void remove(long group) {
    writer.checkUsable();
    @Nullable GroupImage image = images.get(group);
    if (image == null) {
      return;
    }
    writer.append(RecordHeader.Type.REMOVED, group, image.instance(), 0);
    images.remove(group);
    image.forget();
    ReplayedGroups.Instance gone = new ReplayedGroups.Instance(group, image.instance());
    removed.add(gone);
    removing.add(gone);
    @Nullable FileGroup open = groups.remove(group);
    if (open != null) {
      open.remove();
    }
  }

  @Override
  public void sync() {
    writer.checkUsable();
    compactor.beforeSync();
    writer.sync();
    compactor.afterSync();
    removeSnapshots();
  }

  /** Those of replicas whose removal is durable. */
  private void removeSnapshots() {
    for (ReplayedGroups.Instance gone : removing) {
      helper.execute(
          () -> {
            try {
              snapshots.remove(gone.group(), gone.incarnation());
            } catch (IOException
                | StorageException e) { // They are tried again by the next opening.
              meter.stop(0, String.valueOf(e.getMessage()));
            }
          });
    }
    removing.clear();
  }

  /* Where the last durable record ends. The replay finds all that was durable, so the next start has
   * as much; numbers of segments are never used again.
   */
  @Override
  public long durable() {
    return writer.durable();
  }

  @Override
  public boolean isFull() {
    return preparer.isFull();
  }

  @Override
  public boolean hasRoom(long bytes) {
    try {
      return disk.hasRoom(bytes);
    } catch (IOException e) {
      return true; // Whoever writes next finds out.
    }
  }

  @Override
  public void makeRoom() {
    preparer.makeRoom();
  }

  @Override
  public List<String> findings() {
    return compactor.findings();
  }

  /** What was asked of the disk so far. For tests of cost; any thread. */
  public Counters counters() {
    return writer.counters(compactor);
  }

  @Override
  @SuppressWarnings("try")
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopHelper.run();
    // Each is closed whatever becomes of the others; the lock last.
    try (lock;
        Closeable segments = writer::close;
        Closeable deleting = leftovers;
        Closeable prepared = preparer::close;
        Closeable opened = snapshots) {
      images.clear();
    } catch (IOException e) {
      throw new StorageException("the log in " + disk.where("") + " could not be closed", e);
    }
  }
}
