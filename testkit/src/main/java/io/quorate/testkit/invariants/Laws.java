package io.quorate.testkit.invariants;

import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What must be true of all replicas together, whatever happens; checked with every effect. */
/* Each rule costs a look-up for each new fact, never a walk over what was checked before.
 *
 * - ElectionSafety: a stamp has one leader.
 * - LogMatching: entries with the same index and stamp are the same, and follow the same entry; by
 *   induction all before them is the same too.
 * - StateMachineSafety: what is committed at an index is the same wherever it is committed.
 * - LeaderCompleteness: a leader of a later stamp holds all that was committed before.
 * - CommittedNeverLost: nobody removes an entry that is committed; at each commit a majority of the
 *   synced images holds it.
 * - CommitIsFinal: from the synced images as they are, nobody could be elected without it. (As Raft
 *   elects: by the last entry. Paxos will bring a rule of its own.)
 * - DurableBeforeTestimony: what a message claims is in the synced image when it leaves.
 * - Formation: a leader takes commands only once every founding voter has held FOUNDING durably.
 */
public final class Laws {
  private final Verdict verdict;
  private final Comparator<Stamp> stamps;
  private final TreeMap<Integer, SyncedImage> images = new TreeMap<>();
  private final Map<Stamp, Member> leaders = new HashMap<>();
  private final Map<Place, Written> written = new HashMap<>();
  private final List<Committed> committed = new ArrayList<>();
  private boolean formed;

  private record Place(long index, Stamp stamp) {}

  private record Written(Entry.Kind kind, Payload value, Stamp before) {}

  private record Committed(Stamp stamp, Stamp under) {}

  public Laws(Verdict verdict, Comparator<Stamp> stamps) {
    this.verdict = verdict;
    this.stamps = stamps;
  }

  /** The disk that a member has from now on. */
  public void disk(int member, SyncedImage image) {
    images.put(member, image);
  }

  public SyncedImage image(int member) {
    SyncedImage image = images.get(member);
    if (image == null) {
      throw new IllegalArgumentException("no member " + member);
    }
    return image;
  }

  /** How many entries are committed. */
  public long committed() {
    return committed.size();
  }

  public void leads(Member member, Stamp stamp, LogView log) {
    Member first = leaders.putIfAbsent(stamp, member);
    verdict.check(
        first == null || first.equals(member),
        "ElectionSafety",
        () -> first + " and " + member + " both lead with stamp " + stamp);
    for (int i = committed.size() - 1; i >= 0; i--) {
      Committed one = committed.get(i);
      long index = i + 1L;
      if (stamps.compare(stamp, one.under) > 0) {
        verdict.check(
            log.holds(index) && log.stampAt(index).equals(one.stamp),
            "LeaderCompleteness",
            () ->
                member
                    + " leads with stamp "
                    + stamp
                    + " without entry "
                    + index
                    + ", committed under "
                    + one.under);
      }
    }
    checkFormed(member);
  }

  private void checkFormed(Member member) {
    if (formed) {
      return;
    }
    formed = true;
    Entry founding = image(member.id()).entry(1);
    if (founding == null || founding.kind() != Entry.Kind.FOUNDING) {
      verdict.check(false, "Formation", () -> member + " leads without a durable founding entry");
      return;
    }
    for (Configuration.Voter voter : Configuration.decode(founding.value()).voters()) {
      SyncedImage image = image(voter.member().id());
      verdict.check(
          image.incarnation() != voter.member().incarnation() || image.holds(founding),
          "Formation",
          () -> member + " takes commands, but " + voter.member() + " has not held FOUNDING");
    }
  }

  public void written(Member member, Entry entry, LogView log) {
    long index = entry.index();
    Stamp before = index > log.first() ? log.stampAt(index - 1) : Stamp.NONE;
    Written now = new Written(entry.kind(), entry.value(), before);
    Written first = written.putIfAbsent(new Place(index, entry.stamp()), now);
    verdict.check(
        first == null || first.equals(now),
        "LogMatching",
        () -> member + " writes another entry " + index + " with stamp " + entry.stamp());
  }

  public void truncates(Member member, long from, LogView log) {
    for (long index = from; index <= log.last() && index <= committed.size(); index++) {
      verdict.check(
          !log.stampAt(index).equals(committed.get((int) index - 1).stamp),
          "CommittedNeverLost",
          saying(member, "removes", index));
    }
  }

  /** A replica says that all entries up to the index are committed. */
  public void commits(Member member, long from, long to, Stamp under, LogView log) {
    boolean news = to > committed.size();
    for (long index = from; index <= to; index++) {
      Stamp stamp = log.stampAt(index);
      if (index > committed.size()) {
        checkCopies(member, index, stamp);
        committed.add(new Committed(stamp, under));
      }
      verdict.check(
          committed.get((int) index - 1).stamp.equals(stamp),
          "StateMachineSafety",
          saying(member, "commits what is not", index));
    }
    if (news) {
      checkFinal(member, to, log.stampAt(to));
    }
  }

  /** Were the power cut everywhere now: could a replica be elected that lacks the entry? */
  private void checkFinal(Member member, long index, Stamp stamp) {
    images.forEach(
        (id, image) -> {
          if (image.holds(index, stamp)) {
            return;
          }
          int votes = 0;
          for (SyncedImage voter : images.values()) {
            if (!isNewer(voter, image)) {
              votes++;
            }
          }
          boolean electable = Quorum.isMajority(votes, images.size());
          verdict.check(
              !electable,
              "CommitIsFinal",
              () ->
                  member
                      + " commits entry "
                      + index
                      + " of stamp "
                      + stamp
                      + ", but member "
                      + id
                      + " can be elected without it");
        });
  }

  private boolean isNewer(SyncedImage one, SyncedImage other) {
    int byStamp = stamps.compare(one.lastStamp(), other.lastStamp());
    return byStamp != 0 ? byStamp > 0 : one.last() > other.last();
  }

  private static Supplier<String> saying(Member member, String does, long index) {
    return () -> member + " " + does + " the entry " + index + " that is committed";
  }

  private void checkCopies(Member member, long index, Stamp stamp) {
    int found = 0;
    for (SyncedImage image : images.values()) {
      if (image.holds(index, stamp)) {
        found++;
      }
    }
    int copies = found;
    verdict.check(
        Quorum.isMajority(copies, images.size()),
        "CommittedNeverLost",
        () -> member + " commits entry " + index + " with " + copies + " durable copies");
  }
}
