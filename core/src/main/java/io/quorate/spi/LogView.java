package io.quorate.spi;

import org.jspecify.annotations.Nullable;

/**
 * An engine's view of its own log: everything WRITTEN through {@link Effects}, at once and whether
 * durable or not. Between the first and the last index there may be holes, if the engine has left
 * them.
 *
 * <p><b>Threads.</b> The loop thread only.
 *
 * <p><b>Errors.</b> To ask for what is not there is a bug of the engine, and fails a {@link Check}.
 */
public interface LogView {
  /** What {@link #firstFaulty} says of a log without damage. */
  long NONE_FAULTY = Long.MAX_VALUE;

  /** Behind which entry the log begins. It moves up, just before {@link Engine#rebased}. */
  Base base();

  /**
   * The lowest index held, above the base; {@code last() + 1} in an empty log. It may fall in a log
   * with holes.
   */
  long first();

  /** The highest index held; that of the base in an empty log. */
  long last();

  /** Whether an entry with that index is held; false in a hole. */
  boolean holds(long index);

  /**
   * The stamp of a held entry, the one under which it was written last, or of the base; {@link
   * Stamp#NONE} for index 0.
   *
   * @throws IllegalStateException if it is not held
   */
  Stamp stampAt(long index);

  /**
   * The entry if it is still in memory; {@code null} if it has to be read from disk, for which
   * there is {@link Effects#fetch}. Entries that are not durable yet are always in memory.
   */
  @Nullable Entry resident(long index);

  /**
   * Whether the value of a held entry is damaged on disk: its stamp is known, and that is all,
   * until an entry is written there again.
   */
  default boolean isFaulty(long index) {
    return false;
  }

  /** The lowest index that {@link #isFaulty}; {@link #NONE_FAULTY} if there is none. */
  default long firstFaulty() {
    return NONE_FAULTY;
  }
}
