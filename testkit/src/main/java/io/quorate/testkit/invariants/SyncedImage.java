package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member's disk must hold, because a sync that covers it has returned; kept beside the
 * store, from what was asked of it. Every restart compares the two.
 */
public final class SyncedImage {
  private final Verdict verdict;
  private final int member;
  private final ArrayList<@Nullable Entry> entries = new ArrayList<>();
  private byte[] saved = {};
  private final List<Object> unsynced = new ArrayList<>();
  private long released;
  private long snapshot;
  private Stamp snapshotStamp = Stamp.NONE;
  private long incarnation;
  private final TreeSet<Long> damaged = new TreeSet<>();
  private boolean recordLost;
  private long said;

  /** What a truncation removes. */
  private record Truncation(long from) {}

  /** What a release gives up. */
  private record Release(long upTo) {}

  /** The replica is gone. */
  private record Removal() {}

  public SyncedImage(Verdict verdict, int member) {
    this.verdict = verdict;
    this.member = member;
  }

  /** What the image of a copy of the disk is. */
  public SyncedImage copy() {
    SyncedImage copy = new SyncedImage(verdict, member);
    copy.entries.addAll(entries);
    copy.saved = saved;
    copy.damaged.addAll(damaged);
    copy.recordLost = recordLost;
    copy.unsynced.addAll(unsynced);
    copy.released = released;
    copy.snapshot = snapshot;
    copy.snapshotStamp = snapshotStamp;
    copy.incarnation = incarnation;
    copy.said = said;
    return copy;
  }

  public void write(Entry entry) {
    unsynced.add(entry);
  }

  public void truncate(long from) {
    unsynced.add(new Truncation(from));
  }

  public void release(long upTo) {
    verdict.check(
        upTo <= snapshot,
        "IC25 ReleasedIsInSnapshot",
        () -> "member " + member + " gives up entries to " + upTo + "; its snapshot: " + snapshot);
    unsynced.add(new Release(upTo));
  }

  /** A snapshot is durable, as the newest one. */
  public void snapshot(Snapshots.Snapshot finished) {
    snapshot = finished.index();
    snapshotStamp = finished.stamp();
  }

  /** Up to which entry the durable snapshot goes; 0 if there is none. */
  public long snapshot() {
    return snapshot;
  }

  public void remove() {
    unsynced.add(new Removal());
  }

  public void save(byte[] record) {
    unsynced.add(record.clone());
  }

  /** All that was asked for is durable. */
  public void synced() {
    unsynced.forEach(this::apply);
    unsynced.clear();
  }

  private void apply(Object operation) {
    if (operation instanceof Entry entry) {
      if (entry.index() > released) {
        put(entries, entry);
        damaged.remove(entry.index());
      }
    } else if (operation instanceof Release release) {
      released = Math.max(released, release.upTo);
      giveUp(entries, released);
    } else if (operation instanceof Removal) {
      released = 0;
      snapshot = 0;
      snapshotStamp = Stamp.NONE;
      entries.clear();
      damaged.clear();
      saved = new byte[0];
      recordLost = false;
      incarnation = 0;
    } else if (operation instanceof Truncation truncation) {
      cut(entries, truncation.from);
      damaged.tailSet(truncation.from, true).clear();
    } else if (operation instanceof byte[] record) {
      saved = record;
      recordLost = false;
    } else {
      throw new AssertionError(operation);
    }
  }

  /** Whether no entry up to there is damaged, but for those in the snapshot. */
  boolean isWholeTo(long index) {
    return damaged.subSet(snapshot, false, Math.max(snapshot, index), true).isEmpty();
  }

  /** Whether that entry is there, and not damaged. */
  boolean isIntact(long index, Stamp stamp) {
    return holds(index, stamp) && !damaged.contains(index);
  }

  /** Whether the saved record was found damaged, and no other was saved since. */
  boolean isRecordLost() {
    return recordLost;
  }

  /** Whether the entry, with this stamp, is durable. A damaged one counts as held. */
  public boolean holds(Entry entry) {
    return holds(entry.index(), entry.stamp());
  }

  /** Whether there is an entry at that index with that stamp. */
  public boolean holds(long index, Stamp stamp) {
    Entry held = entry(index);
    return held != null && held.stamp().equals(stamp);
  }

  /** Up to which index entries were given up, durably; 0 if none were. */
  public long released() {
    return released;
  }

  /** The durable entry at that index; null if there is none. */
  public @Nullable Entry entry(long index) {
    return index < entries.size() ? entries.get((int) index) : null;
  }

  /** The index of the last durable entry, or of that of the snapshot; 0 if there is none. */
  public long last() {
    return Math.max(snapshot, entries.size() - 1);
  }

  /** Its stamp. */
  public Stamp lastStamp() {
    Entry last = entry(last());
    return last == null ? snapshotStamp : last.stamp();
  }

  public byte[] saved() {
    return recordLost ? new byte[0] : saved;
  }

  public long incarnation() {
    return incarnation;
  }

