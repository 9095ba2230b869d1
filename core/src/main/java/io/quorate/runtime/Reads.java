package io.quorate.runtime;

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
  private final List<Query> refused = new ArrayList<>();
  private final List<Confirmed> uncommitted = new ArrayList<>();
  private final List<Query> unapplied = new ArrayList<>();
  private long lastId;

  /** A round on its way: when it was asked, by both clocks, and for whom. */
  record Round(long askedAt, long wallAskedAt, List<Query> queries) {}

  /** Queries that may be served once the index is applied. */
  record Confirmed(long index, List<Query> queries) {}

  void add(Query query) {
    unasked.add(query);
  }

  boolean hasUnasked() {
    return !unasked.isEmpty();
  }

  boolean isEmpty() {
    return unasked.isEmpty()
        && refused.isEmpty()
        && uncommitted.isEmpty()
        && unapplied.isEmpty()
        && rounds.isEmpty();
  }

  /** Begins a round with all that was not asked; returns its id for {@code Engine.read}. */
  long begin(long now, long wallNow) {
    rounds.put(++lastId, new Round(now, wallNow, unasked));
    unasked = new ArrayList<>();
    return lastId;
  }

  /** A confirmed round, which is over; null if it was given up. */
  @Nullable Round confirmed(long id) {
    return rounds.remove(id);
  }

  /** A confirmed round waits here, under its deadlines, for an index that is not committed yet. */
  void awaitCommit(long index, List<Query> queries) {
    uncommitted.add(new Confirmed(index, new ArrayList<>(queries)));
  }

  /** Takes out what waited for an index that is committed now. */
  List<Confirmed> committed(long index) {
    if (uncommitted.isEmpty()) {
      return List.of();
    }
    List<Confirmed> reached = new ArrayList<>();
    uncommitted.removeIf(waiting -> waiting.index <= index && reached.add(waiting));
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

  /** Rounds without an answer are taken for lost and asked again. */
  void askLostAgain(long now) {
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
    take(refused, now, overdue);
    take(unapplied, now, overdue);
    uncommitted.forEach(waiting -> take(waiting.queries, now, overdue));
    uncommitted.removeIf(waiting -> waiting.queries.isEmpty());
    rounds.values().forEach(round -> take(round.queries, now, overdue));
    return overdue;
  }

  /** Takes out all. For the end. */
  List<Query> all() {
    List<Query> all = new ArrayList<>(unasked);
    all.addAll(refused);
    all.addAll(unapplied);
    uncommitted.forEach(waiting -> all.addAll(waiting.queries));
    rounds.values().forEach(round -> all.addAll(round.queries));
    unasked = new ArrayList<>();
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
