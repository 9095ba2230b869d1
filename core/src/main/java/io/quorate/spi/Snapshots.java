package io.quorate.spi;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of one replica, beside its log: {@link LogStore.Group#snapshots}. A store looks at
 * where a snapshot stands, never into its content, which may be larger than memory.
 *
 * <pre>{@code
 * try (Snapshots.Writer writer = snapshots.take(epoch, index, stamp)) {
 *   writer.write(bytes); // As often as needed.
 *   writer.finish();
 * }
 * log.release(epoch, index);
 * }</pre>
 *
 * <p><b>Threads.</b> Any but the log thread and loops, as every method may wait for the disk; they
 * must not be interrupted. A writer and a reader belong to one thread at a time.
 *
 * <p><b>Durability.</b> A snapshot is durable, content and name, when its writer has finished;
 * before that it is none, and the one before is kept.
 *
 * <p><b>Bounds.</b> Content of any length, in pieces; one writer at a time.
 *
 * <p><b>Errors.</b> Every method may throw {@link StorageException}. A writer that has thrown
 * refuses everything but {@link Writer#abandon} and {@link Writer#close}; log and finished
 * snapshots are as they were, and another one may be begun. A full disk is told by {@link
 * DiskFullException}, before anything is written if the disk says so. Only where the name of a new
 * snapshot may or may not be durable, no other is begun until the store is reopened.
 */
public interface Snapshots {
  /**
   * Opens the newest finished snapshot.
   *
   * @return null if there never was one
   * @throws DamagedSnapshotException if it is damaged; an older one never stands in for it
   * @throws StorageException if it cannot be read otherwise, or a later version wrote it
   */
  @Nullable Reader newest();

  /**
   * Opens the finished snapshot of just that place, for who knows that it is there.
   *
   * @return null if there is none
   * @throws StorageException as {@link #newest}
   */
  @Nullable Reader at(long epoch, long index);

  /**
   * Begins a snapshot of this replica's own state. What an earlier writer has left unfinished is
   * deleted.
   *
   * @param index the last entry that the state includes; 0 for one that a group is founded with
   * @param stamp of that entry
   * @throws IllegalStateException if one is being written, or the newest one is newer; but not if
   *     that was found damaged since the store was opened: then it is replaced
   */
  Writer take(long epoch, long index, Stamp stamp);

  /**
   * Goes on with a snapshot that another replica sends, or begins with it; {@link Writer#position}
   * says where. What an earlier writer has left of any other is deleted.
   *
   * <p>Its length and digest say which content it is, whoever sends it: another replica's snapshot
   * of the same place may go on with it only if these are equal, too.
   *
   * @throws IllegalStateException as {@link #take}
   */
  Writer receive(Snapshot told);

  /**
   * Where a snapshot stands, and what it holds.
   *
   * @param epoch of the entry
   * @param index the last entry that the state includes; 0 if it was there before the first
   * @param stamp of that entry
   * @param length of the content in bytes
   * @param digest SHA-256 of the content
   */
  record Snapshot(long epoch, long index, Stamp stamp, long length, Payload digest) {
    /** How many bytes a digest has. */
    public static final int DIGEST_BYTES = 32;

    /** Checks what may have come from another replica. */
    public Snapshot {
      if (epoch < 1 || index < 0 || length < 0 || digest.length() != DIGEST_BYTES) {
        throw new IllegalArgumentException(
            String.format(
                "no snapshot is at epoch %d, index %d, has %d bytes and a digest of %d",
                epoch, index, length, digest.length()));
      }
    }
  }

  /** Writes one snapshot. Memory: 260 KiB, or 520 KiB if it is received, whatever the length. */
  interface Writer extends AutoCloseable {
    /** How many bytes of the content it has: the next ones come behind them. */
    long position();

    /**
     * How many of them are sure to be there if a received one is resumed after a crash: it grows by
     * some MiB at a time. At most {@link #position}.
     */
    long durable();

    /**
     * Appends all that remains in {@code bytes}, which may be changed afterwards.
     *
     * @throws IllegalArgumentException if there is more than was told
     */
    void write(ByteBuffer bytes);

    /**
     * Ends the content. On return the snapshot is durable and the newest, and older ones are
     * deleted, but for those that are being read, which are deleted later. If it throws, the newest
     * is this one or the one before.
     *
     * @throws StorageException also if a received one is not what was told; it is deleted
     */
    Snapshot finish();

    /** Deletes what was written. Without effect after {@link #finish}. */
    void abandon();

    /**
     * Ends the writing. What is not finished is kept to be resumed, from up to 256 KiB before its
     * position, if it is received, else deleted. Idempotent.
     */
    @Override
    void close();
  }

  /**
   * An open snapshot. It stays readable until it is closed, whatever becomes of it meanwhile.
   * Memory: 256 KiB.
   */
  interface Reader extends AutoCloseable {
    /** What it is. */
    Snapshot snapshot();

    /**
     * Reads content from {@code offset} on until {@code into} is full or the content ends. All that
     * is handed over has been compared with its checksums.
     *
     * @return how many bytes were read
     * @throws DamagedSnapshotException if they are damaged
     */
    int read(long offset, ByteBuffer into);

    /**
     * The content from its start on. Its end is told only after all of it was compared with the
     * digest, so read up to there before you act upon it.
     *
     * <p>Reading throws as {@link #read} does, and no {@link java.io.IOException}.
     */
    InputStream stream();

    /** Lets go of the snapshot. Idempotent. */
    @Override
    void close();
  }
}
