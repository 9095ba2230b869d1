package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.spi.Base;
import io.quorate.spi.Configuration;
import io.quorate.spi.DamagedSnapshotException;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica starts from.
 *
 * @param log its log
 * @param found its newest snapshot; null if it has none that can be read
 * @param lost null, or that its newest snapshot is damaged and the log goes on from there
 * @param damage null, or what of the snapshots is damaged, and where
 */
record Beginning(
    LogStore.Group log,
    SnapshotDesk.@Nullable Found found,
    MuteEngine.@Nullable Lost lost,
    @Nullable String damage) {
  private static final Logger logger = LoggerFactory.getLogger(Beginning.class);
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
      return new Beginning(log, found, null, null);
    } catch (DamagedSnapshotException e) {
      if (e.index() == 0 && log.recovered().last() == 0) {
        throw e; // The group is to be founded with it, and nobody has a later one.
      }
      return without(e, log);
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

  private static Beginning without(DamagedSnapshotException damage, LogStore.Group group) {
    LogStore.Recovered log = group.recovered();
    String why = String.valueOf(damage.getMessage());
    long least = damage.index();
    if (new StampRuns(log.stamps(), log.last()).isWhole(log.first(), damage.index())) {
      least = Math.max(1, log.first() - 1);
      if (beginsWithNothing(log)) {
        return new Beginning(group, null, null, why);
      }
    }
    return new Beginning(group, null, new MuteEngine.Lost(least, why), why);
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

  /** Those that it includes, and those that the log holds behind it. */
  List<Entry> configurations() {
    return configurations(log.recovered(), found);
  }

  /** The same, of a snapshot that was found in a log. */
  static List<Entry> configurations(LogStore.Recovered log, SnapshotDesk.@Nullable Found found) {
    return found == null || found.isFounding()
        ? log.configurations()
        : configurations(log, found.base(), found.head());
  }

  /** The same, of a snapshot of that place. */
  static List<Entry> configurations(LogStore.Recovered log, Base base, SnapshotHead head) {
    List<Entry> all = new ArrayList<>(head.configurations());
    for (Entry entry : log.configurations()) {
      if (entry.index() > base.index()) {
        all.add(entry);
      }
    }
    return all;
  }

  /**
   * What the data directory says of itself must agree with what the user says.
   *
   * @throws StorageException of damage that nobody else can repair
   * @throws QuorateException of the directory of another group
   */
  void check(Host.Options options, String protocol) {
    String lacks = Damages.of(options.member, this);
    if (lacks != null && options.cluster.members().size() == 1) {
      throw new StorageException(
          lacks
              + ". Nobody else holds a copy, as the group has one member only. Keep the directory,"
              + " and start from a copy of it that is whole and no older",
          null);
    }
    if (lacks != null) {
      logger.warn("{}. The replica takes part as far as is safe, and is repaired", lacks);
    }
    if (lost == null && damage != null) {
      logger.warn("{}. The log holds all of it, and is applied from its start", damage);
    }
    List<Integer> members = new ArrayList<>(options.cluster.members());
    for (Entry entry : configurations()) {
      check(Configuration.decode(entry.value()), members, protocol);
    }
  }

  private static void check(Configuration held, List<Integer> members, String protocol) {
    if (!held.ids().equals(members)) {
      throw new QuorateException(
          "the data directory belongs to cluster "
              + held.clusterId()
              + " with the members "
              + held.ids()
              + ", but this replica was started for the members "
              + members
              + ": name the cluster that the directory belongs to, or another directory");
    }
    if (!held.protocol().equals(protocol)) {
      throw new QuorateException(
          "the data directory belongs to a group that runs "
              + held.protocol()
              + ", but this replica was started with "
              + protocol
              + ": start it with the protocol of its group");
    }
  }
}
