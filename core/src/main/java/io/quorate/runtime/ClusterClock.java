package io.quorate.runtime;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;

/**
 * The time that a leader puts on its batches: it starts from the greatest time among the entries
 * that the leader holds and advances by its monotonic clock. So downtime does not count, and no
 * wall clock grants anything. Loop only.
 */
/* In a log that is written slot by slot the newest batch may be one that a leader has left behind which
 * knew less time than entries below it. Such a one is not further from them than the window of what
 * a leader has in flight, so the greatest time is looked for among that many of the newest entries.
 */
final class ClusterClock {
  private static final long READ_BYTES = 1 << 20;

  private long greatest;
  private long base;
  private long since;

  /** An entry is held. */
  void seen(Entry entry) {
    if (entry.kind() == Entry.Kind.BATCH) {
      greatest = Math.max(greatest, Batch.timeOf(entry.value()));
    }
  }

  /** A state is held that has this time. */
  void saw(long time) {
    greatest = Math.max(greatest, time);
  }

  /**
   * The clock starts from the greatest time among the newest batches in the log, which need not be
   * applied yet: one at least, those of a window at most, and no more once 1 MiB was read.
   */
  void seeNewest(LogStore.Group log, long epoch, Tail held) {
    long oldest = held.last() - HandOver.WINDOW_ENTRIES;
    long[] bytes = new long[1];
    for (long index = held.last(); index >= held.first(); index = held.heldUpTo(index - 1)) {
      if (bytes[0] > 0 && (index <= oldest || bytes[0] >= READ_BYTES)) {
        return;
      }
      if (held.isFaulty(index)) {
        continue; // Seen when it is written again.
      }
      log.read(
          epoch,
          index,
          1,
          entry -> {
            seen(entry);
            bytes[0] += entry.kind() == Entry.Kind.BATCH ? entry.weight() : 0;
            return false;
          });
    }
  }

  /** This replica leads from now on. */
  void lead(long now) {
    base = greatest;
    since = now;
  }

  /** The time for a batch that the leader proposes now. */
  long leaderTime(long now) {
    return base + (now - since);
  }
}
