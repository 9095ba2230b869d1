package io.quorate.runtime;

import io.quorate.spi.Check;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Stamp;
import java.util.Arrays;
import java.util.List;

/**
 * The stamps of all entries that a log holds, as runs of indexes with one stamp; indexes below the
 * last one without a stamp are holes. Loop only.
 */
/* Sorted arrays: a log has few runs, one for each term or ballot, and one for each hole. Adding at the
 * end costs nothing; a change further in moves the runs behind it.
 *
 * Run i goes from from[i] to just before from[i + 1], the last one to last. No two neighbours have
 * the same stamp, and neither the first run nor the last one is a hole.
 */
final class StampRuns {
  private long[] from = new long[16];
  private Stamp[] stamps = new Stamp[16];
  private int size;
  private long last;

  /** As they were recovered; {@code last} counts where there are none. */
  StampRuns(List<StampRun> recovered, long last) {
    for (StampRun run : recovered) {
      insert(size, run.from(), run.stamp());
    }
    this.last = last;
    Check.that(
        size == 0 || (isHeld(0) && isHeld(size - 1) && from[size - 1] <= last),
        "IC4 no log begins or ends with a hole",
        size,
        last);
  }

  /** The lowest index with a stamp; {@code last() + 1} if there is none. */
  long first() {
    return size == 0 ? last + 1 : from[0];
  }

  /** The highest index with a stamp; if there is none, where the next one is expected, less 1. */
  long last() {
    return last;
  }

  /** The stamp at that index; {@link Stamp#NONE} in a hole and outside of first to last. */
  Stamp at(long index) {
    return index < first() || index > last ? Stamp.NONE : stamps[runOf(index)];
  }

  /** Whether all indexes from {@code low} to {@code high} have a stamp. */
  boolean isWhole(long low, long high) {
    if (low > high) {
      return true;
    }
    if (low < first() || high > last) {
      return false;
    }
    for (int run = runOf(low); run < size && from[run] <= high; run++) {
      if (!isHeld(run)) {
        return false;
      }
    }
    return true;
  }

  /** The highest index of at most that with a stamp; {@code first() - 1} if there is none. */
  long heldUpTo(long index) {
    long top = Math.min(index, last);
    if (top < first()) {
      return first() - 1;
    }
    int run = runOf(top);
    return isHeld(run) ? top : from[run] - 1;
  }

  /** Gives an index a stamp, in place of the one that it has. */
  void set(long index, Stamp stamp) {
    Check.that(index > 0 && !stamp.equals(Stamp.NONE), "IC4 an entry has a stamp", index, last);
    if (size == 0 || index > last) {
      append(index, stamp);
    } else if (index < from[0]) {
      prepend(index, stamp);
    } else {
      int run = runOf(index);
      if (!stamps[run].equals(stamp)) {
        replace(run, index, stamp);
      }
    }
  }

  /** Forgets all from {@code index} on. */
  void truncate(long index) {
    last = Math.min(last, index - 1);
    while (size > 0 && from[size - 1] > last) {
      size--;
    }
    if (size > 0 && !isHeld(size - 1)) {
      last = from[--size] - 1;
    }
  }

  /** Forgets all up to and with {@code index}; if nothing is left, the next one comes there. */
  void release(long index) {
    int gone = 0;
    while (gone < size && (gone + 1 < size ? from[gone + 1] - 1 : last) <= index) {
      gone++;
    }
    remove(0, gone);
    if (size > 0 && from[0] <= index) {
      from[0] = index + 1;
    }
    if (size > 0 && !isHeld(0)) {
      remove(0, 1);
    }
    last = Math.max(last, index);
  }

  private void append(long index, Stamp stamp) {
    if (size > 0 && index > last + 1) {
      insert(size, last + 1, Stamp.NONE);
    }
    if (size == 0 || !stamps[size - 1].equals(stamp)) {
      insert(size, index, stamp);
    }
    last = index;
  }

  private void prepend(long index, Stamp stamp) {
    if (index + 1 < from[0]) {
      insert(0, index + 1, Stamp.NONE);
    }
    if (index + 1 == from[0] && stamps[0].equals(stamp)) {
      from[0] = index;
    } else {
      insert(0, index, stamp);
    }
  }

  /** Cuts the index out of its run, and lets it join a neighbour with the same stamp. */
  private void replace(int run, long index, Stamp stamp) {
    long low = from[run];
    long high = run + 1 < size ? from[run + 1] - 1 : last;
    boolean joinsLeft = index == low && run > 0 && stamps[run - 1].equals(stamp);
    boolean joinsRight = index == high && run + 1 < size && stamps[run + 1].equals(stamp);
    if (index < high) {
      insert(run + 1, index + 1, stamps[run]);
    }
    if (joinsRight) {
      from[run + 1] = index;
    } else if (!joinsLeft) {
      insert(run + 1, index, stamp);
    }
    if (index == low) {
      remove(run, joinsLeft && joinsRight ? 2 : 1);
    }
  }

  private boolean isHeld(int run) {
    return !stamps[run].equals(Stamp.NONE);
  }

  /** The run with that index, which is in one. */
  private int runOf(long index) {
    if (index >= from[size - 1]) {
      return size - 1; // What is asked for most.
    }
    int found = Arrays.binarySearch(from, 0, size, index);
    return found >= 0 ? found : -found - 2;
  }

  private void insert(int at, long index, Stamp stamp) {
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      stamps = Arrays.copyOf(stamps, size * 2);
    }
    System.arraycopy(from, at, from, at + 1, size - at);
    System.arraycopy(stamps, at, stamps, at + 1, size - at);
    from[at] = index;
    stamps[at] = stamp;
    size++;
  }

  private void remove(int at, int count) {
    System.arraycopy(from, at + count, from, at, size - at - count);
    System.arraycopy(stamps, at + count, stamps, at, size - at - count);
    size -= count;
  }
}
