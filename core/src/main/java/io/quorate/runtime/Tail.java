package io.quorate.runtime;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogView;
import io.quorate.spi.Stamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The written log as the loop sees it: the stamps of all entries, and the newest entries themselves
 * up to a bound. Older ones are read from the store. Loop only.
 */
final class Tail implements LogView {
  private final long bytesMax;
  private long first;
  private long last;

  // entries[index & mask] and tickets[...] for indexes in [residentFrom, last]
  private @Nullable Entry[] entries = new @Nullable Entry[64];
  private long[] tickets = new long[64];
  private long residentFrom;
  private long bytes;
  private long durableTicket;

  // All entries from runFrom[i] up to the next run carry runStamp[i].
  private long[] runFrom = new long[16];
  private Stamp[] runStamp = new Stamp[16];
  private int runs;

  Tail(LogStore.Recovered recovered, long bytesMax) {
    this.bytesMax = bytesMax;
    first = recovered.first();
    last = recovered.last();
    residentFrom = last + 1;
    for (LogStore.StampRun run : recovered.stamps()) {
      addRun(run.from(), run.stamp());
    }
  }

  @Override
  public long first() {
    return first;
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public boolean holds(long index) {
    return index >= first && index <= last;
  }

  @Override
  public Stamp stampAt(long index) {
    if (index == 0) {
      return Stamp.NONE;
    }
    Check.that(holds(index), "IC4 a stamp is asked of an entry that is held", index, last);
    int run = runs - 1;
    while (runFrom[run] > index) {
      run--;
    }
    return runStamp[run];
  }

  @Override
  public @Nullable Entry resident(long index) {
    return index >= residentFrom && index <= last ? entries[slot(index)] : null;
  }

  /** Takes in the next entry, which is being written under a ticket. */
  void append(Entry entry, long ticket) {
    Check.that(entry.index() == last + 1, "IC4 an entry follows the last one", entry.index(), last);
    if (last - residentFrom + 1 >= entries.length - 1) {
      grow();
    }
    last = entry.index();
    entries[slot(last)] = entry;
    tickets[slot(last)] = ticket;
    bytes += entry.weight();
    if (runs == 0 || !runStamp[runs - 1].equals(entry.stamp())) {
      addRun(last, entry.stamp());
    }
    evict();
  }

  /** Forgets all entries from {@code from} on. */
  void truncate(long from) {
    Check.that(from >= first && from <= last, "IC4 what is truncated is held", from, last);
    for (long index = Math.max(from, residentFrom); index <= last; index++) {
      Entry gone = entries[slot(index)];
      if (gone != null) {
        bytes -= gone.weight();
      }
      entries[slot(index)] = null;
    }
    last = from - 1;
    residentFrom = Math.min(residentFrom, from);
    while (runs > 0 && runFrom[runs - 1] >= from) {
      runs--;
    }
  }

  /** All writes up to the ticket are on disk, so their entries may leave memory. */
  void durable(long ticket) {
    durableTicket = ticket;
    evict();
  }

  private void evict() {
    while (bytes > bytesMax
        && residentFrom < last
        && tickets[slot(residentFrom)] <= durableTicket) {
      Entry oldest = entries[slot(residentFrom)];
      if (oldest != null) {
        bytes -= oldest.weight();
      }
      entries[slot(residentFrom++)] = null;
    }
  }

  private void addRun(long from, Stamp stamp) {
    if (runs == runFrom.length) {
      runFrom = Arrays.copyOf(runFrom, runs * 2);
      runStamp = Arrays.copyOf(runStamp, runs * 2);
    }
    runFrom[runs] = from;
    runStamp[runs++] = stamp;
  }

  private void grow() {
    @Nullable Entry[] larger = new @Nullable Entry[entries.length * 2];
    long[] largerTickets = new long[larger.length];
    for (long index = residentFrom; index <= last; index++) {
      int slot = (int) (index & (larger.length - 1));
      larger[slot] = entries[slot(index)];
      largerTickets[slot] = tickets[slot(index)];
    }
    entries = larger;
    tickets = largerTickets;
  }

  private int slot(long index) {
    return (int) (index & (entries.length - 1));
  }
}