  /**
   * A restart has found that. It must be what was durable, and of the rest only what was asked for
   * first: a later write never survives without an earlier one.
   */
  public void found(LogStore.Group group) {
    LogStore.Recovered recovered = group.recovered();
    verdict.check(
        recovered.created() == (incarnation == 0)
            && (incarnation == 0 || incarnation == recovered.incarnation()),
        "IS3 DurableLog",
        () -> "member " + member + " restarts as another incarnation on the same disk");
    incarnation = recovered.incarnation();
    findSnapshot(group.snapshots());
    damaged.clear();
    damaged.addAll(recovered.faulty());
    recordLost = recovered.savedLost() != null;
    List<@Nullable Entry> onDisk = onDisk(group, recovered);
    byte[] record = recovered.saved();
    byte[] savedOnDisk = record == null ? new byte[0] : record;
    TreeSet<Long> found = new TreeSet<>(damaged);
    boolean lost = recordLost;
    boolean same = isSame(onDisk, savedOnDisk, found, lost);
    for (int i = 0; i < unsynced.size() && !same; i++) {
      apply(unsynced.get(i));
      same = isSame(onDisk, savedOnDisk, found, lost);
    }
    verdict.check(
        same,
        "IS3 DurableLog",
        () ->
            "member "
                + member
                + " restarts with entries "
                + (recovered.first() + " to " + recovered.last())
                + " and a record of "
                + savedOnDisk.length
                + " bytes, which is no state that was synced or later");
    unsynced.clear();
    damaged.clear();
    damaged.addAll(found);
    recordLost = lost; // It may be there again: a bit that flips twice.
  }

  /** What can be read; for what cannot, an entry with nothing but its stamp. */
  private static List<@Nullable Entry> onDisk(LogStore.Group group, LogStore.Recovered recovered) {
    ArrayList<@Nullable Entry> onDisk = new ArrayList<>();
    for (long index = recovered.first(); index <= recovered.last(); index++) {
      if (recovered.faulty().contains(index)) {
        Stamp stamp = stampAt(recovered, index);
        put(onDisk, new Entry(recovered.epoch(), index, Entry.Kind.BATCH, stamp, Payload.EMPTY));
        continue;
      }
      long[] last = {index}; // A hole; else the last entry before the next one.
      group.read(
          recovered.epoch(),
          index,
          recovered.faulty().isEmpty() ? Integer.MAX_VALUE : 0,
          entry -> {
            put(onDisk, entry);
            last[0] = entry.index();
            return true;
          });
      index = last[0];
    }
    return onDisk;
  }

  private static Stamp stampAt(LogStore.Recovered recovered, long index) {
    Stamp stamp = Stamp.NONE;
    for (LogStore.StampRun run : recovered.stamps()) {
      if (run.from() <= index) {
        stamp = run.stamp();
      }
    }
    return stamp;
  }

  private void findSnapshot(Snapshots snapshots) {
    try (Snapshots.Reader newest = snapshots.newest()) {
      long found = newest == null ? 0 : newest.snapshot().index();
      verdict.check(
          found >= snapshot,
          "IS3 DurableLog",
          () -> "member " + member + " finds a snapshot to " + found + ", not to " + snapshot);
      if (newest != null) {
        snapshot(newest.snapshot());
      }
    } catch (StorageException e) {
      return; // It is damaged, and got anew: until then the replica says nothing.
    }
  }

  /** The store says how far it is durable, now as in all lives before. */
  public void says(long durable) {
    verdict.check(
        durable >= said,
        "IS5 DurableGrows",
        () -> "member " + member + " says that it is durable up to " + durable + ", not " + said);
    said = durable;
  }

  /** An entry stands at its index; there is none at 0, and none behind the last. */
  private static void put(List<@Nullable Entry> list, Entry entry) {
    while (list.size() <= entry.index()) {
      list.add(null);
    }
    list.set((int) entry.index(), entry);
  }

  private static void cut(List<@Nullable Entry> list, long from) {
    int size = (int) Math.min(list.size(), from);
    while (size > 0 && list.get(size - 1) == null) {
      size--;
    }
    list.subList(size, list.size()).clear();
  }

  private static void giveUp(List<@Nullable Entry> list, long upTo) {
    for (int index = 0; index <= Math.min(upTo, list.size() - 1); index++) {
      list.set(index, null);
    }
    cut(list, list.size());
  }

  private boolean isSame(
      List<@Nullable Entry> onDisk, byte[] savedOnDisk, Set<Long> faulty, boolean lost) {
    if (entries.size() != onDisk.size() || !(lost || Arrays.equals(saved, savedOnDisk))) {
      return false;
    }
    for (int index = 0; index < onDisk.size(); index++) {
      Entry held = entries.get(index);
      Entry found = onDisk.get(index);
      boolean same =
          faulty.contains((long) index)
              ? held != null && found != null && held.stamp().equals(found.stamp())
              : Objects.equals(held, found);
      if (!same) {
        return false;
      }
    }
    return true;
  }
}
