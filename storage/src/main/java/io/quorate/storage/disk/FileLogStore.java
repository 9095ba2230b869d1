package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
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
  private final SnapshotFiles snapshots;
  private final Map<Long, GroupImage> images;
  private final Map<Long, FileGroup> groups = new HashMap<>();
  private final Runnable stopHelper;
  private boolean closed;

  private FileLogStore(
      Disk disk,
      Closeable lock,
      Recovery.Ready ready,
      SnapshotFiles snapshots,
      Runnable stopHelper) {
    this.disk = disk;
    this.lock = lock;
    this.preparer = ready.preparer();
    this.writer = ready.writer();
    this.snapshots = snapshots;
    this.images = ready.groups();
    this.stopHelper = stopHelper;
  }

  /** Opens the log on {@code disk}; a daemon thread of its own prepares segments. */
  public static FileLogStore open(Disk disk, int segmentBytes) {
    ExecutorService helper = Executors.newSingleThreadExecutor(FileLogStore::daemon);
    try {
      return open(disk, segmentBytes, helper, helper::shutdown);
    } catch (RuntimeException | Error e) {
      helper.shutdown();
      throw e;
    }
  }

  /**
   * Opens the log on {@code disk}.
   *
   * @param helper prepares segments; outlives the store
   */
  public static FileLogStore open(Disk disk, int segmentBytes, Executor helper) {
    return open(disk, segmentBytes, helper, () -> {});
  }

  private static FileLogStore open(
      Disk disk, int segmentBytes, Executor helper, Runnable stopHelper) {
    Check.that(
        segmentBytes >= SEGMENT_BYTES_MIN && segmentBytes <= SEGMENT_BYTES_MAX,
        "a segment has from 16 KiB to 1 GiB");
    @Nullable Closeable lock = null;
    try {
      lock = disk.lock();
      Recovery.Ready ready = Recovery.open(disk, segmentBytes, helper);
      SnapshotFiles snapshots = openSnapshots(disk, ready);
      ready.preparer().prepareAhead();
      return new FileLogStore(disk, lock, ready, snapshots, stopHelper);
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
      @Nullable GroupImage image = images.remove(group);
      open = image == null ? create(group, member, freshIncarnation) : reopen(group, image);
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
    FileGroup created =
        new FileGroup(disk, writer, snapshots, group, new GroupImage(member, incarnation), true);
    created.writeCreated();
    writer.sync();
    return created;
  }

  private FileGroup reopen(long group, GroupImage image) {
    try {
      return new FileGroup(disk, writer, snapshots, group, image, false);
    } catch (StorageException e) {
      images.put(group, image);
      throw e;
    }
  }

  @Override
  public void sync() {
    writer.sync();
  }

  /* Where the last durable record ends. The replay finds all that was durable, so the next start has
   * as much; numbers of segments are never used again.
   */
  @Override
  public long durable() {
    return writer.durable();
  }

  /** What was asked of the disk so far. For tests of cost; any thread. */
  public Counters counters() {
    return writer.counters();
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
        Closeable prepared = preparer::close;
        Closeable opened = snapshots) {
      images.clear();
    } catch (IOException e) {
      throw new StorageException("the log in " + disk.where("") + " could not be closed", e);
    }
  }
}
