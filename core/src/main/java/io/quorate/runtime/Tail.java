package io.quorate.runtime;

import io.quorate.spi.Base;
import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogView;
import io.quorate.spi.Stamp;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The written log as the loop sees it: the stamps of all entries, and the entries themselves that
 * were written last, up to a bound. The others are read from the store. Loop only.
 */
final class Tail implements LogView {
  /** Entries that nobody wants stay as well, up to this part of the bound. */
  private static final int SPARE = 4;

  private final long bytesMax;
  private final StampRuns stamps;
  private final Residents residents = new Residents();
  private final TreeSet<Long> faulty;
  private long durableTicket;
  private long wanted;
  private Base base = Base.NONE;

  Tail(LogStore.Recovered recovered, long bytesMax) {
    this.bytesMax = bytesMax;
    stamps = new StampRuns(recovered.stamps(), recovered.last());
    faulty = new TreeSet<>(recovered.faulty());
    Check.that(
        first() == recovered.first(),
        "IC4 a log begins with its first stamp",
        first(),
        recovered.first());
  }

  @Override
  public Base base() {
    return base;
  }

  @Override
  public long first() {
    return stamps.first();
  }

  @Override
  public long last() {
    return stamps.last();
  }

  @Override
  public boolean holds(long index) {
    return !stamps.at(index).equals(Stamp.NONE);
  }

  @Override
  public Stamp stampAt(long index) {
    Stamp stamp = index == base.index() ? base.stamp() : stamps.at(index);
    Check.that(
        index == 0 || !stamp.equals(Stamp.NONE),
        "IC4 a stamp is asked of an entry that is held",
        index,
        last());
    return stamp;
  }

  @Override
  public @Nullable Entry resident(long index) {
    return residents.get(index);
  }

  /** Whether what was written there last is on disk. */
  boolean isDurable(long index) {
    return residents.ticket(index) <= durableTicket;
  }

  @Override
  public boolean isFaulty(long index) {
    return !faulty.isEmpty() && faulty.contains(index);
  }

  @Override
  public long firstFaulty() {
    return faulty.isEmpty() ? NONE_FAULTY : faulty.first();
  }

  /** Whether all entries from {@code low} to {@code high} are held, and none is faulty. */
  boolean isWhole(long low, long high) {
    long from = Math.max(low, base.index() + 1);
    Long damaged = faulty.isEmpty() ? null : faulty.ceiling(from);
    return stamps.isWhole(from, high) && (damaged == null || damaged > high);
  }

  /**
   * An entry could not be read from disk.
   *
   * @return whether that is news: false if it has been written again meanwhile, or removed
   */
  boolean damaged(long index) {
    return holds(index) && resident(index) == null && faulty.add(index);
  }

  /** The highest index held of at most that; {@code first() - 1} if there is none. */
  long heldUpTo(long index) {
    return stamps.heldUpTo(index);
  }

  /**
   * Forgets all up to an entry that a snapshot includes.
   *
   * @return whether what is left was written behind that very entry
   */
  boolean rebase(Base to) {
    Check.that(to.index() > base.index(), "IC4 a base moves up", to.index(), base.index());
    boolean continued =
        to.index() < first()
            || stamps.at(to.index()).equals(to.stamp()); // Released before, or now.
    residents.removeTo(to.index());
    stamps.release(to.index());
    faulty.headSet(to.index(), true).clear();
    base = to;
    return continued;
  }

  /** Takes in an entry, which is being written under a ticket, at any index above the base. */
  void write(Entry entry, long ticket) {
    Check.that(entry.index() > base.index(), "IC4 no entry is below", entry.index(), base.index());
    stamps.set(entry.index(), entry.stamp());
    if (!faulty.isEmpty()) {
      faulty.remove(entry.index());
    }
    residents.put(entry, ticket);
    evict();
  }

  /** Forgets all entries from {@code from} on. */
  void truncate(long from) {
    Check.that(from >= first() && from <= last(), "IC4 what is truncated is held", from, last());
    for (long index = from; index <= last(); index++) {
      residents.remove(index);
    }
    stamps.truncate(from);
    faulty.tailSet(from, true).clear();
  }

  /**
   * All writes up to the ticket are on disk, so their entries may leave memory.
   *
   * @param wanted the lowest index of those that somebody lacks: they stay as long as the bound
   *     lets them, those below it only while all together are few
   */
  void durable(long ticket, long wanted) {
    durableTicket = ticket;
    this.wanted = wanted;
    evict();
  }

  private void evict() {
    residents.evict(bytesMax / SPARE, wanted, durableTicket);
    residents.evict(bytesMax, Long.MAX_VALUE, durableTicket);
  }
}
