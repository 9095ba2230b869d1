package io.quorate.runtime;

import io.quorate.runtime.Calls.Query;
import java.util.List;

/** Brings queries to the apply stage, once their promise can be kept. Loop only. */
final class ReadDesk {
  private final Reads reads = new Reads();
  private final HandOver handOver;
  private final ApplyStage apply;

  ReadDesk(HandOver handOver, ApplyStage apply) {
    this.handOver = handOver;
    this.apply = apply;
  }

  /** What waits in between, with its deadlines. */
  Reads waiting() {
    return reads;
  }

  void take(Query query) {
    if (query.confirmed) {
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
  void readable(long id, long index) {
    List<Query> queries = reads.confirmed(id);
    if (queries.isEmpty()) {
      return;
    }
    if (index <= handOver.commit()) {
      handOver.query(apply, queries, index);
    } else {
      reads.awaitCommit(index, queries);
    }
  }

  /** Now and then: what was not answered goes again. */
  void keepHouse(long now) {
    handOver.query(apply, reads.applied(apply.progress().commandIndex()), 0);
    reads.askAgain();
    reads.askLostAgain(now);
  }
}
