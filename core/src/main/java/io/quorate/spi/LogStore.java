package io.quorate.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The logs of all groups of one host. It has no thread of its own: group commit is the runtime's
 * log stage (drain, write all, {@link #sync} once, report the tickets).
 *
 * <p><b>Threads.</b> {@link #group} before the log stage runs; all writes, {@link #remove}, {@link
 * #sync} and {@link #close} by the log thread (one at a time); {@link Group#read} by any thread,
 * beside the writes.
 *
 * <p><b>Durability.</b> What was written before {@link #sync} is durable when that returns, in all
 * groups; nothing is before. {@link #durable} says how far.
 *
 * <p><b>Bounds.</b> The disk's: a store that {@link #isFull} has room for what is under way, and
 * needs no more from then on.
 *
 * <p><b>Errors.</b> Every method may throw {@link StorageException}. After a write or sync has
 * thrown, the store is poisoned: each later write and sync throws, until the store is reopened.
 */
public interface LogStore extends AutoCloseable {
  /**
   * Opens a group's log, creating the replica where the store holds none. What was created is
   * durable on return.
   *
   * @param group the group's id, from 1
   * @param member the member id that this host has in it
   * @param freshIncarnation the incarnation if the replica is created now; not 0
   * @throws StorageException if the store holds this group for another member
   */
  Group group(long group, int member, long freshIncarnation);

  /**
   * Removes this host's replica of a group with all that it holds; nothing if there is none.
   * Durable after the next {@link #sync}. Its {@link Group} takes nothing more and has nothing to
   * read; {@link #group} creates a new replica, whose incarnation must be another one.
   */
  void remove(long group);

  /** Makes all that was written before durable, in all files, or throws and poisons the store. */
  void sync();

  /**
   * How far the log is durable: a number that grows with what {@link #sync} has made durable, and
   * that a store which lost nothing finds again, or a greater one, whenever it is reopened. An
   * older state of the same store shows a smaller one. 0 for a store that keeps nothing. Any
   * thread.
   */
  long durable();

  /**
   * Whether the disk has no more room than the store keeps back for what is under way: little
   * should be written now, and nothing new. It begins and ends by itself; only when the room that
   * was kept back is used up too does a write throw {@link DiskFullException}. Any thread.
   */
  default boolean isFull() {
    return false;
  }

  /**
   * Whether the disk has room for so many bytes more, as far as it says. To be asked now and then,
   * to have a snapshot taken before the disk is full. May wait for the disk; any thread.
   */
  default boolean hasRoom(long bytes) {
    return true;
  }

  /**
   * Has a store that {@link #isFull} look again whether there is room, in the background. To be
   * called now and then while it is full; without effect while it is not. Any thread.
   */
  default void makeRoom() {}

  /**
   * What is wrong with the files and does not stop the log, in sentences that say what to do; empty
   * if all is well. Not what it cannot write: that is thrown, or {@link #isFull}. Cheap; any
   * thread.
   */
  default List<String> findings() {
    return List.of();
  }

  /** Gives the files free, without a sync. Idempotent. */
  @Override
  void close();

  /** The log of one replica. */
  interface Group {
    /** What was found when the group was opened. */
    Recovered recovered();

    /**
     * Buffers an entry, at any index, in place of any other there: the last record for an (epoch,
     * index) wins. Durable after the next {@link LogStore#sync}.
     */
    void write(Entry entry);

    /** Removes all entries of the epoch from {@code from} on, crash-atomically. */
    void truncate(long epoch, long from);

    /** Replaces the engine's record, atomically. At most 4 KiB. */
    void save(byte[] record);

    /**
     * Says that in this epoch nothing behind {@code index} counts, which is where its first stop
     * stands, and what comes next. Durable after the next {@link LogStore#sync}; without effect if
     * it is known. It applies to what is written before and after, but the log changes nothing for
     * it: what stands behind is there for readers until it is released.
     *
     * <p>It outlives the release of its entries, so that who comes late can be told. It is held
     * until the replica is removed, or until a {@link #release} names a later epoch and a newer
     * epoch is sealed too.
     *
     * @param next the configuration of the next epoch, of which the log knows nothing; at most 4
     *     KiB
     * @throws IllegalStateException if the epoch is sealed otherwise
     */
    void seal(long epoch, long index, byte[] next);

    /**
     * Gives up all entries of earlier epochs, and of this one up to and with {@code upTo}: readers
     * no longer find them. What is written there later is given up at once. Nothing happens if all
     * that was given up before. Durable after the next {@link LogStore#sync}; the room that they
     * took is free some time after.
     */
    void release(long epoch, long upTo);

    /**
     * Reads written entries from {@code from} on, in order, until {@code maxBytes} of values have
     * been handed over, an index is missing, or the sink says no. At least one entry is read if it
     * is there, whatever its size.
     *
     * @throws StorageException if a record is not what was written, naming file and offset
     */
    void read(long epoch, long from, int maxBytes, Sink sink);

    /** The snapshots of this replica. Any thread. */
    Snapshots snapshots();
  }

  /** Takes entries one by one. */
  @FunctionalInterface
  interface Sink {
    /** Returns whether to go on. */
    boolean accept(Entry entry);
  }

  /**
   * What a store holds of a group.
   *
   * @param incarnation of this replica; drawn when it was created
   * @param created whether it was created by this opening
   * @param saved the engine's record; null if none was saved
   * @param epoch the newest epoch that has entries; in an empty log that of the last {@link
   *     Group#release}, or 1
   * @param first the lowest index held in that epoch; {@code last + 1} if none
   * @param last the highest index held in that epoch; if none, the last one that was released in
   *     it, or 0
   * @param stamps the stamps of first..last, as runs in order; {@link Stamp#NONE} is a hole
   * @param configurations the FOUNDING, CONFIGURATION and STOP entries held, in order
   * @param faulty indexes between first and last whose values cannot be read: never taken for
   *     absence. Their stamps are known, and stand among the others; a configuration is not among
   *     {@code configurations}. An entry that is written at such an index replaces it
   * @param savedLost where the engine's record was found damaged, if that is so: then {@code saved}
   *     is null although one was saved. The next {@link Group#save} replaces it
   * @param seals the {@link Group#seal seals} held, in the order of their epochs
   */
  record Recovered(
      long incarnation,
      boolean created,
      byte @Nullable [] saved,
      long epoch,
      long first,
      long last,
      List<StampRun> stamps,
      List<Entry> configurations,
      List<Long> faulty,
      @Nullable String savedLost,
      List<Seal> seals) {}

  /** Where an epoch ends: nothing behind the index counts; and the configuration of the next. */
  record Seal(long epoch, long index, Payload next) {
    /** The most bytes of a configuration. */
    public static final int NEXT_BYTES_MAX = 4096;

    /** Checks the place and the length. */
    public Seal {
      Check.that(epoch > 0 && index > 0, "a seal's epoch and index are above 0", epoch, index);
      Check.that(
          next.length() <= NEXT_BYTES_MAX,
          "the configuration in a seal has at most 4 KiB",
          next.length(),
          NEXT_BYTES_MAX);
    }
  }

  /**
   * All entries from {@code from} up to the next run carry this stamp; if it is {@link Stamp#NONE},
   * there are none. Neither the first run nor the last is a hole.
   */
  record StampRun(long from, Stamp stamp) {}
}
