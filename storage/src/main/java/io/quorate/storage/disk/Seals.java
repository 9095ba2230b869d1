package io.quorate.storage.disk;

import io.quorate.spi.LogStore.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a replica's epochs end. A seal is held until the replica is removed, or until a release
 * names a later epoch and there is a newer seal. Each counts as live. Not safe for concurrent use:
 * guarded by the {@link GroupImage}.
 */
final class Seals {
  private final LiveBytes live;
  private final TreeMap<Long, Held> held = new TreeMap<>();

  /**
   * The last record for an epoch.
   *
   * @param seal null if its value is damaged
   */
  private record Held(
      long position, int length, @Nullable Seal seal, @Nullable DamageException damage) {}

  Seals(LiveBytes live) {
    this.live = live;
  }

  /** Takes in a record, in place of any other of its epoch. */
  void put(
      long epoch,
      long position,
      int length,
      @Nullable Seal seal,
      @Nullable DamageException damage) {
    remove(held.put(epoch, new Held(position, length, seal, damage)));
    live.add(position, length);
  }

  /** A copy of the record of that epoch was written. */
  void move(long epoch, long position, int length) {
    @Nullable Held before = held.get(epoch);
    if (before != null) {
      put(epoch, position, length, before.seal, before.damage);
    }
  }

  /** Gives up those of epochs before that one, but for the newest seal of all. */
  void release(long epoch) {
    while (held.size() > 1 && held.firstKey() < epoch) {
      remove(held.pollFirstEntry().getValue());
    }
  }

  void clear() {
    held.values().forEach(this::remove);
    held.clear();
  }

  private void remove(@Nullable Held gone) {
    if (gone != null) {
      live.remove(gone.position, gone.length);
    }
  }

  /** Whether that of an epoch would be given up at once, as entries of a later one are. */
  boolean isGivenUp(long epoch, long releasedEpoch) {
    return epoch < releasedEpoch && held.higherKey(epoch) != null;
  }

  /** That of an epoch; null if it has none. */
  @Nullable Seal of(long epoch) {
    @Nullable Held found = held.get(epoch);
    return found == null ? null : found.seal;
  }

  void each(GroupImage.Places places) {
    held.values().forEach(each -> places.add(each.position, each.length));
  }

  boolean isAt(long epoch, long position) {
    @Nullable Held found = held.get(epoch);
    return found != null && found.position == position;
  }

  /** Of their records. */
  long bytes() {
    return held.values().stream().mapToLong(Held::length).sum();
  }

  /**
   * All, in the order of the epochs.
   *
   * @throws DamageException if one cannot be read
   */
  List<Seal> all() {
    List<Seal> all = new ArrayList<>();
    for (Held each : held.values()) {
      if (each.damage != null) {
        throw each.damage;
      }
      if (each.seal != null) {
        all.add(each.seal);
      }
    }
    return all;
  }
}
