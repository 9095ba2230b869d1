package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of one replica: where its entries stand, and its saved record.
 *
 * <p>Its monitor guards the index; all else changes during the replay only.
 */
final class GroupImage {
  private final int member;
  private final long instance;
  private final TreeMap<Long, EpochIndex> epochs = new TreeMap<>();
  private byte @Nullable [] saved;
  private @Nullable DamageException savedDamage;

  GroupImage(int member, long instance) {
    this.member = member;
    this.instance = instance;
  }

  int member() {
    return member;
  }

  long instance() {
    return instance;
  }

  /** The index of an epoch, made where there is none. The caller holds the monitor. */
  EpochIndex epoch(long epoch) {
    return epochs.computeIfAbsent(epoch, number -> new EpochIndex());
  }

  /** The index of an epoch. The caller holds the monitor. */
  @Nullable EpochIndex heldEpoch(long epoch) {
    return epochs.get(epoch);
  }

  /** A replay has found the engine's record. */
  void recoverSaved(byte[] record) {
    saved = record;
    savedDamage = null;
  }

  /** A replay has found the engine's record damaged; a later one may make up for it. */
  void recoverSavedDamage(DamageException damage) {
    saved = null;
    savedDamage = damage;
  }

  /**
   * Ends the replay of this replica.
   *
   * @param read reads the entry at an epoch and index
   * @throws DamageException if the saved record is lost
   */
  synchronized Recovered recovered(boolean created, BiFunction<Long, Long, Entry> read) {
    if (savedDamage != null) {
      throw savedDamage;
    }
    long newest = 1;
    List<Entry> configurations = new ArrayList<>();
    for (Map.Entry<Long, EpochIndex> epoch : epochs.entrySet()) {
      EpochIndex index = epoch.getValue();
      if (!index.isEmpty()) {
        newest = epoch.getKey();
        collectConfigurations(newest, index, read, configurations);
      }
    }
    EpochIndex index = epoch(newest);
    List<StampRun> stamps = new ArrayList<>();
    List<Long> faulty = new ArrayList<>();
    collectStamps(index, stamps, faulty);
    epochs.values().forEach(EpochIndex::forgetFacts);
    return new Recovered(
        instance,
        created,
        saved,
        newest,
        index.first(),
        index.last(),
        List.copyOf(stamps),
        List.copyOf(configurations),
        List.copyOf(faulty));
  }

  private static void collectConfigurations(
      long epoch, EpochIndex entries, BiFunction<Long, Long, Entry> read, List<Entry> found) {
    for (long index = entries.first();
        index <= entries.last();
        index = entries.heldFrom(index + 1)) {
      if (!entries.faulty(index) && isConfiguration(Entry.Kind.of(entries.kind(index)))) {
        found.add(read.apply(epoch, index));
      }
    }
  }

  private static boolean isConfiguration(Entry.Kind kind) {
    return switch (kind) {
      case FOUNDING, CONFIGURATION, STOP -> true;
      case BATCH, LEAD -> false;
    };
  }

  private static void collectStamps(EpochIndex entries, List<StampRun> stamps, List<Long> faulty) {
    Stamp previous = Stamp.NONE;
    long next = entries.first();
    for (long index = next; index <= entries.last(); index = entries.heldFrom(next)) {
      if (index > next) {
        stamps.add(new StampRun(next, Stamp.NONE));
        previous = Stamp.NONE;
      }
      Stamp stamp = entries.stamp(index);
      if (!stamp.equals(previous)) {
        stamps.add(new StampRun(index, stamp));
        previous = stamp;
      }
      if (entries.faulty(index)) {
        faulty.add(index);
      }
      next = index + 1;
    }
  }
}
