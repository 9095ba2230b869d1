package io.quorate.paxos;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The window of slots that a leader has proposed in: who has accepted which, in its ballot. */
final class Proposals {
  private final int voters;
  private @Nullable Entry[] entries = new Entry[64];
  private int[] acceptedBy = new int[64];
  private boolean[] chosen = new boolean[64];
  private long first;
  private long next;

  Proposals(long first, int voters) {
    this.first = first;
    this.voters = voters;
    next = first;
  }

  /** The lowest slot that is not chosen; {@link #next} if all are. */
  long first() {
    return first;
  }

  /** The slot of the next proposal. */
  long next() {
    return next;
  }

  void add(Entry entry) {
    Check.that(entry.index() == next, "a leader fills slot after slot", entry.index(), next);
    int at = place();
    entries[at] = entry;
    chosen[at] = false;
  }

  /** The next slot needs no proposal. */
  void addChosen() {
    int at = place();
    entries[at] = null;
    chosen[at] = true;
  }

  private int place() {
    if (next - first == entries.length) {
      grow();
    }
    int at = at(next++);
    acceptedBy[at] = 0;
    return at;
  }

  /** The proposal in a slot, if that acceptor is not known to have accepted it; else null. */
  @Nullable Entry lackedBy(int place, long slot) {
    boolean has = slot < first || slot >= next || (acceptedBy[at(slot)] & 1 << place) != 0;
    return has ? null : entries[at(slot)];
  }

  /** An acceptor has accepted these slots durably. */
  void accepted(int place, SlotRange slots) {
    long to = Math.min(slots.to(), next - 1);
    for (long slot = Math.max(slots.from(), first); slot <= to; slot++) {
      acceptedBy[at(slot)] |= 1 << place;
    }
  }

  /** What of these slots is chosen now is told to the learner. */
  void choose(long from, long to, Learner learner) {
    for (long slot = Math.max(from, first); slot <= Math.min(to, next - 1); slot++) {
      int at = at(slot);
      if (!chosen[at] && Synod.isChosen(acceptedBy[at], voters)) {
        chosen[at] = true;
        learner.choose(slot);
      }
    }
  }

  /** Forgets the chosen ones up to the first that is not. */
  void dropChosen() {
    while (first < next && chosen[at(first)]) {
      entries[at(first)] = null;
      first++;
    }
  }

  private int at(long slot) {
    return (int) (slot & (entries.length - 1));
  }

  private void grow() {
    @Nullable Entry[] oldEntries = entries;
    int[] oldAcceptedBy = acceptedBy;
    boolean[] oldChosen = chosen;
    int oldMask = oldEntries.length - 1;
    entries = new Entry[oldEntries.length * 2];
    acceptedBy = Arrays.copyOf(oldAcceptedBy, entries.length);
    chosen = new boolean[entries.length];
    for (long slot = first; slot < next; slot++) {
      int old = (int) (slot & oldMask);
      entries[at(slot)] = oldEntries[old];
      acceptedBy[at(slot)] = oldAcceptedBy[old];
      chosen[at(slot)] = oldChosen[old];
    }
  }
}
