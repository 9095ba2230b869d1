package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member's disk must hold, because a sync that covers it has returned; kept beside the
 * store, from what was asked of it. Every restart compares the two.
 */
public final class SyncedImage {
  private final Verdict verdict;
  private final int member;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private byte[] saved = {};
  private final List<Object> unsynced = new ArrayList<>();
  private long incarnation;
  private boolean faulty;

  /** What a truncation removes. */
  private record Truncation(long from) {}

  public SyncedImage(Verdict verdict, int member) {
    this.verdict = verdict;
    this.member = member;
  }

  /** What the image of a copy of the disk is. */
  public SyncedImage copy() {
    SyncedImage copy = new SyncedImage(verdict, member);
    copy.entries.putAll(entries);
    copy.saved = saved;
    copy.unsynced.addAll(unsynced);
    copy.incarnation = incarnation;
    return copy;
  }

  public void write(Entry entry) {
    unsynced.add(entry);
  }

  public void truncate(long from) {
    unsynced.add(new Truncation(from));
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
      entries.put(entry.index(), entry);
    } else if (operation instanceof Truncation truncation) {
      entries.tailMap(truncation.from, true).clear();
    } else if (operation instanceof byte[] record) {
      saved = record;
    } else {
      throw new AssertionError(operation);
    }
  }

  /** Whether the entry, with this stamp, is durable. */
  public boolean holds(Entry entry) {
    Entry held = entries.get(entry.index());
    return held != null && held.stamp().equals(entry.stamp());
  }

  /** Whether there is an entry at that index with that stamp. */
  public boolean holds(long index, Stamp stamp) {
    Entry held = entries.get(index);
    return held != null && held.stamp().equals(stamp);
  }

  /** The durable entry at that index; null if there is none. */
  public @Nullable Entry entry(long index) {
    return entries.get(index);
  }

  /** The index of the last durable entry; 0 if there is none. */
  public long last() {
    return entries.isEmpty() ? 0 : entries.lastKey();
  }

  /** Its stamp. */
  public Stamp lastStamp() {
    return entries.isEmpty() ? Stamp.NONE : entries.lastEntry().getValue().stamp();
  }

  public byte[] saved() {
    return saved;
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
    faulty = !recovered.faulty().isEmpty();
    if (faulty) {
      return; // Said loudly; whoever starts with that log all the same is to blame.
    }
    verdict.check(
        recovered.created() == (incarnation == 0)
            && (incarnation == 0 || incarnation == recovered.incarnation()),
        "DurableLog",
        () -> "member " + member + " restarts as another incarnation on the same disk");
    incarnation = recovered.incarnation();
    TreeMap<Long, Entry> onDisk = new TreeMap<>();
    group.read(
        recovered.epoch(),
        recovered.first(),
        Integer.MAX_VALUE,
        entry -> onDisk.put(entry.index(), entry) == null);
    byte[] record = recovered.saved();
    byte[] savedOnDisk = record == null ? new byte[0] : record;
    boolean same = isSame(onDisk, savedOnDisk);
    for (int i = 0; i < unsynced.size() && !same; i++) {
      apply(unsynced.get(i));
      same = isSame(onDisk, savedOnDisk);
    }
    verdict.check(
        same,
        "DurableLog",
        () ->
            "member "
                + member
                + " restarts with entries "
                + onDisk.keySet()
                + " and a record of "
                + savedOnDisk.length
                + " bytes, which is no state that was synced or later");
    unsynced.clear();
  }

  /** Whether the last restart has found entries that cannot be read. */
  public boolean isFaulty() {
    return faulty;
  }

  private boolean isSame(Map<Long, Entry> onDisk, byte[] savedOnDisk) {
    return Arrays.equals(saved, savedOnDisk) && entries.equals(onDisk);
  }
}
