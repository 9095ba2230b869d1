package io.quorate.storage.disk;

import io.quorate.spi.StorageException;
import org.jspecify.annotations.Nullable;

/** What stands on disk is not what was written, and nothing can be left out without harm. */
final class DamageException extends StorageException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Damage damage;

  private DamageException(String message, @Nullable Damage damage) {
    super(message, null);
    this.damage = damage;
  }

  /** Of what is no damage for certain: a later version may have written it. */
  DamageException(String message) {
    this(message, null);
  }

  /** With the place, as the file has it, and what a user can do. */
  static DamageException at(Disk disk, int segment, int offset, String what) {
    return of(disk, Damage.at(Segment.name(segment), SectorFile.inFile(offset), what));
  }

  /** As {@link #at}, with whose it is. */
  static DamageException of(Disk disk, Damage damage) {
    return new DamageException(
        String.format(
            "%s, offset %d: %s. Nothing was changed. This log may lack what its member has"
                + " acknowledged, and this version cannot refill it from the other members: leave"
                + " the member stopped, or put a copy of %s back that is whole and no older",
            disk.where(damage.file()), damage.offset(), damage.what(), disk.where("")),
        damage);
  }

  /** The place of a record, as the file has it. */
  static String place(Disk disk, long position) {
    return disk.where(Segment.name(Position.segment(position)))
        + ", offset "
        + SectorFile.inFile(Position.offset(position));
  }

  /** Where and what; null if it may be no damage. */
  @Nullable Damage damage() {
    return damage;
  }
}
