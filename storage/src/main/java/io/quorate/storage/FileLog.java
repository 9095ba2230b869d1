package io.quorate.storage;

import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.storage.disk.FileLogStore;
import io.quorate.storage.disk.RealDisk;
import java.nio.file.Path;

/**
 * A durable log in a directory of its own, shared by all groups of a host.
 *
 * <p>The directory is created where there is none. A lock file in it keeps a second process out.
 * Segments are preallocated with real bytes by a daemon thread of the store's own, {@code
 * quorate-prepare}.
 *
 * <pre>{@code
 * Log log = FileLog.at(Path.of("data", "1"));
 * }</pre>
 */
public final class FileLog implements Log {
  private static final int SEGMENT_BYTES = 64 << 20;

  private final Path directory;
  private final int segmentBytes;

  private FileLog(Path directory, int segmentBytes) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
  }

  /** The log in {@code directory}, with segments of 64 MiB. */
  public static FileLog at(Path directory) {
    return new FileLog(directory, SEGMENT_BYTES);
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
    return new FileLog(directory, segmentBytes);
  }

  @Override
  public LogStore open() {
    return FileLogStore.open(new RealDisk(directory), segmentBytes);
  }

  @Override
  public String toString() {
    return "FileLog at " + directory;
  }
}
