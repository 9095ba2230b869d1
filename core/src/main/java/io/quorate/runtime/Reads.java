package io.quorate.runtime;

import io.quorate.ReadMode;
import io.quorate.runtime.Calls.Query;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Queries that wait for the leader's confirmation; all that arrived in one turn share one. Loop
 * only.
 */
final class Reads {
  private static final long LOST_NANOS = 500_000_000;

  private final TreeMap<Long, Round> rounds = new TreeMap<>();
  private List<Query> unasked = new ArrayList<>();
  private List<Query> unaskedOfQuorum = new ArrayList<>();
  private final List<Query> refused = new ArrayList<>();
  private final List<Uncommitted> uncommitted = new ArrayList<>();
  private final List<Query> unapplied = new ArrayList<>();
  private long lastId;

  /** A round on its way: when it was asked, by both clocks, and for whom. */
  record Round(long askedAt, long wallAskedAt, boolean ofQuorum, List<Query> queries) {}

  /** Queries that may be served once the index is applied. */
  record Confirmed(long index, List<Query> queries) {}

  private record Uncommitted(long since, Confirmed read) {}

  void add(Query query) {
    (query.mode == ReadMode.QUORUM ? unaskedOfQuorum : unasked).add(query);
  }

  boolean hasUnaskedOfQuorum() {
    return !unaskedOfQuorum.isEmpty();
  }

  boolean hasUnasked() {
    return !unasked.isEmpty();
  }

  boolean isEmpty() {
    return unasked.isEmpty()
        && unaskedOfQuorum.isEmpty()
        && refused.isEmpty()
        && uncommitted.isEmpty()
        && unapplied.isEmpty()
        && rounds.isEmpty();
  }

  /** Begins a round with all that was not asked; returns its id for {@code Engine.read}. */
  long begin(long now, long wallNow) {
    rounds.put(++lastId, new Round(now, wallNow, false, unasked));
    unasked = new ArrayList<>();
    return lastId;
  }

  /** The same with all that a quorum is to be asked for; for {@code Engine.readOfQuorum}. */
  long beginOfQuorum(long now, long wallNow) {
    rounds.put(++lastId, new Round(now, wallNow, true, unaskedOfQuorum));
    unaskedOfQuorum = new ArrayList<>();
    return lastId;
  }

  /** A confirmed round, which is over; null if it was given up. */
  @Nullable Round confirmed(long id) {
    return rounds.remove(id);
  }

  /** A confirmed round waits here, under its deadlines, for an index that is not committed yet. */
  void awaitCommit(long now, long index, List<Query> queries) {
    uncommitted.add(new Uncommitted(now, new Confirmed(index, new ArrayList<>(queries))));
  }

  /** Takes out what waited for an index that is committed now. */
  List<Confirmed> committed(long index) {
    if (uncommitted.isEmpty()) {
      return List.of();
    }
    List<Confirmed> reached = new ArrayList<>();
    uncommitted.removeIf(waiting -> waiting.read.index <= index && reached.add(waiting.read));
    return reached;
  }

  /** A query whose caller has seen more than is applied here waits, under its deadline (Q9). */
  void awaitApplied(Query query) {
    unapplied.add(query);
  }

  /** Takes out what waited for no more commands than that. */
  List<Query> applied(long commandIndex) {
    if (unapplied.isEmpty()) {
      return List.of();
    }
    List<Query> reached = new ArrayList<>();
    unapplied.removeIf(query -> query.seen <= commandIndex && reached.add(query));
    return reached;
  }

  /** The round cannot be confirmed now; its queries wait for {@link #askAgain}. */
  void refused(long id) {
    Round round = rounds.remove(id);
    if (round != null) {
      refused.addAll(round.queries);
    }
  }

  /** What was refused is asked again. */
  void askAgain() {
    unasked.addAll(refused);
    refused.clear();
  }

  /**
   * Rounds without an answer are taken for lost and asked again. So are reads that a quorum has
   * confirmed at an index that may never be reached; the leader is asked for these (P39).
   */
  void askLostAgain(long now) {
    for (Uncommitted waiting : uncommitted) {
      if (now - waiting.since >= LOST_NANOS) {
        waiting.read.queries.removeIf(query -> query.mode == ReadMode.QUORUM && unasked.add(query));
      }
    }
    uncommitted.removeIf(waiting -> waiting.read.queries.isEmpty());
    Iterator<Map.Entry<Long, Round>> oldest = rounds.entrySet().iterator();
    while (oldest.hasNext()) {
      Round round = oldest.next().getValue();
      if (now - round.askedAt < LOST_NANOS) {
        return;
      }
      unasked.addAll(round.queries);
      oldest.remove();
    }
  }

  /** Takes out the queries whose deadline has passed. */
  List<Query> overdue(long now) {
    List<Query> overdue = new ArrayList<>();
    take(unasked, now, overdue);
    take(unaskedOfQuorum, now, overdue);
    take(refused, now, overdue);
    take(unapplied, now, overdue);
    uncommitted.forEach(waiting -> take(waiting.read.queries, now, overdue));
    uncommitted.removeIf(waiting -> waiting.read.queries.isEmpty());
    rounds.values().forEach(round -> take(round.queries, now, overdue));
    return overdue;
  }

  /** Takes out all. For the end. */
  List<Query> all() {
    List<Query> all = new ArrayList<>(unasked);
    all.addAll(unaskedOfQuorum);
    all.addAll(refused);
    all.addAll(unapplied);
    uncommitted.forEach(waiting -> all.addAll(waiting.read.queries));
    rounds.values().forEach(round -> all.addAll(round.queries));
    unasked = new ArrayList<>();
    unaskedOfQuorum = new ArrayList<>();
    refused.clear();
    unapplied.clear();
    uncommitted.clear();
    rounds.clear();
    return all;
  }

  private static void take(List<Query> queries, long now, List<Query> overdue) {
    queries.removeIf(
        query -> {
          boolean late = now - query.deadline >= 0;
          if (late) {
            overdue.add(query);
          }
          return late;
        });
  }
}
