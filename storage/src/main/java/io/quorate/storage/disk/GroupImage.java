package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.Seal;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds of one replica: where its entries stand, and the newest record of each other
 * kind.
 *
 * <p>Changed by the replay, then by the log thread; read by any.
 */
final class GroupImage {
  private final long instance;
  private final LiveBytes live;
  private final TreeMap<Long, EpochIndex> epochs = new TreeMap<>();
  private final Spot created = new Spot();
  private final Spot saved = new Spot();
  private final Spot released = new Spot();
  private final Seals seals;

  /**
   * The epoch of the last entry that was written: more often than not it is the next one's, too.
   */
  private @Nullable EpochIndex lastIndex;

  private long lastEpoch;
  private int member;
  private long floorEpoch;
  private long floorIndex;
  private byte @Nullable [] savedBytes;
  private @Nullable String savedLost;

  GroupImage(long instance, LiveBytes live) {
    this.instance = instance;
    this.live = live;
    this.seals = new Seals(live);
  }

  /** Where the newest record of a kind stands; a length of 0 says that there is none. */
  private final class Spot {
    private long position;
    private int length;

    void set(long newPosition, int newLength) {
      clear();
      position = newPosition;
      length = newLength;
      live.add(position, length);
    }

    void clear() {
      if (length > 0) {
        live.remove(position, length);
        length = 0;
      }
    }

    boolean isAt(long other) {
      return length > 0 && position == other;
    }

    void tell(Places places) {
      if (length > 0) {
        places.add(position, length);
      }
    }
  }

  synchronized int member() {
    return member;
  }

  long instance() {
    return instance;
  }

  // What was written

  synchronized void created(int newMember, long position, int length) {
    member = newMember;
    created.set(position, length);
  }

  synchronized boolean isCreated() {
    return created.length > 0;
  }

  synchronized void saved(long position, int length) {
    saved.set(position, length);
  }

  /** An entry was written, at a place that is not given up. */
  synchronized void put(long epoch, long index, long position, int length) {
    epoch(epoch).put(index, position, length);
  }

  synchronized void truncate(long epoch, long from) {
    @Nullable EpochIndex entries = epochs.get(epoch);
    if (entries != null) {
      entries.truncate(from);
    }
  }

  /** Gives up earlier epochs, and this one up to there, if they are not yet. */
  synchronized void release(long epoch, long upTo, long position, int length) {
    released.set(position, length);
    if (isGivenUp(epoch, upTo)) {
      return;
    }
    floorEpoch = epoch;
    floorIndex = upTo;
    seals.release(epoch);
    lastIndex = null;
    Map<Long, EpochIndex> earlier = epochs.headMap(epoch);
    earlier.values().forEach(entries -> entries.release(Long.MAX_VALUE));
    earlier.clear();
    @Nullable EpochIndex entries = epochs.get(epoch);
    if (entries != null) {
      entries.release(upTo);
    }
  }

  /** Whether that place was given up, and what is written there with it. Not for readers. */
  boolean isGivenUp(long epoch, long index) {
    return epoch < floorEpoch || (epoch == floorEpoch && index <= floorIndex);
  }

  /** The seal of an epoch; null if it has none. */
  synchronized @Nullable Seal seal(long epoch) {
    return seals.of(epoch);
  }

  /** Whether the seal of that epoch was given up. */
  synchronized boolean isSealGivenUp(long epoch) {
    return seals.isGivenUp(epoch, floorEpoch);
  }

  /** An epoch was sealed. */
  synchronized void sealed(Seal seal, long position, int length) {
    seals.put(seal.epoch(), position, length, seal, null);
    seals.release(floorEpoch);
  }

  /** The replica was removed. */
  synchronized void forget() {
    seals.clear();
    created.clear();
    saved.clear();
    released.clear();
    lastIndex = null;
    epochs.values().forEach(entries -> entries.release(Long.MAX_VALUE));
    epochs.clear();
  }

  private EpochIndex epoch(long epoch) {
    EpochIndex index = lastIndex;
    if (index == null || lastEpoch != epoch) {
      index = epochs.computeIfAbsent(epoch, number -> new EpochIndex(live));
      lastIndex = index;
      lastEpoch = epoch;
    }
    return index;
  }

  /** The index of an epoch. The caller holds the monitor. */
  @Nullable EpochIndex heldEpoch(long epoch) {
    return epochs.get(epoch);
  }

  // What is copied

  /** Hears where records stand. */
  @FunctionalInterface
  interface Places {
    /** One of so many bytes, with its header. */
    void add(long position, int length);
  }

  /**
   * Tells of all records that nothing has superseded; not for certain of those that are written
   * meanwhile. Any thread; the monitor is held for a page of the index at a time.
   */
  void eachLive(Places places) {
    List<Long> all;
    synchronized (this) {
      List.of(created, saved, released).forEach(spot -> spot.tell(places));
      seals.each(places);
      all = List.copyOf(epochs.keySet());
    }
    for (long epoch : all) {
      long index = 0;
      do {
        index = eachOfPage(epoch, index, places);
      } while (index > 0);
    }
  }

  /** From that index on; returns where to go on, 0 at the end. */
  private synchronized long eachOfPage(long epoch, long from, Places places) {
    @Nullable EpochIndex entries = epochs.get(epoch);
    return entries == null ? 0 : entries.eachOfPage(from, places);
  }

