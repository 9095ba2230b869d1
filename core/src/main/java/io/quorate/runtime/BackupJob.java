package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.SnapshotInfo;
import io.quorate.spi.Archive;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the newest snapshot of a replica into a directory of its own, piece by piece, so that
 * other work of the snapshot thread goes on in between. Snapshot thread only.
 */
final class BackupJob {
  private static final int PIECE_BYTES = 1 << 20;

  private final Snapshots snapshots;
  private final Supplier<Archive> target;
  private final byte[] piece = new byte[PIECE_BYTES];
  private @Nullable Archive archive;
  private Snapshots.@Nullable Reader reader;
  private Snapshots.@Nullable Writer writer;
  private @Nullable InputStream content;
  private boolean reading;

  BackupJob(Snapshots snapshots, Supplier<Archive> target) {
    this.snapshots = snapshots;
    this.target = target;
  }

  /**
   * Does the next piece.
   *
   * @return how many bytes it had; 0 when all of them are there
   * @throws RuntimeException if it cannot be done; then it is to be closed
   */
  int step() {
    try {
      InputStream from = content;
      if (from == null) {
        from = begin();
        content = from;
      }
      reading = true;
      int read = from.readNBytes(piece, 0, PIECE_BYTES);
      reading = false;
      if (read > 0 && writer != null) {
        writer.write(ByteBuffer.wrap(piece, 0, read));
      }
      return read;
    } catch (IOException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    }
  }

  private InputStream begin() {
    Archive opened = target.get();
    archive = opened;
    if (!opened.isEmpty()) {
      throw new QuorateException(
          opened.where()
              + " is not empty: nothing was changed there; name a directory that is empty, or not"
              + " there yet");
    }
    reading = true;
    Snapshots.Reader source = snapshots.newest();
    reading = false;
    if (source == null) {
      throw new QuorateException("there is no snapshot of which a backup could be made");
    }
    reader = source;
    Snapshots.Snapshot from = source.snapshot();
    writer = opened.snapshots().take(from.epoch(), from.index(), from.stamp());
    return source.stream();
  }

  /** Whether it was the snapshot that could not be read, when a step has failed. */
  boolean isReadDamaged() {
    return reading;
  }

  /** After the last piece, whose end was compared with the digest: the backup is durable. */
  SnapshotInfo finish() {
    Snapshots.Reader source = reader;
    Snapshots.Writer copy = writer;
    if (source == null || copy == null) {
      throw new IllegalStateException("no backup is being written");
    }
    Snapshots.Snapshot written = copy.finish();
    if (!written.equals(source.snapshot())) {
      throw new StorageException(
          "the backup is not what was read (" + written + ", not " + source.snapshot() + ")", null);
    }
    return Restoring.info(SnapshotHead.of(source), written);
  }

  /** Deletes what is not finished. */
  void close() {
    Snapshots.Writer copy = writer;
    writer = null;
    if (copy != null) {
      try {
        copy.close();
      } finally {
        closeFiles();
      }
    } else {
      closeFiles();
    }
  }

  private void closeFiles() {
    Snapshots.Reader source = reader;
    Archive directory = archive;
    reader = null;
    archive = null;
    if (source != null) {
      source.close();
    }
    if (directory != null) {
      directory.close();
    }
  }
}
