package io.quorate.storage;

import io.quorate.spi.Archive;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.storage.disk.BackupDirectory;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.storage.disk.RealDisk;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A durable log in a directory of its own, shared by all groups of a host.
 *
 * <p>The directory is created where there is none. A lock file in it keeps a second process out.
 * Segments are preallocated with real bytes by a daemon thread of the store's own, {@code
 * quorate-prepare}. What is released is given up: the oldest segments are deleted, what is still
 * needed in them is copied first. So the log takes about twice what is needed, and three segments;
 * up to four more are kept to be written again.
 *
 * <pre>{@code
 * Log log = FileLog.at(Path.of("data", "1"));
 * }</pre>
 *
 * <p><b>Threads.</b> Any: a description is immutable.
 *
 * <p><b>Durability.</b> What a sync covered is there again after a loss of power at any moment.
 *
 * <p><b>Bounds.</b> A disk that is full is said to be, while there is still room for what is under
 * way.
 *
 * <p><b>Errors.</b> Damage is reported with file and offset, and never repaired by cutting it off;
 * a write or sync that has failed is never tried again.
 */
public final class FileLog implements Log {
  private static final int SEGMENT_BYTES = 64 << 20;

  private final Path directory;
  private final int segmentBytes;
  private final Consumer<Progress> listener;

  private FileLog(Path directory, int segmentBytes, Consumer<Progress> listener) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.listener = listener;
  }

  /** The log in {@code directory}, with segments of 64 MiB. */
  public static FileLog at(Path directory) {
    return new FileLog(directory, SEGMENT_BYTES, progress -> {});
  }

  /**
   * The same log with segments of another size. It may change from one opening to the next; a
   * record that is larger than a segment gets a larger segment.
   *
   * @param segmentBytes from 16 KiB to 1 GiB
   * @throws IllegalArgumentException if it is not in that range
   */
  public FileLog segmentBytes(int segmentBytes) {
    if (segmentBytes < FileLogStore.SEGMENT_BYTES_MIN
        || segmentBytes > FileLogStore.SEGMENT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a segment has from 16 KiB to 1 GiB, not " + segmentBytes + " bytes");
    }
    return new FileLog(directory, segmentBytes, listener);
  }

  /**
   * The same log, which tells how far it is with what takes long, a few times per second at most:
   * of recovery on the thread that opens it, of compaction on the store's own, of a backup on the
   * thread that reads it. The listener should return soon.
   */
  public FileLog progress(Consumer<Progress> listener) {
    return new FileLog(directory, segmentBytes, listener);
  }

  @Override
  public LogStore open() {
    return FileLogStore.open(new RealDisk(directory), segmentBytes, Progress.telling(listener));
  }

  @Override
  public Archive archive(String backup, boolean create) {
    return BackupDirectory.of(Path.of(backup), create, Progress.telling(listener));
  }

  @Override
  public String toString() {
    return "FileLog at " + directory;
  }
}
