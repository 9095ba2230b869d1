package io.quorate.paxos;

import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Formation;
import io.quorate.spi.LogView;
import io.quorate.spi.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * The replica's log, in slots: what was accepted last in each, written at any place, with holes.
 */
final class Slots {
  private final long epoch;
  private final LogView view;
  private final Formation formation;

  Slots(long epoch, LogView view, Formation formation) {
    this.epoch = epoch;
    this.view = view;
    this.formation = formation;
  }

  /** All slots up to there are chosen, and in a snapshot: nothing is held in them; 0 at first. */
  long base() {
    return view.base().index();
  }

  /** The highest slot that holds anything; that of the base if none does. */
  long last() {
    return view.last();
  }

  /** Whether there is a value in the slot, and it is not damaged. */
  boolean holds(long slot) {
    return view.holds(slot) && !view.isFaulty(slot);
  }

  /** Whether the slot's value was accepted in exactly that ballot, and is not damaged. */
  boolean holds(long slot, Stamp ballot) {
    return holds(slot) && view.stampAt(slot).equals(ballot);
  }

  /** Whether there was a value in the slot, which is damaged on disk. */
  boolean isFaulty(long slot) {
    return view.isFaulty(slot);
  }

  /** The lowest slot that {@link #isFaulty}; {@link LogView#NONE_FAULTY} if none is. */
  long firstFaulty() {
    return view.firstFaulty();
  }

  /** The ballot of the slot's value, damaged or not; NONE if it is empty. */
  Ballot ballotAt(long slot) {
    return view.holds(slot) ? Ballot.of(view.stampAt(slot)) : Ballot.NONE;
  }

  /** The value of a slot that is held; null if it has to be fetched. */
  @Nullable Entry resident(long slot) {
    return view.resident(slot);
  }

  Entry entry(long slot, Entry content, Stamp ballot) {
    return new Entry(epoch, slot, content.kind(), ballot, content.value());
  }

  long epoch() {
    return epoch;
  }

  /**
   * Puts a value into its slot, in place of one of a lower ballot, or of its own if that is
   * damaged; returns the ticket.
   */
  long write(Entry entry, Effects<PaxosMessage> out) {
    Check.that(entry.epoch() == epoch, "a log is one epoch's", entry.epoch(), epoch);
    Ballot ballot = Ballot.of(entry.stamp());
    Ballot held = ballotAt(entry.index());
    Check.that(
        ballot.isAbove(held) || (isFaulty(entry.index()) && ballot.equals(held)),
        "IP9 a slot is written again under a higher ballot only",
        entry.index(),
        entry.stamp().high());
    Check.that(
        (entry.kind() == Entry.Kind.FOUNDING) == (entry.index() == 1),
        "the founding entry is the first",
        entry.index(),
        1);
    long ticket = out.write(entry);
    if (entry.kind() == Entry.Kind.FOUNDING) {
      formation.adopt(entry);
    }
    return ticket;
  }

  /** The highest ballot of all values, which was promised, whatever the saved record says. */
  Ballot highest() {
    Ballot highest = Ballot.NONE;
    for (long slot = view.first(); slot <= view.last(); slot++) {
      highest = Synod.raised(highest, ballotAt(slot));
    }
    return highest;
  }
}
