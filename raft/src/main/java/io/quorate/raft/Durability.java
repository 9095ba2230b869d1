package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.LogView;
import java.util.Arrays;
import java.util.TreeMap;

/** How far the own log is durable: turns tickets into a log position. */
/* A ticket is a monotone write number. Between a write and its ticket the entry may be truncated and
 * another one written in its place (ABA, R12); so truncating forgets the waiting tickets of what it
 * removes, and a late ticket can only ever speak of entries that are still in the log. No term needs
 * to be kept beside a ticket: an index that still waits here was not rewritten since. Completions
 * are a running maximum, whatever their order (R11).
 *
 * An entry whose value is damaged on disk counts as not durable until a copy of it is (D8): then no
 * position is told above it, though all above is there.
 */
final class Durability {
  private static final int CAPACITY = 64;

  private long[] tickets = new long[CAPACITY];
  private long[] indexes = new long[CAPACITY];
  private final TreeMap<Long, Long> damaged = new TreeMap<>();
  private int head;
  private int size;
  private long position;
  private long reached;
  private long issued;

  /** Everything recovered is durable. */
  Durability(long recovered) {
    position = recovered;
  }

  /** The highest index such that all up to it are durable. */
  long position() {
    return damaged.isEmpty() ? position : Math.min(position, damaged.firstKey() - 1);
  }

  /** The value of an entry that was durable is damaged. */
  void damaged(long index) {
    damaged.put(index, LogView.NONE_FAULTY);
  }

  /** A copy of a damaged entry was written in its place. */
  void refilled(long ticket, long index) {
    Check.that(damaged.containsKey(index), "D8 only what is damaged is refilled", index, 0);
    issue(ticket);
    damaged.put(index, ticket);
  }

  /** Whether all writes up to this ticket are durable. */
  boolean covers(long ticket) {
    return ticket <= reached;
  }

  /** A record that is not an entry was saved. */
  void saved(long ticket) {
    issue(ticket);
  }

  /** The entry at {@code index}, the last one, was written. */
  void written(long ticket, long index) {
    issue(ticket);
    Check.that(size == 0 || index > indexes[at(size - 1)], "IR2 entries are written in order");
    if (size == tickets.length) {
      grow();
    }
    tickets[at(size)] = ticket;
    indexes[at(size)] = index;
    size++;
  }

  /** The entries from {@code from} on were removed. */
  void truncated(long ticket, long from) {
    issue(ticket);
    while (size > 0 && indexes[at(size - 1)] >= from) {
      size--;
    }
    position = Math.min(position, from - 1);
    damaged.tailMap(from, true).clear();
  }

  /** All up to {@code base} is durable, in a snapshot. */
  void rebased(long base) {
    while (size > 0 && indexes[head] <= base) {
      head = (head + 1) % tickets.length;
      size--;
    }
    position = Math.max(position, base);
    damaged.headMap(base, true).clear();
  }

  /** All writes up to this ticket are durable. */
  void durable(long ticket) {
    Check.that(ticket <= issued, "ID1 only a ticket that was issued is reported", ticket, issued);
    reached = Math.max(reached, ticket);
    damaged.values().removeIf(refill -> refill <= reached);
    while (size > 0 && tickets[head] <= reached) {
      Check.that(indexes[head] > position, "R11 the durable position advances");
      position = indexes[head];
      head = (head + 1) % tickets.length;
      size--;
    }
  }

  private void issue(long ticket) {
    Check.that(ticket > issued, "a ticket is a monotone write number", ticket, issued);
    issued = ticket;
  }

  private int at(int place) {
    return (head + place) % tickets.length;
  }

  private void grow() {
    tickets = unrolled(tickets);
    indexes = unrolled(indexes);
    head = 0;
  }

  private long[] unrolled(long[] ring) {
    long[] larger = Arrays.copyOfRange(ring, head, head + 2 * ring.length);
    System.arraycopy(ring, 0, larger, ring.length - head, head);
    return larger;
  }
}
