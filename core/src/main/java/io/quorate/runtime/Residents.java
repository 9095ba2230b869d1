package io.quorate.runtime;

import io.quorate.spi.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are in memory, by index, and in the order in which they were written. Loop only.
 */
/* A hash table without boxing: the lowest bits of an index are its bucket, which in a log without
 * holes is a place of its own for each of the newest entries. Holes cost nothing. An entry that is
 * written again takes the place of the one before and goes to the end of the order, so the old
 * write's ticket says nothing about it any more.
 *
 * What leaves points at nothing: a collector that has moved it to the old generation would find all
 * that came after it alive through it, dead or not, until it collects the old generation.
 */
final class Residents {
  private static final int BUCKETS_MIN = 64;

  private @Nullable Resident[] buckets = new @Nullable Resident[BUCKETS_MIN];
  private int count;
  private long bytes;
  private @Nullable Resident oldest;
  private @Nullable Resident newest;

  /** An entry's place, in its bucket and in the order. */
  static final class Resident {
    final Entry entry;
    final long ticket;
    private @Nullable Resident nextInBucket;
    private @Nullable Resident older;
    private @Nullable Resident newer;

    Resident(Entry entry, long ticket) {
      this.entry = entry;
      this.ticket = ticket;
    }

    /** Whether it leads to any other. */
    boolean isLinked() {
      return nextInBucket != null || older != null || newer != null;
    }

    private void unlink() {
      nextInBucket = null;
      older = null;
      newer = null;
    }
  }

  @Nullable Entry get(long index) {
    Resident found = find(index);
    return found == null ? null : found.entry;
  }

  /** The ticket of the write of that entry; 0 if it is not in memory. */
  long ticket(long index) {
    Resident found = find(index);
    return found == null ? 0 : found.ticket;
  }

  @Nullable Resident find(long index) {
    Resident found = buckets[bucket(index)];
    while (found != null && found.entry.index() != index) {
      found = found.nextInBucket;
    }
    return found;
  }

  /** Takes in an entry, in place of any other with its index. */
  void put(Entry entry, long ticket) {
    remove(entry.index());
    if (count == buckets.length) {
      grow();
    }
    Resident added = new Resident(entry, ticket);
    addToBucket(added);
    Resident before = newest;
    added.older = before;
    if (before == null) {
      oldest = added;
    } else {
      before.newer = added;
    }
    newest = added;
    count++;
    bytes += entry.weight();
  }

  void remove(long index) {
    int bucket = bucket(index);
    Resident before = null;
    Resident gone = buckets[bucket];
    while (gone != null && gone.entry.index() != index) {
      before = gone;
      gone = gone.nextInBucket;
    }
    if (gone == null) {
      return;
    }
    if (before == null) {
      buckets[bucket] = gone.nextInBucket;
    } else {
      before.nextInBucket = gone.nextInBucket;
    }
    unlink(gone);
    count--;
    bytes -= gone.entry.weight();
  }

  /** Removes all up to and with that index. */
  void removeTo(long index) {
    for (Resident one = oldest; one != null; ) {
      Resident newer = one.newer;
      if (one.entry.index() <= index) {
        remove(one.entry.index());
      }
      one = newer;
    }
  }

  /**
   * Lets the oldest go until those that stay have at most {@code bytesMax}; none from the index
   * {@code wanted} on, none whose ticket is above {@code durable}, and never the newest.
   */
  void evict(long bytesMax, long wanted, long durable) {
    Resident first = oldest;
    while (bytes > bytesMax
        && first != null
        && first != newest
        && first.entry.index() < wanted
        && first.ticket <= durable) {
      remove(first.entry.index());
      first = oldest;
    }
  }

  private void unlink(Resident gone) {
    Resident older = gone.older;
    Resident newer = gone.newer;
    gone.unlink();
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
  }

  private void grow() {
    buckets = new @Nullable Resident[buckets.length * 2];
    for (Resident one = oldest; one != null; one = one.newer) {
      addToBucket(one);
    }
  }

  private void addToBucket(Resident added) {
    int bucket = bucket(added.entry.index());
    added.nextInBucket = buckets[bucket];
    buckets[bucket] = added;
  }

  private int bucket(long index) {
    return (int) (index & (buckets.length - 1));
  }
}
