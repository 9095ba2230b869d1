package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.DiskFullException;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The snapshot files of all groups of a host, in the directory of the log. */
public final class SnapshotFiles implements Closeable {
  /*
   * A snapshot is written under a name of its own, forced, renamed, and the directory is synced.
   * Only then are older ones deleted: whenever the power is cut there is one, and it is whole. What
   * nobody has finished is deleted, but for what was received: that is kept until its transfer goes
   * on, or another snapshot is begun.
   *
   * The directory says what there is; it is asked each time. A monitor guards names, and is never
   * held while content is read or written.
   */
  private final Disk disk;
  private final ProgressMeter meter;
  private final Map<Long, SnapshotWriter> writers = new HashMap<>();
  private final Set<SnapshotReader> readers = new HashSet<>();
  private final Set<SnapshotName> superseded = new HashSet<>();
  private final Set<SnapshotName> damaged = new HashSet<>();
  private @Nullable StorageException refusal;
  private volatile boolean closed;

  private SnapshotFiles(Disk disk, ProgressMeter meter) {
    this.disk = disk;
    this.meter = meter;
  }

  /** Opens those on a disk whose names are durable. */
  public static SnapshotFiles open(Disk disk) throws IOException {
    for (String file : disk.list()) {
      @Nullable SnapshotName name = SnapshotName.ofPart(file);
      if (name != null && !isReceived(disk, file)) {
        disk.delete(file);
      }
    }
    return new SnapshotFiles(disk, ProgressMeter.silent());
  }

  /** Opens those on a disk, of which nothing is changed; tells how far each is read. */
  static SnapshotFiles reading(Disk disk, ProgressMeter meter) {
    return new SnapshotFiles(disk, meter);
  }

  /** Whether another replica sends it, and its header is intact. */
  static boolean isReceived(Disk disk, String part) throws IOException {
    try (Disk.File file = disk.open(part)) {
      ByteBuffer page = SnapshotReader.page(file, 0);
      return SnapshotFormat.flaw(page) == null
          && SnapshotFormat.later(page) == null
          && SnapshotFormat.header(page).received();
    }
  }

  /** Those of one replica. */
  public Snapshots of(long group, long instance) {
    return new OfReplica(group, instance);
  }

  private final class OfReplica implements Snapshots {
    private final long group;
    private final long instance;

    OfReplica(long group, long instance) {
      this.group = group;
      this.instance = instance;
    }

    @Override
    public @Nullable Reader newest() {
      return openNewest(group, instance);
    }

    @Override
    public @Nullable Reader at(long epoch, long index) {
      return openAt(new SnapshotName(group, instance, epoch, index));
    }

    @Override
    public Writer take(long epoch, long index, Stamp stamp) {
      return begin(SnapshotFormat.Header.taken(group, instance, epoch, index, stamp));
    }

    @Override
    public Writer receive(Snapshot told) {
      return begin(new SnapshotFormat.Header(group, instance, true, told));
    }
  }

  // Reading

  private synchronized @Nullable SnapshotReader openNewest(long group, long instance) {
    checkOpen();
    try {
      @Nullable SnapshotName newest = newest(group, instance);
      return newest == null ? null : open(newest);
    } catch (IOException e) {
      throw failed("", "searched for a snapshot", e);
    }
  }

  private @Nullable SnapshotName newest(long group, long instance) throws IOException {
    @Nullable SnapshotName newest = null;
    for (String file : disk.list()) {
      @Nullable SnapshotName name = SnapshotName.ofFinished(file);
      boolean counts = name != null && name.isOf(group, instance) && !superseded.contains(name);
      if (name != null && counts && (newest == null || newest.isBefore(name))) {
        newest = name;
      }
    }
    return newest;
  }

  private synchronized @Nullable SnapshotReader openAt(SnapshotName name) {
    checkOpen();
    try {
      return disk.list().contains(name.finished()) ? open(name) : null;
    } catch (IOException e) {
      throw failed(name.finished(), "opened", e);
    }
  }

  private SnapshotReader open(SnapshotName name) throws IOException {
    try {
      SnapshotReader reader = SnapshotReader.open(disk, name, this::closed, meter);
      readers.add(reader);
      return reader;
    } catch (SnapshotDamageException e) {
      damaged.add(name);
      throw e;
    }
  }

  private synchronized void closed(SnapshotReader reader) {
    if (!readers.remove(reader)) {
      return;
    }
    SnapshotName name = reader.name();
    if (reader.isDamaged()) {
      damaged.add(name);
    }
    try {
      reader.closeFile();
      if (superseded.contains(name) && !isRead(name)) {
        disk.delete(name.finished());
        superseded.remove(name);
      }
    } catch (IOException e) {
      throw failed(name.finished(), "closed", e);
    }
  }

  private boolean isRead(SnapshotName name) {
    return readers.stream().anyMatch(reader -> reader.name().equals(name));
  }

  // Writing

