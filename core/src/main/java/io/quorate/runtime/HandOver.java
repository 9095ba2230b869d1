package io.quorate.runtime;

import io.quorate.runtime.Calls.Query;
import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Between commit and apply: hands committed entries to the apply stage in order, a bounded number
 * of bytes ahead of it, and with each own batch who waits for its outcomes. Loop only.
 */
final class HandOver {
  private static final long BACKLOG_BYTES = 16 << 20;

  private final Tail tail;
  private final long epoch;
  private final ArrayDeque<Origin> origins = new ArrayDeque<>();
  private long originBytes;
  private long commit;
  private long handed;
  private long handedBytes;

  HandOver(Tail tail, long epoch) {
    this.tail = tail;
    this.epoch = epoch;
  }

  /** A batch of this replica has its place in the log. */
  void proposed(Origin origin) {
    origins.add(origin);
    originBytes += origin.value.length();
  }

  /** Bytes of own batches that are in the log and not handed over yet. */
  long inFlightBytes() {
    return originBytes;
  }

  /** Entries from there on are gone; nobody hears of their outcomes here. */
  void truncated(long from) {
    Check.that(from > commit, "IC2 what is committed is never truncated", from, commit);
    while (!origins.isEmpty() && origins.getLast().index >= from) {
      originBytes -= origins.removeLast().value.length();
    }
  }

  void committed(long index) {
    Check.that(index >= commit, "IC1 commit never decreases", index, commit);
    commit = index;
  }

  long commit() {
    return commit;
  }

  /** Hands over what may be; queries are served once their index is applied. */
  void run(ApplyStage apply) {
    while (handed < commit) {
      if (handedBytes - apply.appliedBytes() >= BACKLOG_BYTES) {
        apply.notifyAt(handedBytes - BACKLOG_BYTES / 2);
        return;
      }
      apply.submit(next());
    }
  }

  void query(ApplyStage apply, List<Query> queries, long index) {
    ApplyStage.Work work = new ApplyStage.Work();
    work.queries = queries;
    work.queryIndex = index;
    apply.submit(work);
  }

  private ApplyStage.Work next() {
    ApplyStage.Work work = new ApplyStage.Work();
    work.epoch = epoch;
    if (tail.resident(handed + 1) == null) {
      work.readFrom = handed + 1;
      while (handed < commit && tail.resident(handed + 1) == null) {
        handed++;
        Check.that(handed <= tail.last(), "IC3 what is committed is written", handed, tail.last());
      }
      work.readTo = handed;
      return work;
    }
    long bytes = 0;
    while (handed < commit && bytes < BACKLOG_BYTES / 4) {
      Entry entry = tail.resident(handed + 1);
      if (entry == null) {
        break;
      }
      handed++;
      bytes += entry.weight();
      work.entries.add(entry);
      work.clients.add(clientsOf(entry.index(), entry.value()));
    }
    handedBytes += bytes;
    return work;
  }

  @SuppressWarnings("ReferenceEquality") // The very batch that was proposed, not one like it.
  private int @Nullable [] clientsOf(long index, Payload value) {
    while (!origins.isEmpty() && origins.getFirst().index <= index) {
      Origin origin = origins.removeFirst();
      originBytes -= origin.value.length();
      if (origin.index == index && origin.value == value) {
        return origin.clients;
      }
    }
    return null;
  }
}
