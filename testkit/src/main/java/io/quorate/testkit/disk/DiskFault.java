package io.quorate.testkit.disk;

/** What can befall a simulated disk. Each counts when it happens, not when it is asked for. */
public enum DiskFault {
  /** A call fails; a write may be done in part. */
  CALL_FAILED(Effect.FAILS),
  /** A sync fails; some of what it was for is on the platter, the rest never will be. */
  SYNC_FAILED(Effect.FAILS),
  /** A file cannot grow, because the disk is full. */
  FULL(Effect.FAILS),
  /** The power goes, or the process dies, in the middle of a call. */
  CUT_IN_CALL(Effect.NOTHING),
  /** A turn of the log thread takes longer than on other disks. */
  SLOW(Effect.NOTHING),
  /** The log thread waits for a call that does not return. */
  HANGS(Effect.NOTHING),
  /** A bit of an entry's value changes that nothing has replaced. */
  FLIP_ENTRY(Effect.DAMAGES),
  /** A bit of an entry's header changes that nothing has replaced. */
  FLIP_ENTRY_HEADER(Effect.DAMAGES),
  /** A bit of the engine's last record changes. */
  FLIP_SAVED_RECORD(Effect.DAMAGES),
  /** A bit of a segment's header changes. */
  FLIP_SEGMENT_HEADER(Effect.DAMAGES),
  /** Any bit of a segment changes, also of what is no longer used or not yet. */
  FLIP_ANYWHERE(Effect.DAMAGES),
  /** Any bit of a snapshot changes. */
  FLIP_SNAPSHOT(Effect.DAMAGES),
  /** A write lands where older data is, and not where it belongs. */
  MISDIRECTED(Effect.DAMAGES),
  /** An older state of the whole disk is put back. */
  BACKUP_RESTORED(Effect.DAMAGES),
  /** All is gone. */
  WIPED(Effect.DAMAGES);

  private enum Effect {
    NOTHING,
    FAILS,
    DAMAGES
  }

  private final Effect effect;

  DiskFault(Effect effect) {
    this.effect = effect;
  }

  /** Whether a caller is told of an error: then a replica has to halt. */
  public boolean isFailure() {
    return effect == Effect.FAILS;
  }

  /** Whether the disk no longer holds what was synced. */
  public boolean isDamage() {
    return effect == Effect.DAMAGES;
  }
}
