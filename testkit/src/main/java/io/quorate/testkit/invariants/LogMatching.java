package io.quorate.testkit.invariants;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;

/**
 * IR3: an entry follows the last one, stamps never decrease, and two entries with one index and
 * stamp carry the same and follow an entry of the same stamp.
 */
/* So, by induction, all before the two is the same as well: the one that they follow has the same
 * index and stamp in both logs. A log loses entries only from its end, so the entry that another was
 * written after stays where it is for as long as that other does. Other rules build on that: two
 * logs that have the same stamp at an index are the same up to there, and a log that differs from
 * another at an index differs at every later one.
 */
final class LogMatching implements Rule {
  private static final String RULE = "IR3 LogMatching";

  private final Verdict verdict;
  private final Group group;

  LogMatching(Verdict verdict, Group group) {
    this.verdict = verdict;
    this.group = group;
  }

  @Override
  public void writes(Observed replica, Entry entry) {
    long index = entry.index();
    if (replica.log().isFaulty(index)) {
      mends(replica, entry);
      return;
    }
    if (index != replica.log().last() + 1) {
      breaks(replica, entry, "after entry " + replica.log().last());
      return;
    }
    Stamp before = Group.before(index, replica.log());
    if (before != null && group.isLater(before, entry.stamp())) {
      breaks(replica, entry, "after one of stamp " + before);
    }
    Group.Written first = group.written(entry.epoch(), index, entry.stamp());
    if (first == null) {
      return;
    }
    if (!first.carries(entry)) {
      breaks(replica, entry, "which is another one elsewhere");
    } else if (before != null && first.before != null && !first.before.equals(before)) {
      breaks(
          replica,
          entry,
          "after one of stamp " + before + ", which follows one of " + first.before + " elsewhere");
    }
  }

  /** A copy in place of a damaged entry is of the same stamp, and the same (D8). */
  private void mends(Observed replica, Entry entry) {
    Stamp held = replica.log().stampAt(entry.index());
    Group.Written first = group.written(entry.epoch(), entry.index(), entry.stamp());
    if (!held.equals(entry.stamp())) {
      breaks(replica, entry, "in place of a damaged one of stamp " + held);
    } else if (first != null && !first.carries(entry)) {
      breaks(replica, entry, "in place of a damaged one that was another");
    }
  }

  private void breaks(Observed replica, Entry entry, String how) {
    verdict.breaks(
        RULE,
        String.format(
            "%s writes entry %d of stamp %s, %s",
            replica.member(), entry.index(), entry.stamp(), how));
  }
}
