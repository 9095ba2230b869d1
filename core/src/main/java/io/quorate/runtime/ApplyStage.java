package io.quorate.runtime;

import io.quorate.DurableStateMachine;
import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Query;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies what is committed, in order, and answers: futures of this process complete here, clients'
 * outcomes leave from here, queries are served here. Has the state machine to itself.
 *
 * <p>How much is handed over and not applied is bounded by the loop ({@link #appliedBytes()}).
 */
final class ApplyStage {
  private static final int READ_BYTES = 1 << 20;

  /** The loop's side; called by the apply thread, must hand over where it matters. */
  interface Listener {
    /** The group has forgotten this replica's session; this copy of the command was refused. */
    void sessionExpired(Proposal refused);

    /** The loop asked by {@link #notifyBelow} to be told. */
    void drained();

    /** What a snapshot is to be written from, now if it cannot be done apart. */
    void captured(Capture capture);

    /** The state machine has thrown instead. */
    void notCaptured(Throwable cause);

    /** The replica must halt. */
    void failed(Throwable cause);
  }

  /** What the loop hands over at once: entries in memory, or a range to be read, then queries. */
  static final class Work implements Mailbox.Node<Work> {
    final List<Entry> entries = new ArrayList<>();
    final List<int @Nullable []> clients = new ArrayList<>();
    long readFrom = 1;
    long readTo;
    long epoch;
    List<Query> queries = List.of();
    long queryIndex;

    /** Before all else: the snapshot behind that entry is restored. */
    @Nullable Base restore;

    /** Behind all else: what a snapshot is written from is captured. */
    boolean capture;

    private @Nullable Throwable end;
    private @Nullable Work next;

    @Override
    public @Nullable Work next() {
      return next;
    }

    @Override
    public void next(@Nullable Work node) {
      next = node;
    }
  }

  private record Waiting(long index, Query query) {}

  private final StateMachine machine;
  private final @Nullable DurableStateMachine keeper;
  private final long keepBytes;
  private final Applier applier;
  private final LogStore.Group log;
  private final Proposals proposals;
  private final ClientOutcomes outcomes;
  private final Listener listener;
  private final Mailbox<Work> mailbox = new Mailbox<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Workers.Worker worker;

  private long applied;
  private volatile long appliedBytes;
  private volatile long notifyBelow = Long.MIN_VALUE;
  private volatile long bytesToSnapshot;
  private volatile long superseded;
  private long unsnapped;
  private long unkept;
  private long bookmarkBytes;
  private volatile Progress progress = new Progress(0, 0, 0, 0);
  private volatile boolean closing;
  private @Nullable Throwable ended;
  private int @Nullable [] currentClients;

  /** How far this replica has applied; consistent in itself. */
  record Progress(long entryIndex, long commandIndex, long time, int sessions) {}

  ApplyStage(
      StateMachine machine,
      Applier applier,
      LogStore.Group log,
      Proposals proposals,
      ClientOutcomes outcomes,
      Listener listener,
      Workers workers,
      String name,
      long keepBytes) {
    this.machine = machine;
    keeper = machine instanceof DurableStateMachine durable ? durable : null;
    this.keepBytes = keepBytes;
    this.applier = applier;
    this.log = log;
    this.proposals = proposals;
    this.outcomes = outcomes;
    this.listener = listener;
    superseded = applier.entryIndex();
    progress = progressNow();
    worker = workers.worker(name, this::turn);
  }

  /** Loop. */
  void submit(Work work) {
    if (mailbox.put(work)) {
      worker.wake();
    }
  }

  /** Bytes of the entries that were handed over in memory and are applied. */
  long appliedBytes() {
    return appliedBytes;
  }

  /** Asks for one {@link Listener#drained} once {@link #appliedBytes} has reached that number. */
  void notifyAt(long bytes) {
    notifyBelow = bytes;
    worker.wake();
  }

  Progress progress() {
    return progress;
  }

  /** Bytes of the entries that were applied since a snapshot was captured or restored. */
  long bytesToSnapshot() {
    return bytesToSnapshot;
  }

  /**
   * A snapshot is restored in place of all entries up to this one that are not applied yet; they
   * may leave the log. Loop; the work that restores follows.
   */
  void supersede(long index) {
    superseded = Math.max(superseded, index);
  }

  /** The replica ends: what was handed over is applied still, every query after it fails. Loop. */
  void end(Throwable cause) {
    Work last = new Work();
    last.end = cause;
    submit(last);
  }

  /**
   * Waits for the entry under way; what was handed over and not begun is applied after the next
   * start. Fails the queries that are left. After {@link #end}.
   */
  void close() {
    closing = true;
    worker.close();
    fail(new QuorateException("the replica is closed"));
    refuse();
  }

  private boolean turn() {
    if (ended != null) {
      refuse();
      return false;
    }
    Work work = mailbox.takeAll();
    try {
      for (; work != null && ended == null && !closing; work = work.next) {
        perform(work);
      }
      publish();
    } catch (Throwable e) {
      fail(e);
      listener.failed(e);
    }
    for (; work != null; work = work.next) {
      waitFor(work);
    }
    if (ended != null || closing) {
      refuse();
    }
    return !mailbox.isEmpty();
  }

  /** Nothing is applied any more, and no query is answered. */
  private void fail(Throwable cause) {
    if (ended == null) {
      ended = cause;
    }
  }

  /** Every query that waits fails, and each that is handed over later. */
  private void refuse() {
    for (Work work = mailbox.takeAll(); work != null; work = work.next) {
      waitFor(work);
    }
    Throwable cause = ended != null ? ended : new QuorateException("the replica is closed");
    for (Waiting left : waiting) {
      outcomes.refuse(left.query, new QuorateException(String.valueOf(cause.getMessage()), cause));
    }
    waiting.clear();
    outcomes.flush();
  }

  private void waitFor(Work work) {
    for (Query query : work.queries) {
      waiting.add(new Waiting(work.queryIndex, query));
    }
  }

  private void perform(Work work) throws IOException {
    if (work.restore != null) {
      restore(work.epoch, work.restore);
    }
    if (work.readTo >= work.readFrom) {
      replay(work.epoch, work.readFrom, work.readTo);
    }
    for (int i = 0; i < work.entries.size(); i++) {
      Entry entry = work.entries.get(i);
      if (entry.index() == applier.entryIndex() + 1) {
        currentClients = work.clients.get(i);
        apply(entry);
      } else {
        checkSuperseded(entry.index());
      }
      applied += entry.weight();
    }
    currentClients = null;
    if (work.capture) {
      keep(work.epoch, 0);
      capture(work.epoch);
    } else {
      keep(work.epoch, Math.max(keepBytes, SnapshotDesk.FACTOR * bookmarkBytes));
    }
    waitFor(work);
    work.queries = List.of();
    serve();
    if (work.end != null) {
      fail(work.end);
    }
  }

  /** Has a machine that keeps its state do so, after so many bytes of entries. */
  private void keep(long epoch, long least) {
    DurableStateMachine keeping = keeper;
    if (keeping == null || unkept == 0 || unkept < least) {
      return;
    }
    unkept = 0;
    try {
      byte[] bookmark = applier.bookmark(epoch);
      bookmarkBytes = bookmark.length;
      keeping.commit(bookmark);
    } catch (IOException | RuntimeException e) {
      throw new Applier.HaltException(
          "the state machine could not commit its state behind command "
              + applier.commandIndex()
              + ": "
              + e
              + "; this replica stops. See to it that the state machine's store works, and start"
              + " again: what it has not committed is applied anew",
          e);
    }
    Thread.interrupted();
  }

  private void restore(long epoch, Base base) throws IOException {
    if (base.index() < applier.entryIndex()) {
      return; // What the state machine has kept is newer.
    }
    try (Snapshots.Reader reader = log.snapshots().at(epoch, base.index())) {
      if (reader == null) {
        checkSuperseded(base.index() + 1); // By a newer one, which is restored next.
        return;
      }
      InputStream content = reader.stream();
      applier.restore(base, content);
      content.transferTo(OutputStream.nullOutputStream()); // Its end tells that all was intact.
    }
    unsnapped = 0;
    unkept++;
    keep(epoch, 0);
    Thread.interrupted();
  }

  private void capture(long epoch) {
    unsnapped = 0;
    try {
      listener.captured(applier.capture(epoch));
    } catch (Throwable e) {
      listener.notCaptured(e);
    }
    Thread.interrupted();
  }

  private void checkSuperseded(long index) {
    if (index > superseded) {
      throw new IllegalStateException(
          "IC5 entry " + index + " is not the next to apply after " + applier.entryIndex());
    }
  }

  private void replay(long epoch, long from, long to) {
    long at = Math.max(from, applier.entryIndex() + 1);
    while (at <= to && !closing && at > superseded) {
      long before = at;
      log.read(
          epoch,
          at,
          READ_BYTES,
          entry -> {
            if (entry.index() <= to) {
              apply(entry);
            }
            return entry.index() < to && !closing;
          });
      at = applier.entryIndex() + 1;
      if (at == before && at > superseded) {
        throw new IllegalStateException("entry " + at + " is committed but not in the log");
      }
      keep(epoch, Math.max(keepBytes, SnapshotDesk.FACTOR * bookmarkBytes));
      publish();
    }
  }

  /** An interrupt that user code left behind would close the log's files at the next read. */
  private void apply(Entry entry) {
    applier.apply(entry, this::settled);
    unsnapped += entry.weight();
    unkept += entry.weight();
    Thread.interrupted();
  }

  private void settled(Entry entry, int position, Batch.Reader command, Outcome outcome) {
    if (proposals.owns(command)) {
      Proposal refused = proposals.settle(command.sequence(), outcome);
      if (refused != null) {
        listener.sessionExpired(refused);
      }
    } else if (currentClients != null && currentClients[position] != 0) {
      outcomes.add(currentClients[position], false, command.sequence(), outcome);
    }
  }

  private void serve() {
    waiting.removeIf(this::isServed);
  }

  private boolean isServed(Waiting next) {
    if (next.index > applier.entryIndex()) {
      return false;
    }
    answer(next.query);
    Thread.interrupted();
    return true;
  }

  private void answer(Query query) {
    if (query.question == Query.NOTHING) {
      query.complete(Query.NOTHING);
      return;
    }
    try {
      outcomes.answer(query, applier.commandIndex(), machine.query(query.question));
    } catch (Throwable e) {
      outcomes.fail(query, e);
    }
  }

  private Progress progressNow() {
    return new Progress(
        applier.entryIndex(), applier.commandIndex(), applier.time(), applier.sessionCount());
  }

  private void publish() {
    progress = progressNow();
    appliedBytes = applied;
    bytesToSnapshot = unsnapped;
    outcomes.flush();
    if (applied >= notifyBelow && notifyBelow != Long.MIN_VALUE) {
      notifyBelow = Long.MIN_VALUE;
      listener.drained();
    }
  }
}
