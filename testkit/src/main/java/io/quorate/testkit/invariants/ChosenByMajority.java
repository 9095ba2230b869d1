package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * IP3: when a value is first told to be chosen, a majority of the disks has accepted it under one
 * stamp.
 */
/* An acceptance counts for ever, also after the place was written again, so the synced images of one
 * moment are not enough; and they are too much: who learns a chosen value from another writes it under
 * the stamp that it has there, and has not accepted it under that. What is counted is: each acceptance
 * that was testified (ID1 has compared it with the image), and of what the images hold at the moment
 * that which its holder was the first to write: a leader counts its own copy without a message.
 */
final class ChosenByMajority implements Rule {
  private static final String RULE = "IP3 ChosenByMajority";

  private final Verdict verdict;
  private final Group group;
  private final List<@Nullable Acceptance> acceptances = new ArrayList<>();

  /** Who has accepted under a stamp, as bits by member id. An index has a chain of them. */
  private static final class Acceptance {
    final Stamp stamp;
    final @Nullable Acceptance next;
    long members;

    Acceptance(Stamp stamp, @Nullable Acceptance next) {
      this.stamp = stamp;
      this.next = next;
    }
  }

  ChosenByMajority(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void accepts(Observed replica, long index, Stamp stamp) {
    note(index, stamp, replica.member().id());
  }

  @Override
  public void commits(Observed replica, long to) {
    for (long at = group.committed() + 1; at <= to; at++) {
      long index = at;
      group
          .images()
          .forEach(
              (id, image) -> {
                Entry held = image.entry(index);
                if (held != null && isOwn(id, held)) {
                  note(index, held.stamp(), id);
                }
              });
      Stamp under = under(index);
      Group.Written chosen = under == null ? null : group.written(index, under);
      Group.Written told = group.written(index, replica.log().stampAt(index));
      if (chosen == null || told == null || !chosen.carries(told.entry)) {
        verdict.breaks(
            RULE,
            String.format(
                "%s takes entry %d of stamp %s for chosen, but no majority has accepted it",
                replica.member(), index, replica.log().stampAt(index)));
      }
    }
  }

  private boolean isOwn(int member, Entry held) {
    Group.Written first = group.written(held.epoch(), held.index(), held.stamp());
    return first != null && first.writer == member;
  }

  /** The first stamp under which a majority has accepted; null if there is none. */
  @Nullable Stamp under(long index) {
    Stamp first = null;
    for (Acceptance one = at(index); one != null; one = one.next) {
      boolean chosen = Quorum.isMajority(Long.bitCount(one.members), group.images().size());
      if (chosen && (first == null || group.isLater(first, one.stamp))) {
        first = one.stamp;
      }
    }
    return first;
  }

  private @Nullable Acceptance at(long index) {
    return index < acceptances.size() ? acceptances.get((int) index) : null;
  }

  private void note(long index, Stamp stamp, int member) {
    Acceptance one = at(index);
    while (one != null && !one.stamp.equals(stamp)) {
      one = one.next;
    }
    if (one == null) {
      while (acceptances.size() <= index) {
        acceptances.add(null);
      }
      one = new Acceptance(stamp, at(index));
      acceptances.set((int) index, one);
    }
    one.members |= 1L << member;
  }
}
