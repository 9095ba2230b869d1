package io.quorate.storage.disk;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Looks at all snapshots, to their last byte. */
final class SnapshotCheck {
  private final Disk disk;
  private final Findings findings;
  private final @Nullable Set<ReplayedGroups.Instance> known;
  private final Set<ReplayedGroups.Instance> removed;
  private final LongConsumer looked;
  private final Map<ReplayedGroups.Instance, SnapshotName> newest = new HashMap<>();

  /**
   * Of a log.
   *
   * @param known the replicas that it has; null if that is not known
   * @param removed those that it had
   * @param looked is told how many bytes were compared
   */
  SnapshotCheck(
      Disk disk,
      Findings findings,
      @Nullable Set<ReplayedGroups.Instance> known,
      Set<ReplayedGroups.Instance> removed,
      LongConsumer looked) {
    this.disk = disk;
    this.removed = removed;
    this.findings = findings;
    this.known = known;
    this.looked = looked;
  }

  /** Of those among the files. */
  void run(List<String> files) {
    for (String file : files) {
      @Nullable SnapshotName name = SnapshotName.ofFinished(file);
      if (name != null) {
        newest.merge(owner(name), name, (one, other) -> one.isBefore(other) ? other : one);
      }
    }
    for (String file : files) {
      try {
        check(file);
      } catch (IOException e) {
        findings.failed(file, e);
      }
    }
  }

  private static ReplayedGroups.Instance owner(SnapshotName name) {
    return new ReplayedGroups.Instance(name.group(), name.instance());
  }

  private void check(String file) throws IOException {
    @Nullable SnapshotName part = SnapshotName.ofPart(file);
    @Nullable SnapshotName name = SnapshotName.ofFinished(file);
    @Nullable SnapshotName either = part == null ? name : part;
    if (either != null && removed.contains(owner(either))) {
      findings.leave(file, "its replica was removed");
    } else if (part != null && SnapshotFiles.isReceived(disk, file)) {
      findings.notes.add(file + ": a transfer that has not come to its end; it may go on");
    } else if (part != null) {
      findings.leave(file, "it is a snapshot that was not finished");
    } else if (name != null) {
      checkFinished(name);
      if (!isKnown(name)) {
        findings.notes.add(file + ": a snapshot of a replica that this log does not have");
      }
    }
  }

  private boolean isKnown(SnapshotName name) {
    return known == null || known.contains(owner(name));
  }

  private void checkFinished(SnapshotName name) throws IOException {
    try (SnapshotReader reader =
        SnapshotReader.open(disk, name, closed -> {}, ProgressMeter.silent())) {
      try {
        checkBlocks(reader);
      } finally {
        reader.closeFile();
      }
    } catch (SnapshotDamageException e) {
      add(name, e);
    } catch (StorageException e) { // A later version wrote it: no guesses.
      findings.unreadable.add(String.valueOf(e.getMessage()));
    }
  }

  private void checkBlocks(SnapshotReader reader) throws IOException {
    Snapshot told = reader.snapshot();
    MessageDigest digest = SnapshotFormat.newDigest();
    ByteBuffer block = ByteBuffer.allocate(SnapshotFormat.CONTENT_BYTES);
    boolean isWhole = true;
    for (long at = 0; at < told.length(); at += SnapshotFormat.CONTENT_BYTES) {
      try {
        reader.read(at, block.clear());
        digest.update(block.flip());
      } catch (SnapshotDamageException e) {
        isWhole = false;
        add(reader.name(), e);
      } catch (StorageException e) {
        throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
      }
      looked.accept(block.limit());
    }
    if (isWhole && !Payload.of(digest.digest()).equals(told.digest())) {
      long at = SnapshotFormat.endAt(told.length());
      String what = "the content has another digest than the end tells";
      add(reader.name(), SnapshotDamageException.at(disk, reader.name(), at, what));
    }
  }

  private void add(SnapshotName name, SnapshotDamageException e) {
    Damage damage = e.damage();
    boolean counts = isKnown(name) && name.equals(newest.get(owner(name)));
    findings.add(
        counts
            ? damage
            : Damage.of(name, damage.file(), damage.offset(), damage.what(), Damage.Remedy.NONE));
  }
}
