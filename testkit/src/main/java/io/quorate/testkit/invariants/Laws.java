package io.quorate.testkit.invariants;

import io.quorate.Status;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.LeaderLease;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Rules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What must be true of all replicas together, whatever happens: hands each fact to each rule. */
public final class Laws {
  private final LongSupplier clock;
  private final Group group;
  private final Rule[] rules;
  private final DurableBeforeTestimony testimony;
  private final PointersInOrder pointers;
  private final LostRecord lostRecord;
  private long mended;

  /**
   * The rules that always hold, and those of the protocol.
   *
   * @param clock true time
   */
  public Laws(Verdict verdict, Rules shape, Comparator<Stamp> stamps, LongSupplier clock) {
    this.clock = clock;
    group = new Group(stamps);
    testimony = new DurableBeforeTestimony(verdict, group);
    pointers = new PointersInOrder(verdict);
    lostRecord = new LostRecord(verdict, group, shape != Rules.SLOT_WISE);
    List<Rule> all = new ArrayList<>(common(verdict, group));
    all.add(new LeaseHolderKnowsAll(verdict, clock));
    all.add(pointers);
    all.add(lostRecord);
    switch (shape) {
      case COMMON -> {}
      case LOG_SHAPED -> all.addAll(logShaped(verdict, group));
      case SLOT_WISE -> all.addAll(slotWise(verdict, group));
    }
    rules = all.toArray(new Rule[0]);
  }

  private static List<Rule> common(Verdict verdict, Group group) {
    return List.of(
        new ElectionSafety(verdict),
        new PromiseKept(verdict, group),
        new Formation(verdict, group),
        new CommitMonotone(verdict),
        new CommittedIsWritten(verdict),
        new RestoredIsCommitted(verdict, group),
        new CommittedValueStays(verdict, group));
  }

  private static List<Rule> logShaped(Verdict verdict, Group group) {
    return List.of(
        new OneVote(verdict, group),
        new TermNeverBack(verdict, group),
        new LeaderAppendOnly(verdict),
        new LogMatching(verdict, group),
        new StateMachineSafety(verdict, group),
        new LeaderCompleteness(verdict, group),
        new CommittedStays(verdict, group),
        new DurableCopies(verdict, group),
        new CommitIsFinal(verdict, group));
  }

  private static List<Rule> slotWise(Verdict verdict, Group group) {
    ChosenByMajority chosen = new ChosenByMajority(verdict, group);
    return List.of(
        new OneValuePerStamp(verdict, group),
        new ChosenOnce(verdict, group),
        chosen,
        new ChosenStays(verdict, group, chosen),
        new NothingRemoved(verdict));
  }

  Group group() {
    return group;
  }

  /** The disk that a member has from now on. */
  public void disk(int member, SyncedImage image) {
    group.disk(member, image);
  }

  /** Whether the member has had another disk before. */
  public boolean isReplaced(int member) {
    return group.isReplaced(member);
  }

  /** How many entries are committed. */
  public long committed() {
    return group.committed();
  }

  /** How often a damaged entry was written again. */
  public long mended() {
    return mended;
  }

  /** How often a replica has started without its saved record. */
  public long recordsLost() {
    return lostRecord.lost();
  }

  /** How often one has testified again after that. */
  public long returned() {
    return lostRecord.returned();
  }

  /** Somebody looks at a replica; null if it does not run. */
  public void looks(@Nullable Status status) {
    if (status != null) {
      pointers.looks(status);
    }
  }

  /** A member's process begins another life, whether or not its engine starts in that. */
  public void begins(int member) {
    pointers.begins(member);
  }

  // What replicas do; each is told before it is carried out.

  void starts(Observed replica) {
    group.starts(replica.member().id());
    for (Rule rule : rules) {
      rule.starts(replica);
    }
  }

  void writes(Observed replica, Entry entry) {
    for (Rule rule : rules) {
      rule.writes(replica, entry);
    }
    mended += replica.log().isFaulty(entry.index()) ? 1 : 0;
    group.write(replica.member().id(), entry, replica.log());
  }

  void truncates(Observed replica, long from) {
    for (Rule rule : rules) {
      rule.truncates(replica, from);
    }
  }

  void commits(Observed replica, long to) {
    for (Rule rule : rules) {
      rule.commits(replica, to);
    }
    group.commit(replica.member().id(), to, replica.log());
  }

  void restores(Observed replica, Base base) {
    for (Rule rule : rules) {
      rule.restores(replica, base);
    }
    group.restore(replica.member().id(), base.index());
  }

  void announces(Observed replica, int leader, Stamp stamp) {
    for (Rule rule : rules) {
      rule.announces(replica, leader, stamp);
    }
  }

  /** It may answer alone for so long, by its own clock. */
  void leases(Observed replica, long nanos) {
    long least = nanos * 1000 / (1000 + LeaderLease.DRIFT_THOUSANDTHS);
    for (Rule rule : rules) {
      rule.leases(replica, clock.getAsLong() + least);
    }
  }

  // What messages claim; ID1 first.

  DurableBeforeTestimony testimony() {
    return testimony;
  }

  void accepts(Observed replica, long index, Stamp stamp) {
    for (Rule rule : rules) {
      rule.accepts(replica, index, stamp);
    }
  }

  void promises(Observed replica, Stamp stamp) {
    for (Rule rule : rules) {
      rule.promises(replica, stamp);
    }
  }

  void votes(Observed replica, Stamp stamp, int candidate) {
    for (Rule rule : rules) {
      rule.votes(replica, stamp, candidate);
    }
  }
}
