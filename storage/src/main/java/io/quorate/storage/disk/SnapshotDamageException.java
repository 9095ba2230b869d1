package io.quorate.storage.disk;

import io.quorate.spi.DamagedSnapshotException;

/** A part of a snapshot file is not what was written. */
final class SnapshotDamageException extends DamagedSnapshotException {
  private static final long serialVersionUID = 1L;

  private final transient Damage damage;

  private SnapshotDamageException(String message, SnapshotName name, Damage damage) {
    super(message, name.index());
    this.damage = damage;
  }

  /** With the place, and what a user can do. */
  static SnapshotDamageException at(Disk disk, SnapshotName name, long offset, String what) {
    String file = name.finished();
    return new SnapshotDamageException(
        String.format(
            "%s, offset %d: %s. Nothing was changed. The log may no longer hold what this snapshot"
                + " stands for: the replica gets another one from the other members; where there"
                + " are none, put a copy of the file back that is whole",
            disk.where(file), offset, what),
        name,
        Damage.of(name, file, offset, what, Damage.Remedy.SNAPSHOT));
  }

  Damage damage() {
    return damage;
  }
}
