package io.quorate.runtime;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogView;

/**
 * The time that a leader puts on its batches: it starts from the greatest time among the entries
 * that the leader holds and advances by its monotonic clock. So downtime does not count, and no
 * wall clock grants anything. Loop only.
 */
final class ClusterClock {
  private long greatest;
  private long base;
  private long since;

  /** An entry is held. */
  void seen(Entry entry) {
    if (entry.kind() == Entry.Kind.BATCH) {
      greatest = Math.max(greatest, Batch.timeOf(entry.value()));
    }
  }

  /** The clock starts from the newest batch in the log, which need not be applied yet. */
  void seeNewest(LogStore.Group log, long epoch, LogView held) {
    for (long index = held.last(); index >= held.first(); index--) {
      boolean[] found = new boolean[1];
      log.read(
          epoch,
          index,
          1,
          entry -> {
            seen(entry);
            found[0] = entry.kind() == Entry.Kind.BATCH;
            return false;
          });
      if (found[0]) {
        return;
      }
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
