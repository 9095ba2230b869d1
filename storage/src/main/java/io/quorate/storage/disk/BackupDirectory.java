package io.quorate.storage.disk;

import io.quorate.spi.Archive;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory with one snapshot file, of group 1 and of no replica (docs/log-format.md). */
public final class BackupDirectory implements Archive {
  private static final long GROUP = 1;
  private static final long NOBODY = 0;

  private final Disk disk;
  private final Closeable lock;
  private final SnapshotFiles files;

  private BackupDirectory(Disk disk, Closeable lock, SnapshotFiles files) {
    this.disk = disk;
    this.lock = lock;
    this.files = files;
  }

  /** A directory of the file system; whoever reads the backup is told how far. */
  public static BackupDirectory of(Path directory, boolean create, ProgressListener listener) {
    Disk disk = create ? new RealDisk(directory) : new ReadOnlyDisk(directory, List.of());
    return of(disk, create, new ProgressMeter(listener, System::nanoTime));
  }

  /** Any directory; one that is only looked at is not changed. */
  public static BackupDirectory of(Disk disk, boolean create) {
    return of(disk, create, ProgressMeter.silent());
  }

  private static BackupDirectory of(Disk disk, boolean create, ProgressMeter meter) {
    @Nullable Closeable lock = null;
    try {
      lock = disk.lock();
      SnapshotFiles files = create ? SnapshotFiles.open(disk) : SnapshotFiles.reading(disk, meter);
      return new BackupDirectory(disk, lock, files);
    } catch (Disk.LockedException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new StorageException(
          "there is no directory " + disk.where("") + ": name one that holds a backup", e);
    } catch (IOException | RuntimeException e) {
      throw failed(disk, lock, e);
    }
  }

  private static StorageException failed(Disk disk, @Nullable Closeable lock, Exception cause) {
    StorageException failure =
        new StorageException(
            String.format(
                "the directory %s cannot be used for a backup (%s): see to it that its disk works,"
                    + " and that this process may use it",
                disk.where(""), cause),
            cause);
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  @Override
  public Snapshots snapshots() {
    return files.of(GROUP, NOBODY);
  }

  @Override
  public boolean isEmpty() {
    try {
      for (String file : disk.list()) {
        @Nullable SnapshotName part = SnapshotName.ofPart(file);
        if (!RealDisk.isLock(file) && (part == null || !part.isOf(GROUP, NOBODY))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw failed(disk, null, e);
    }
  }

  @Override
  public String where() {
    return disk.where("");
  }

  @Override
  public void close() {
    try (lock) {
      files.close();
    } catch (IOException e) {
      throw new StorageException(where() + " could not be closed (" + e + ")", e);
    }
  }
}
