package io.quorate.testkit.engine;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One engine's disk: what is durable, what of that is damaged, and what is on its way to it. */
final class EngineDisk {
  /** A write on its way: an entry, or a record, or, without either, a truncation. */
  private record Write(long ticket, long from, @Nullable Entry entry, byte @Nullable [] record) {}

  private final TreeMap<Long, Entry> durable = new TreeMap<>();
  private final TreeSet<Long> spoiled = new TreeSet<>();
  private final ArrayDeque<Write> waiting = new ArrayDeque<>();
  private byte @Nullable [] saved;
  private boolean savedLost;
  private long base;
  private long nextTicket = 1;

  /** What is there before the first start. */
  void put(byte[] record, List<Entry> entries) {
    saved = record;
    durable.clear();
    entries.forEach(entry -> durable.put(entry.index(), entry));
  }

  // ---- writing ----

  long write(Entry entry) {
    return add(0, entry, null);
  }

  long truncate(long from) {
    return add(from, null, null);
  }

  long save(byte[] record) {
    return add(0, null, record);
  }

  private long add(long from, @Nullable Entry entry, byte @Nullable [] record) {
    waiting.add(new Write(nextTicket, from, entry, record));
    return nextTicket++;
  }

  /** How many writes are not durable. */
  int waiting() {
    return waiting.size();
  }

  boolean isBeingWritten(long index) {
    for (Write write : waiting) {
      Entry entry = write.entry();
      if (entry != null && entry.index() == index) {
        return true;
      }
    }
    return false;
  }

  /**
   * The first so many writes become durable.
   *
   * @param withHoles whether a log may have any
   * @return the last one's ticket; 0 if there was none
   */
  long sync(int writes, boolean withHoles) {
    long ticket = 0;
    for (int i = 0; i < writes && !waiting.isEmpty(); i++) {
      Write write = waiting.removeFirst();
      persist(write, withHoles);
      ticket = write.ticket();
    }
    return ticket;
  }

  private void persist(Write write, boolean withHoles) {
    byte[] record = write.record();
    Entry entry = write.entry();
    if (record != null) {
      saved = record;
      savedLost = false;
    } else if (entry != null) {
      long end = durable.isEmpty() ? base : durable.lastKey();
      Check.that(
          withHoles || entry.index() == end + 1 || spoiled.contains(entry.index()),
          "a log without holes is in order");
      durable.put(entry.index(), entry);
      spoiled.remove(entry.index());
    } else {
      durable.tailMap(write.from(), true).clear();
      spoiled.tailSet(write.from(), true).clear();
    }
  }

  /** What waits is lost, but for the first so many writes. */
  void crash(int survive, boolean withHoles) {
    sync(survive, withHoles);
    waiting.clear();
  }

  /** All up to there is in a snapshot. */
  void rebase(long index) {
    base = index;
    durable.headMap(index, true).clear();
  }

  // ---- damage ----

  /** From now on the value of that durable entry is damaged. */
  void spoil(long index) {
    Check.that(durable.containsKey(index), "what is spoiled is durable", index, 0);
    spoiled.add(index);
  }

  /** {@link #spoil}s the one that is that far behind the first, if there are so many. */
  void spoilAt(int place) {
    durable.keySet().stream().skip(place).findFirst().ifPresent(this::spoil);
  }

  /** That one can be read again. */
  void mend(long index) {
    spoiled.remove(index);
  }

  boolean isSpoiled(long index) {
    return spoiled.contains(index);
  }

  Collection<Long> spoiled() {
    return spoiled;
  }

  void loseRecord() {
    Check.that(saved != null, "what is lost was saved");
    saved = null;
    savedLost = true;
  }

  // ---- what a restart finds ----

  byte @Nullable [] saved() {
    return saved;
  }

  boolean isRecordLost() {
    return savedLost;
  }

  SortedMap<Long, Entry> durable() {
    return durable;
  }
}
