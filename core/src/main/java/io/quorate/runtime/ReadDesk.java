package io.quorate.runtime;

import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.TooStaleException;
import io.quorate.runtime.Calls.Query;
import java.time.Duration;
import java.util.List;

/** Brings queries to the apply stage, once their promise can be kept. Loop only. */
final class ReadDesk {
  private final Reads reads = new Reads();
  private final HandOver handOver;
  private final ApplyStage apply;
  private final Freshness freshness;
  private final LeaseDesk lease;

  ReadDesk(HandOver handOver, ApplyStage apply, Freshness freshness, LeaseDesk lease) {
    this.freshness = freshness;
    this.lease = lease;
    this.handOver = handOver;
    this.apply = apply;
  }

  /** What waits in between, with its deadlines. */
  Reads waiting() {
    return reads;
  }

  /** Begins a round with all that was not asked; returns its id for {@code Engine.read}. */
  long begin(long now) {
    return reads.begin(now, freshness.wall());
  }

  /** The same for {@code Engine.readOfQuorum}. */
  long beginOfQuorum(long now) {
    return reads.beginOfQuorum(now, freshness.wall());
  }

  void take(Query query, long now) {
    if (query.ageNanosMax >= 0
        && freshness.age(now) <= query.ageNanosMax
        && query.seen <= apply.progress().commandIndex()) {
      serve(List.of(query), freshness.index(), now);
    } else if (query.mode == ReadMode.LEASE && lease.holds()) {
      serve(List.of(query), lease.commit(), now);
    } else if (query.mode != ReadMode.STALE) {
      reads.add(query);
    } else if (query.seen > apply.progress().commandIndex()) {
      reads.awaitApplied(query);
    } else {
      handOver.query(apply, List.of(query), 0);
    }
  }

  void committed(long index) {
    for (Reads.Confirmed read : reads.committed(index)) {
      handOver.query(apply, read.queries(), read.index());
    }
  }

  /** The engine has confirmed a round at that index, which need not be committed here yet. */
  void readable(long now, long id, long index) {
    Reads.Round round = reads.confirmed(id);
    if (round != null) {
      if (!round.ofQuorum()) { // Its index may never be reached.
        freshness.confirmed(round.askedAt(), round.wallAskedAt(), index);
      }
      serve(round.queries(), index, now);
    }
  }

  private void serve(List<Query> queries, long index, long now) {
    if (index <= handOver.commit()) {
      handOver.query(apply, queries, index);
    } else {
      reads.awaitCommit(now, index, queries);
    }
  }

  /** To a query whose deadline has passed. */
  QuorateException late(Query query, long now, String why) {
    if (query.ageNanosMax < 0) {
      return new QuorateException("the read was not confirmed in time: " + why);
    }
    long age = freshness.age(now);
    String known =
        age == Freshness.UNKNOWN
            ? "how old what is applied here may be is not known"
            : "what is applied here may be " + age / 1_000_000 + " ms old";
    return new TooStaleException(
        known + ", more than the read allows, and nothing newer was confirmed in time: " + why,
        age == Freshness.UNKNOWN ? TooStaleException.UNKNOWN : Duration.ofNanos(age));
  }

  /** Now and then: what was not answered goes again. */
  void keepHouse(long now) {
    handOver.query(apply, reads.applied(apply.progress().commandIndex()), 0);
    reads.askAgain();
    reads.askLostAgain(now);
  }
}
