package io.quorate.spi;

/**
 * Describes where a host keeps its groups' logs, for {@code Replica.Builder.log}. Nothing is
 * touched before {@link #open}.
 *
 * <p><b>Threads.</b> Any; a description may be opened more than once, one after the other.
 *
 * <p><b>Durability.</b> What an earlier opening has synced is there again, unless the log is one
 * that keeps nothing.
 *
 * <p><b>Errors.</b> {@link #open} throws {@link StorageException} with a sentence that says what to
 * do, and leaves nothing open.
 */
public interface Log {
  /**
   * Opens the store; creates it where there is none.
   *
   * @throws StorageException saying what, why and what to do, having changed nothing, if the place
   *     cannot be used or is in use by another process
   */
  LogStore open();

  /**
   * Opens a directory for a backup: of the same kind as this log is on, and never the log's own.
   *
   * @param create whether a backup is to be written there; else one is only looked at, and nothing
   *     is changed
   * @throws StorageException saying what, why and what to do, if the directory cannot be used; by
   *     default, that this log keeps no backups
   */
  default Archive archive(String directory, boolean create) {
    throw new StorageException(this + " keeps no backups: use a log that does", null);
  }
}