  private SnapshotWriter begin(SnapshotFormat.Header header) {
    SnapshotWriter writer = open(header);
    try {
      writer.rewrite();
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      try (writer) {
        throw failed(header.name().part(), "resumed", e);
      }
    }
  }

  private synchronized SnapshotWriter open(SnapshotFormat.Header header) {
    checkMayBegin(header.name());
    try {
      @Nullable SnapshotName newest = newest(header.group(), header.instance());
      Check.that(
          newest == null || !header.name().isBefore(newest) || damaged.contains(newest),
          "a snapshot is not older than the one before it, unless that is damaged",
          header.told().index(),
          newest == null ? 0 : newest.index());
      deleteOtherParts(header);
      SnapshotWriter writer = SnapshotWriter.open(this, disk, header);
      writers.put(header.group(), writer);
      return writer;
    } catch (IOException e) {
      throw failed(header.name().part(), "begun", e);
    }
  }

  private void checkMayBegin(SnapshotName name) {
    checkOpen();
    if (refusal != null) {
      throw refusal;
    }
    @Nullable SnapshotWriter other = writers.get(name.group());
    if (other != null) {
      throw new IllegalStateException(
          String.format(
              "%s cannot be begun while %s is written: end that one first",
              disk.where(name.part()), other.snapshotName().part()));
    }
  }

  /** Nobody goes on with those. */
  private void deleteOtherParts(SnapshotFormat.Header header) throws IOException {
    for (String file : disk.list()) {
      @Nullable SnapshotName name = SnapshotName.ofPart(file);
      if (name != null && name.group() == header.group() && !name.equals(header.name())) {
        disk.delete(file);
      }
    }
  }

  /** Makes a file that is whole and forced the newest snapshot of its replica. */
  synchronized void publish(SnapshotWriter writer) throws IOException {
    checkOpen();
    SnapshotName name = writer.snapshotName();
    disk.rename(name.part(), name.finished());
    damaged.remove(name);
    try {
      disk.syncDirectory();
    } catch (IOException e) {
      refusal = failed(name.finished(), "made durable; no other is begun until it is reopened", e);
      throw e;
    }
    for (String file : disk.list()) {
      @Nullable SnapshotName other = SnapshotName.ofFinished(file);
      if (other != null && other.group() == name.group() && !other.equals(name)) {
        supersede(other);
      }
    }
    writers.remove(name.group());
  }

  private void supersede(SnapshotName name) throws IOException {
    if (isRead(name)) {
      superseded.add(name);
    } else {
      disk.delete(name.finished());
      superseded.remove(name);
    }
  }

  /** A writer is not used any more. */
  synchronized void ended(SnapshotWriter writer, boolean delete) {
    SnapshotName name = writer.snapshotName();
    if (!writers.remove(name.group(), writer)) {
      return;
    }
    try {
      writer.closeFile();
      if (delete && disk.list().contains(name.part())) {
        disk.delete(name.part());
      }
    } catch (IOException e) {
      throw failed(name.part(), "given up", e);
    }
  }

  /**
   * Deletes all that a replica has which is gone: once that is durable.
   *
   * @throws IllegalStateException if a snapshot of it is being written
   */
  synchronized void remove(long group, long instance) throws IOException {
    checkOpen();
    @Nullable SnapshotWriter writer = writers.get(group);
    Check.that(
        writer == null || !writer.snapshotName().isOf(group, instance),
        "no snapshot is written of a replica that is removed");
    for (String file : disk.list()) {
      @Nullable SnapshotName finished = SnapshotName.ofFinished(file);
      @Nullable SnapshotName part = SnapshotName.ofPart(file);
      if (finished != null && finished.isOf(group, instance)) {
        supersede(finished);
      } else if (part != null && part.isOf(group, instance)) {
        disk.delete(file);
      }
    }
  }

  // Both

  /** As a StorageException, what has failed. */
  StorageException failed(String file, String what, Throwable cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    @Nullable String message = cause.getMessage();
    if (cause instanceof Disk.FullException) {
      return new DiskFullException(
          String.format(
              "%s could not be %s, because the disk is full (%s): make room, or give it more. The"
                  + " log and the snapshots that are finished are as they were",
              disk.where(file), what, message),
          cause);
    }
    return new StorageException(
        String.format(
            "%s could not be %s (%s): see to it that the disk works and has room. The log and the"
                + " snapshots that are finished are as they were",
            disk.where(file), what, message == null ? cause.getClass().getSimpleName() : message),
        cause);
  }

  void checkOpen() {
    if (closed) {
      throw new StorageException(
          "the log in " + disk.where("") + " is closed: open it again", null);
    }
  }

  /** Closes all files that are open, also those that are being written. Nothing is deleted. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    List<Closeable> open = new ArrayList<>();
    writers.values().forEach(writer -> open.add(writer::closeFile));
    readers.forEach(reader -> open.add(reader::closeFile));
    writers.clear();
    readers.clear();
    Closing.all(open);
  }
}