  /** Whether nothing has superseded that record. What is superseded stays so. */
  synchronized boolean isLive(RecordHeader record) {
    long position = record.position();
    return switch (record.type()) {
      case CREATED -> created.isAt(position);
      case SAVED -> saved.isAt(position);
      case RELEASE -> released.isAt(position);
      case SEAL -> seals.isAt(record.epoch(), position);
      case ENTRY, LOST -> {
        @Nullable EpochIndex entries = epochs.get(record.epoch());
        yield entries != null
            && entries.length(record.index()) > 0
            && entries.position(record.index()) == position;
      }
      case TRUNCATION, REMOVED, DROPPED -> false;
    };
  }

  /** A copy of a live record was written; that of a damaged entry says only that it is lost. */
  synchronized void moved(RecordHeader record, boolean lost, long position, int length) {
    switch (record.type()) {
      case CREATED -> created.set(position, length);
      case SAVED -> saved.set(position, length);
      case RELEASE -> released.set(position, length);
      case SEAL -> seals.move(record.epoch(), position, length);
      case ENTRY, LOST -> epoch(record.epoch()).move(record.index(), position, length, lost);
      case TRUNCATION, REMOVED, DROPPED -> throw new AssertionError(record);
    }
  }

  /**
   * What there is, in numbers.
   *
   * @param epoch the newest that has entries, or the last one of a release, or 1
   * @param entries how many are held, of all epochs
   * @param liveBytes of all records that nothing has superseded
   * @param savedBytes of the engine's record; -1 if none was saved
   */
  record Summary(
      int member,
      long epoch,
      long first,
      long last,
      long entries,
      long liveBytes,
      int savedBytes) {}

  /** What a replay has found, in numbers. */
  synchronized Summary summary() {
    long epoch = Math.max(1, floorEpoch);
    long first = floorIndex + 1;
    long last = floorIndex;
    long entries = 0;
    long bytes = created.length + saved.length + released.length + seals.bytes();
    for (Map.Entry<Long, EpochIndex> each : epochs.entrySet()) {
      EpochIndex index = each.getValue();
      if (!index.isEmpty()) {
        epoch = each.getKey();
        first = index.first();
        last = index.last();
        entries += index.held();
        bytes += index.bytes();
      }
    }
    int savedBytes = saved.length - RecordHeader.BYTES;
    return new Summary(member, epoch, first, last, entries, bytes, Math.max(-1, savedBytes));
  }

  // What a replay has found

  /**
   * An entry, or what stands for a lost one; one that cannot be read is faulty. Without the
   * monitor, of which the replay of small entries would take many: nobody reads before it has
   * ended.
   *
   * @param like has its epoch, kind and stamp
   */
  void recover(RecordHeader like, long index, long position, int length, boolean faulty) {
    if (!isGivenUp(like.epoch(), index)) {
      epoch(like.epoch()).recover(index, position, length, like.kind(), like.stamp(), faulty);
    }
  }

  /** The engine's record; or where it is lost, for which a later one may make up. */
  synchronized void recoverSaved(
      RecordHeader record, byte @Nullable [] bytes, @Nullable String lost) {
    saved.set(record.position(), RecordHeader.BYTES + record.length());
    savedBytes = bytes;
    savedLost = lost;
  }

  /** A seal; or its damage, for which a later one of the epoch may make up. */
  synchronized void recoverSeal(
      RecordHeader record, @Nullable Seal seal, @Nullable DamageException damage) {
    int length = RecordHeader.BYTES + record.length();
    seals.put(record.epoch(), record.position(), length, seal, damage);
    seals.release(floorEpoch);
  }

  /**
   * Ends the replay of this replica.
   *
   * @param read reads the entry at an epoch and index
   * @throws DamageException if a seal is lost
   */
  synchronized Recovered recovered(boolean isNew, BiFunction<Long, Long, Entry> read) {
    long newest = Math.max(1, floorEpoch);
    List<Entry> configurations = new ArrayList<>();
    for (Map.Entry<Long, EpochIndex> epoch : epochs.entrySet()) {
      EpochIndex index = epoch.getValue();
      if (!index.isEmpty()) {
        newest = epoch.getKey();
        collectConfigurations(newest, index, read, configurations);
      }
    }
    List<StampRun> stamps = new ArrayList<>();
    List<Long> faulty = new ArrayList<>();
    @Nullable EpochIndex index = epochs.get(newest);
    boolean isEmpty = index == null || index.isEmpty();
    long last = isEmpty && newest == floorEpoch ? floorIndex : 0;
    long first = last + 1;
    if (index != null && !isEmpty) {
      first = index.first();
      last = index.last();
      collectStamps(index, stamps, faulty);
    }
    epochs.values().forEach(EpochIndex::forgetFacts);
    return new Recovered(
        instance,
        isNew,
        savedBytes,
        newest,
        first,
        last,
        List.copyOf(stamps),
        List.copyOf(configurations),
        List.copyOf(faulty),
        savedLost,
        List.copyOf(seals.all()));
  }

  private static void collectConfigurations(
      long epoch, EpochIndex entries, BiFunction<Long, Long, Entry> read, List<Entry> found) {
    for (long index = entries.first(); index <= entries.last(); ) {
      boolean isConfiguration = isConfiguration(Entry.Kind.of(entries.kind(index)));
      if (isConfiguration && !entries.faulty(index)) {
        found.add(read.apply(epoch, index));
      }
      index = entries.heldFrom(isConfiguration ? index + 1 : entries.sameBefore(index));
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
      next = entries.sameBefore(index);
    }
  }
}
