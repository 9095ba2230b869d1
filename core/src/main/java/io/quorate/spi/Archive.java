package io.quorate.spi;

/**
 * A directory that holds one backup, or is to: a snapshot that belongs to no replica.
 *
 * <p><b>Threads.</b> As {@link Snapshots}, of which this gives one.
 *
 * <p><b>Durability.</b> A backup is durable when the writer of its snapshot has finished.
 *
 * <p><b>Errors.</b> Every method may throw {@link StorageException}.
 */
public interface Archive extends AutoCloseable {
  /** The backup, as the newest of these; or where it is to be written. */
  Snapshots snapshots();

  /** Whether nothing is there but, maybe, a backup that was not finished. */
  boolean isEmpty();

  /** The directory, as messages say it. */
  String where();

  /** Gives the directory free. Idempotent. */
  @Override
  void close();
}
