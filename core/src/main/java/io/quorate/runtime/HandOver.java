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
  /** So many own batches are in flight at most: what the next leader may have to look into. */
  static final int WINDOW_ENTRIES = 1024;

  /*
   * What keeps a path of 160 MB/s busy that takes 25 to 100 ms. More on its way than a path needs
   * makes nothing faster: it waits there, in this process and at the followers, and is copied by the
   * collectors of all, again and again.
   */
  private static final long WINDOW_BYTES = 16 << 20;
  private static final long WINDOW_BYTES_LEAST = 4 << 20;
  private static final long WINDOW_NANOS = 100_000_000;

  private static final long BACKLOG_BYTES = 16 << 20;

  private final Tail tail;
  private final long epoch;
  private final ArrayDeque<Origin> origins = new ArrayDeque<>();
  private long originBytes;
  private long commit;
  private long handed;
  private long handedBytes;
  private boolean durableOnly;

  HandOver(Tail tail, long epoch) {
    this.tail = tail;
    this.epoch = epoch;
  }

  /** The lowest index that is not handed over. */
  long wanted() {
    return handed + 1;
  }

  /** From now on nothing is handed over before it is durable here. */
  void waitForDisk() {
    durableOnly = true;
  }

  private boolean isReady(long index) {
    return !durableOnly || tail.isDurable(index);
  }

  /**
   * A batch of this replica has its place in the log. In an earlier leadership it may have proposed
   * others there and behind, which have lost their places; nobody hears of their outcomes here.
   */
  void proposed(Origin origin) {
    dropFrom(origin.index);
    origins.add(origin);
    originBytes += origin.value.length();
  }

  /**
   * Whether one more own batch may be in flight, that is in the log and not handed over yet: 16 MiB
   * or 1024 of them are the window (I15), and 4 MiB while none is older than 25 ms; up to 100 ms it
   * grows with the age of the oldest.
   */
  boolean hasRoom(long now) {
    return originBytes < windowBytes(now) && origins.size() < WINDOW_ENTRIES;
  }

  private long windowBytes(long now) {
    Origin oldest = origins.peekFirst();
    long age = oldest == null ? 0 : Math.min(now - oldest.proposedAt, WINDOW_NANOS);
    return Math.max(WINDOW_BYTES_LEAST, WINDOW_BYTES * age / WINDOW_NANOS);
  }

  /** Entries from there on are gone; nobody hears of their outcomes here. */
  void truncated(long from) {
    Check.that(from > commit, "IC2 what is committed is never truncated", from, commit);
    dropFrom(from);
  }

  private void dropFrom(long index) {
    while (!origins.isEmpty() && origins.getLast().index >= index) {
      originBytes -= origins.removeLast().value.length();
    }
  }

  /**
   * A snapshot brings the state behind that entry: what stands up to there is not handed over any
   * more, and who waits for outcomes of it hears nothing here.
   */
  void restored(long index) {
    Check.that(index > commit, "IC1 commit never decreases", index, commit);
    passTo(index);
    commit = index;
    handed = index;
  }

  void committed(long index) {
    Check.that(index >= commit, "IC1 commit never decreases", index, commit);
    Check.that(tail.isWhole(commit + 1, index), "IC3 nothing missing is committed", commit, index);
    commit = index;
  }

  long commit() {
    return commit;
  }

  /** Hands over what may be; queries are served once their index is applied. */
  void run(ApplyStage apply) {
    while (handed < commit && isReady(handed + 1)) {
      if (handedBytes - apply.appliedBytes() >= BACKLOG_BYTES) {
        apply.notifyAt(handedBytes - BACKLOG_BYTES / 2);
        return;
      }
      apply.submit(next());
    }
  }

  void query(ApplyStage apply, List<Query> queries, long index) {
    if (queries.isEmpty()) {
      return;
    }
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
      }
      work.readTo = handed;
      passTo(handed);
      return work;
    }
    long bytes = 0;
    while (handed < commit && bytes < BACKLOG_BYTES / 4) {
      Entry entry = tail.resident(handed + 1);
      if (entry == null || !isReady(handed + 1)) {
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
    Origin last = passTo(index);
    return last != null && last.index == index && last.value == value ? last.clients : null;
  }

  /** Own batches up to there are in flight no more; the last of them, null if there was none. */
  private @Nullable Origin passTo(long index) {
    Origin last = null;
    while (!origins.isEmpty() && origins.getFirst().index <= index) {
      last = origins.removeFirst();
      originBytes -= last.value.length();
    }
    return last;
  }
}
