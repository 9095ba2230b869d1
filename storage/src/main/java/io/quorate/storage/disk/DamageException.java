package io.quorate.storage.disk;

import io.quorate.spi.StorageException;

/** What stands on disk is not what was written, and nothing can be left out without harm. */
final class DamageException extends StorageException {
  private static final long serialVersionUID = 1L;

  DamageException(String message) {
    super(message, null);
  }

  /** With the place, as the file has it, and what a user can do. */
  static DamageException at(Disk disk, int segment, int offset, String what) {
    return new DamageException(
        String.format(
            "%s, offset %d: %s. Nothing was changed. This log may lack what its member has"
                + " acknowledged, and this version cannot refill it from the other members: leave"
                + " the member stopped, or put a copy of %s back that is whole and no older",
            disk.where(Segment.name(segment)), SectorFile.inFile(offset), what, disk.where("")));
  }

  /** The place of a record, as the file has it. */
  static String place(Disk disk, long position) {
    return disk.where(Segment.name(Position.segment(position)))
        + ", offset "
        + SectorFile.inFile(Position.offset(position));
  }

  /** As {@link #at}, in a snapshot. */
  static DamageException ofSnapshot(Disk disk, String file, long offset, String what) {
    return new DamageException(
        String.format(
            "%s, offset %d: %s. Nothing was changed. The log may no longer hold what this snapshot"
                + " stands for: leave the member stopped, or put a copy of the file back that is"
                + " whole",
            disk.where(file), offset, what));
  }
}
