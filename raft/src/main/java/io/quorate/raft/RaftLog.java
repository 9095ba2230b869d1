package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Formation;
import io.quorate.spi.LogView;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import org.jspecify.annotations.Nullable;

/** The replica's log, in terms: what is written, what of it is durable, how two logs compare. */
final class RaftLog {
  private final long epoch;
  private final LogView view;
  private final Formation formation;
  private final Durability disk;

  RaftLog(long epoch, LogView view, Formation formation) {
    this.epoch = epoch;
    this.view = view;
    this.formation = formation;
    disk = new Durability(view.last());
    for (long index = view.firstFaulty(); index <= view.last(); index++) {
      if (view.isFaulty(index)) {
        disk.damaged(index);
      }
    }
  }

  long epoch() {
    return epoch;
  }

  /** All up to there is in a snapshot, committed and not looked at any more; 0 at first. */
  long base() {
    return view.base().index();
  }

  /** The last index written, durable or not; that of the base if there is none. */
  long last() {
    return view.last();
  }

  long lastTerm() {
    return termAt(view.last());
  }

  /** Of an entry from the base on; 0 for index 0. */
  long termAt(long index) {
    return view.stampAt(index).high();
  }

  /** Null if it has to be fetched. */
  @Nullable Entry resident(long index) {
    return view.resident(index);
  }

  /** Whether that entry stands in this log, damaged or not. */
  boolean holds(Entry entry) {
    return entry.epoch() == epoch && holds(entry.index(), entry.stamp().high());
  }

  /** Whether there is an entry of that term at that index. */
  boolean holds(long index, long term) {
    return view.holds(index) && termAt(index) == term;
  }

  /** Whether the entry's value is damaged here; {@link #refill} mends that. */
  boolean isFaulty(long index) {
    return view.isFaulty(index);
  }

  /** The lowest index that {@link #isFaulty}; {@link LogView#NONE_FAULTY} if none is. */
  long firstFaulty() {
    return view.firstFaulty();
  }

  /** Puts a copy in the place of an entry that is damaged here (D8). */
  void refill(Entry entry, Effects<RaftMessage> out) {
    Check.that(holds(entry), "D8 a copy has the same index and term", entry.index(), last());
    disk.refilled(out.write(entry), entry.index());
    if (entry.kind() == Entry.Kind.FOUNDING) {
      formation.adopt(entry);
    }
  }

  Durability disk() {
    return disk;
  }

  /** §3.6.1: whether this log, as written (D11), is more up to date than one that ends there. */
  boolean isNewerThan(long lastTerm, long lastIndex) {
    long own = lastTerm();
    return own != lastTerm ? own > lastTerm : last() > lastIndex;
  }

  /** The lowest index in low..high whose term is at least that; high + 1 if there is none. */
  long firstOfTerm(long least, long low, long high) {
    long from = low;
    long to = high + 1;
    while (from < to) {
      long middle = (from + to) >>> 1;
      if (termAt(middle) >= least) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  /** Writes the next entry of a leader. */
  Entry append(long term, Entry.Kind kind, Payload value, Effects<RaftMessage> out) {
    Entry entry = new Entry(epoch, last() + 1, kind, new Stamp(term, 0), value);
    write(entry, out);
    return entry;
  }

  void write(Entry entry, Effects<RaftMessage> out) {
    Check.that(entry.index() == last() + 1, "IR3 logs have no holes", entry.index(), last());
    Check.that(entry.epoch() == epoch, "a log is one epoch's", entry.epoch(), epoch);
    Check.that(
        entry.stamp().high() >= lastTerm(),
        "IR3 terms in a log never decrease",
        entry.stamp().high(),
        lastTerm());
    disk.written(out.write(entry), entry.index());
    if (entry.kind() == Entry.Kind.FOUNDING) {
      formation.adopt(entry);
    }
  }

  void truncate(long from, Effects<RaftMessage> out) {
    Check.that(from > 1, "the founding entry is never removed", from, 1);
    Check.that(from <= last(), "only what is there is removed", from, last());
    disk.truncated(out.truncate(from), from);
  }

  /** The log begins further on; what was not written behind its base goes (N1). */
  void rebased(boolean continued, Effects<RaftMessage> out) {
    disk.rebased(base());
    if (!continued && last() > base()) {
      truncate(base() + 1, out);
    }
  }

  /**
   * Whether the log proves that all founding voters held FOUNDING once: it holds an entry that only
   * an opened leader writes. Before that each term has at most its leader's LEAD, so any entry
   * above the second with the term of the one before it is such an entry. So is a command, and
   * there is no snapshot without one.
   */
  boolean provesFormation() {
    if (base() > 0) {
      return true;
    }
    for (long index = 3; index <= last(); index++) {
      if (termAt(index) == termAt(index - 1)) {
        return true;
      }
    }
    return false;
  }
}
