package io.quorate.runtime;

import io.quorate.spi.Configuration;
import io.quorate.spi.DamagedSnapshotException;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a replica starts from.
 *
 * @param found its newest snapshot; null if it has none that can be read
 * @param lost null, or that its newest snapshot is damaged and the log goes on from there
 * @param damage null, or what of the snapshots is damaged, and where
 */
record Beginning(
    SnapshotDesk.@Nullable Found found, MuteEngine.@Nullable Lost lost, @Nullable String damage) {
  private static final int READ_BYTES = 1 << 20;

  /**
   * Looks for it. The snapshot is read to its end, unless the state machine does not need it: once
   * the replica has said something it is too late to find damage.
   *
   * @throws DamagedSnapshotException of a snapshot that no other member can replace
   */
  static Beginning of(LogStore.Group log, @Nullable Bookmark bookmark) {
    try {
      SnapshotDesk.Found found = SnapshotDesk.find(log.snapshots());
      if (found != null && !Bookmark.covers(bookmark, found)) {
        readAll(log.snapshots());
      }
      return new Beginning(found, null, null);
    } catch (DamagedSnapshotException e) {
      if (e.index() == 0 && log.recovered().last() == 0) {
        throw e; // The group is to be founded with it, and nobody has a later one.
      }
      return without(e, log.recovered());
    }
  }

  private static void readAll(Snapshots snapshots) {
    try (Snapshots.Reader reader = snapshots.newest()) {
      ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
      long at = 0;
      while (reader != null && at < reader.snapshot().length()) {
        at += reader.read(at, bytes.clear());
      }
    }
  }

  private static Beginning without(DamagedSnapshotException damage, LogStore.Recovered log) {
    String why = String.valueOf(damage.getMessage());
    long least = damage.index();
    if (new StampRuns(log.stamps(), log.last()).isWhole(log.first(), damage.index())) {
      least = Math.max(1, log.first() - 1);
      if (beginsWithNothing(log)) {
        return new Beginning(null, null, why);
      }
    }
    return new Beginning(null, new MuteEngine.Lost(least, why), why);
  }

  /** Whether the log has all that ever was: so it has, with the entry that founded the group. */
  private static boolean beginsWithNothing(LogStore.Recovered log) {
    if (log.first() > 1 || log.configurations().isEmpty()) {
      return false;
    }
    Entry first = log.configurations().get(0);
    return first.index() == 1 && Configuration.decode(first.value()).firstCommandIndex() == 0;
  }

  /** Whether there was, or will be, a state in which the group's founding is long past. */
  boolean hasState() {
    return lost != null || (found != null && !found.isFounding());
  }
}
