package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.SnapshotInfo;
import io.quorate.spi.Archive;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What is made of backups while nobody runs. Blocks the caller. */
public final class Restoring {
  private static final int BUFFER_BYTES = 1 << 20;

  private Restoring() {}

  /** Compares all of a backup with its checksums. */
  public static SnapshotInfo verify(Log log, String directory) {
    return told(
        () -> {
          try (Archive archive = log.archive(directory, false);
              Snapshots.Reader backup = open(archive)) {
            return verified(backup);
          }
        });
  }

  /**
   * See {@link io.quorate.Backup#restore}.
   *
   * @param random draws the incarnation of the replica
   */
  public static SnapshotInfo restore(
      Log into, String directory, int member, UUID clusterId, long above, RandomGenerator random) {
    if (above < 0) {
      throw new IllegalArgumentException("a command index is not below 0: " + above);
    }
    return told(
        () -> {
          try (Archive archive = into.archive(directory, false);
              Snapshots.Reader backup = open(archive)) {
            SnapshotInfo held = verified(backup);
            if (held.clusterId().equals(clusterId.toString())) {
              throw new QuorateException(
                  "the backup is of cluster "
                      + clusterId
                      + ", and a restored cluster is another one: draw a random id, and use it for"
                      + " all members");
            }
            try (LogStore store = into.open()) {
              LogStore.Group target = group(store, member, random);
              checkEmpty(target, into);
              return restored(backup, target.snapshots(), clusterId, above);
            }
          }
        });
  }

  private static SnapshotInfo restored(
      Snapshots.Reader backup, Snapshots target, UUID clusterId, long above) {
    try (Snapshots.Writer writer = target.take(1, 0, Stamp.NONE)) {
      InputStream content = backup.stream();
      DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(new Capture.Content(writer), Capture.BUFFER_BYTES));
      SnapshotHead head =
          FoundingState.head(SnapshotHead.read(new DataInputStream(content)), clusterId, above);
      head.write(out);
      content.transferTo(out); // Its end tells that all was intact.
      out.flush();
      return info(head, writer.finish());
    } catch (IOException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    }
  }

  /** See {@link io.quorate.Backup#seed}. */
  public static SnapshotInfo seed(Log into, String directory, int member) {
    return told(
        () -> {
          try (Archive archive = into.archive(directory, false);
              Snapshots.Reader backup = open(archive)) {
            SnapshotInfo held = verified(backup);
            try (LogStore store = into.open()) {
              LogStore.Group target = group(store, member, new SecureRandom());
              checkSame(target, held);
              copy(backup, target.snapshots());
            }
            return held;
          }
        });
  }

  private static void copy(Snapshots.Reader backup, Snapshots target) {
    try (Snapshots.Writer writer = target.receive(backup.snapshot())) {
      OutputStream out = new Capture.Content(writer);
      InputStream content = backup.stream();
      content.skipNBytes(writer.position()); // What an earlier try has left.
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        out.write(buffer, 0, read);
      }
      writer.finish();
    } catch (IOException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    }
  }

  // Checks

  private static Snapshots.Reader open(Archive archive) {
    Snapshots.Reader backup = archive.snapshots().newest();
    if (backup == null) {
      throw new QuorateException(
          "there is no backup in "
              + archive.where()
              + ", or none that was finished: name the directory that a backup was written to");
    }
    return backup;
  }

  /** Reads all of it. */
  static SnapshotInfo verified(Snapshots.Reader backup) {
    try {
      InputStream content = backup.stream();
      SnapshotHead head = SnapshotHead.read(new DataInputStream(content));
      content.transferTo(OutputStream.nullOutputStream());
      return info(head, backup.snapshot());
    } catch (IOException e) {
      throw new StorageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static LogStore.Group group(LogStore store, int member, RandomGenerator random) {
    return store.group(Host.GROUP, member, random.nextLong() | 1);
  }

  private static void checkEmpty(LogStore.Group target, Log log) {
    LogStore.Recovered recovered = target.recovered();
    boolean empty =
        recovered.last() == 0
            && recovered.saved() == null
            && recovered.savedLost() == null
            && recovered.seals().isEmpty();
    try (Snapshots.Reader newest = target.snapshots().newest()) {
      if (!empty || newest != null) {
        throw new QuorateException(
            log
                + " is not empty: it is a replica's that has started, or was restored. Nothing was"
                + " changed; name an empty directory");
      }
    }
  }

  /** A replica that has something must be of the cluster, and behind. */
  private static void checkSame(LogStore.Group target, SnapshotInfo held) {
    SnapshotDesk.Found found = SnapshotDesk.find(target.snapshots());
    for (Entry entry : Beginning.configurations(target.recovered(), found)) {
      UUID own = Configuration.decode(entry.value()).clusterId();
      if (!own.toString().equals(held.clusterId())) {
        throw new QuorateException(
            "the replica belongs to cluster "
                + own
                + ", and the backup is of cluster "
                + held.clusterId()
                + ": a replica is seeded with a backup of its own cluster. Nothing was changed");
      }
    }
    if (found != null && found.snapshot().index() >= held.entryIndex()) {
      throw new QuorateException(
          String.format(
              "the replica has a snapshot behind entry %d already, and the backup stands behind"
                  + " entry %d: it brings nothing. Nothing was changed",
              found.snapshot().index(), held.entryIndex()));
    }
  }

  /** What a snapshot with that head holds. */
  static SnapshotInfo info(SnapshotHead head, Snapshots.Snapshot snapshot) {
    Configuration of = FoundingState.newest(head);
    return new SnapshotInfo(
        of.clusterId().toString(),
        List.copyOf(of.ids()),
        snapshot.index(),
        head.commandIndex(),
        snapshot.length(),
        HexFormat.of().formatHex(snapshot.digest().toByteArray()));
  }

  private static SnapshotInfo told(Supplier<SnapshotInfo> task) {
    try {
      return task.get();
    } catch (StorageException | IllegalArgumentException e) {
      throw new QuorateException(String.valueOf(e.getMessage()), e);
    }
  }
}
