package io.quorate.testkit.engine;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Rules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must always hold of a group of engines: one leader under a stamp (IR1), what is promised is
 * kept (ID3), what is committed is one value (IR5, IP2) that a majority has durably (IR6, IP3), and
 * a read is not stale (IC17). The ids are those of docs/invariants.md.
 */
/* In a log without holes whole entries are compared, and what counts is the disks at that moment. Where
 * slots are agreed on one by one, the value is compared and not its stamp, and what counts is who has
 * ever accepted it under one stamp: by testimony, or by having written it first, as a leader does. A
 * learnt copy counts for nothing. A copy that was damaged since counts: losing it is no fault of who
 * commits.
 */
final class Watch {
  private final Rules rules;
  private final Comparator<Stamp> order;
  private final int voters;
  private final TreeMap<Stamp, Integer> leaders;
  private final List<Entry> committed = new ArrayList<>();
  private final Map<Long, TreeMap<Stamp, Written>> written = new HashMap<>();
  private final Map<Member, Stamp> promised = new HashMap<>();
  private final Map<String, Integer> votes = new HashMap<>();
  private final Map<Long, Long> readFloors = new HashMap<>();

  /** What was first written at an index under a stamp, and who has accepted it, as bits by id. */
  private static final class Written {
    final Entry entry;
    final int writer;
    long accepted;

    Written(Entry entry, int writer) {
      this.entry = entry;
      this.writer = writer;
    }
  }

  Watch(Rules rules, Comparator<Stamp> order, int voters) {
    this.rules = rules;
    this.order = order;
    this.voters = voters;
    leaders = new TreeMap<>(order);
  }

  boolean isSlotWise() {
    return rules == Rules.SLOT_WISE;
  }

  Map<Stamp, Integer> leaders() {
    return leaders;
  }

  long committed() {
    return committed.size();
  }

  List<Entry> committedEntries() {
    return committed;
  }

  private static boolean carriesTheSame(Entry one, Entry other) {
    return one.kind() == other.kind() && one.value().equals(other.value());
  }

  // ---- entries ----

  /** A member writes an entry, or, before it starts, has it on its disk. */
  void writes(Member by, Entry entry) {
    Written first =
        written
            .computeIfAbsent(entry.index(), none -> new TreeMap<>(order))
            .computeIfAbsent(entry.stamp(), none -> new Written(entry, by.id()));
    Check.that(
        carriesTheSame(first.entry, entry),
        "IP1 one value for an index and stamp: " + first.entry + " " + entry);
  }

  void accepts(Member by, long index, Stamp stamp) {
    Written at = writtenAt(index).get(stamp);
    if (at == null) {
      throw new IllegalStateException("nobody has written what is accepted: " + index + stamp);
    }
    at.accepted |= 1L << by.id();
  }

  /** A member commits from there to there; what it has committed below nobody has changed since. */
  void commits(
      EngineReplica<?> by, long from, long to, Collection<? extends EngineReplica<?>> all) {
    for (long index = from; index <= to; index++) {
      Check.that(by.holds(index), "IC3 what is committed is held: " + by, index, to);
      Entry entry = by.entry(index);
      if (index > committed.size()) {
        Check.that(
            rules == Rules.LOG_SHAPED ? isOnAQuorum(entry, all) : isChosen(entry, all),
            "IR6 IP3 committed is durable on a quorum: " + by + " " + entry,
            index,
            to);
        committed.add(entry);
      }
      Entry first = committed.get((int) index - 1);
      Check.that(
          rules == Rules.LOG_SHAPED ? first.equals(entry) : carriesTheSame(first, entry),
          "IR5 IP2 " + by + " commits another: " + first + " " + entry,
          index,
          to);
    }
  }

  private boolean isOnAQuorum(Entry entry, Collection<? extends EngineReplica<?>> all) {
    long copies = all.stream().filter(replica -> replica.heldDurably(entry)).count();
    return Quorum.isMajority((int) copies, voters);
  }

  private boolean isChosen(Entry entry, Collection<? extends EngineReplica<?>> all) {
    for (Written value : writtenAt(entry.index()).values()) {
      if (!carriesTheSame(value.entry, entry)) {
        continue;
      }
      for (EngineReplica<?> replica : all) {
        if (replica.self().id() == value.writer && replica.heldDurably(value.entry)) {
          value.accepted |= 1L << value.writer;
        }
      }
      if (Quorum.isMajority(Long.bitCount(value.accepted), voters)) {
        return true;
      }
    }
    return false;
  }

  private Map<Stamp, Written> writtenAt(long index) {
    return written.getOrDefault(index, new TreeMap<>(order));
  }

  // ---- testimony ----

  void promises(Member by, Stamp stamp) {
    Stamp before = promised.put(by, stamp);
    Check.that(
        before == null || order.compare(before, stamp) <= 0,
        "ID3 " + by + " testifies under " + stamp + " after " + before);
  }

  void votes(Member by, Stamp stamp, int candidate) {
    Integer before = votes.putIfAbsent(by + " " + stamp, candidate);
    Check.that(
        before == null || before == candidate,
        "IR7 one vote: " + by + " " + stamp,
        candidate,
        before == null ? 0 : before);
  }

  /** Its record is lost: what it has testified it does not know any more. */
  void forgets(Member by) {
    promised.remove(by);
    votes.keySet().removeIf(key -> key.startsWith(by + " "));
  }

  /** Returns whether nobody has led under that stamp before. */
  boolean leads(Member member, Stamp stamp) {
    Integer before = leaders.putIfAbsent(stamp, member.id());
    Check.that(
        before == null || before == member.id(),
        "IR1 two leaders under " + stamp,
        member.id(),
        before == null ? 0 : before);
    return before == null;
  }

  // ---- reads ----

  void asked(long read) {
    readFloors.put(read, committed());
  }

  void readable(EngineReplica<?> by, long read, long index) {
    long floor = readFloors.getOrDefault(read, 0L);
    Check.that(index >= floor, "IC17 a stale read on " + by, index, floor);
  }
}
