package io.quorate.runtime;

import io.quorate.spi.Snapshots;
import io.quorate.spi.Snapshots.Snapshot;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets a snapshot from another member, part by part: asks for the next ones as those before are
 * written, so that the pace is this replica's own. What is there when the transfer breaks off is
 * used again, whoever sends the rest, if it is the same content by length and digest. Loop only,
 * but for what is said to run on the snapshot thread.
 */
/* Some parts are asked for ahead, so that one is read, another is on its way and a third is written
 * at the same time; with one at a time each would wait for the others. What has come is paid for
 * with time, one part after the other, and only what is paid for makes room for another ask: so
 * the pace holds however many are on their way, and they come one by one. A window that came at once
 * would take processors from commands for milliseconds, again and again.
 */
final class SnapshotFetch {
  /** So much is asked for at most, and not written yet or not paid for. */
  static final int WINDOW_BYTES = 4 * SnapshotSource.PART_BYTES;

  private static final long PATIENCE_NANOS = 2_000_000_000;

  /** The loop's side. */
  interface Owner {
    /** Sends a {@link Wire#SNAPSHOT_ASK}. */
    void ask(int member, long least, long epoch, long index, long offset);

    /** Runs in the loop, unless the replica has ended; from the snapshot thread. */
    void inLoop(Runnable task);

    /** Runs in the loop after that time. */
    void later(long nanos, Runnable task);

    /** The snapshot is the newest one of this replica. */
    void received(Snapshot snapshot, SnapshotHead head);

    /** The transfer has failed here. */
    void failed(Throwable cause);
  }

  private final Snapshots snapshots;
  private final Executor worker;
  private final Owner owner;
  private final long bytesPerSecond;
  private Snapshots.@Nullable Writer writer; // Snapshot thread only.

  private int source;
  private long least;
  private @Nullable Snapshot told;

  // paid ≤ position ≤ arrived ≤ asked
  private long paid; // Up to there what came is paid for,
  private long position; // is written,
  private long arrived; // has come,
  private long asked; // and is asked for.

  private boolean paying;
  private boolean begins; // It is not told yet what comes.
  private boolean justAsked;
  private boolean open;
  private long attempt;
  private long deadline;

  SnapshotFetch(Snapshots snapshots, Executor worker, Owner owner, long bytesPerSecond) {
    this.snapshots = snapshots;
    this.worker = worker;
    this.owner = owner;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Whether nothing is under way: another snapshot may be written. */
  boolean isIdle() {
    return source == 0 && !open;
  }

  /** The member from which a snapshot is on its way; 0 if none is. */
  int source() {
    return source;
  }

  /** What is known of it, for people. */
  String progress() {
    Snapshot known = told;
    return known == null
        ? "a snapshot was asked for"
        : String.format("%d of %d bytes of a snapshot are here", position, known.length());
  }

  /** Begins, unless a transfer is under way. */
  void begin(long now, int from, long index) {
    if (source == 0) {
      source = from;
      least = index;
      told = null;
      reach(0);
      attempt++;
      begins = true;
      deadline = now + PATIENCE_NANOS;
      owner.ask(from, index, 0, 0, 0);
    }
  }

  /** Nothing is on its way, and all up to there is here and costs nothing. */
  private void reach(long place) {
    paid = place;
    position = place;
    arrived = place;
    asked = place;
    paying = false;
  }

  /** Whether a part is on its way. */
  private boolean expects() {
    return begins || asked > arrived;
  }

  /** Breaks off if the source is silent for too long. */
  void look(long now) {
    if (justAsked) {
      justAsked = false;
      deadline = now + PATIENCE_NANOS;
    } else if (source != 0 && expects() && now - deadline >= 0) {
      stop();
    }
  }

  /** Breaks off; what is here is kept for another time. */
  void stop() {
    if (source != 0) {
      source = 0;
      long ended = ++attempt;
      worker.execute(
          () -> {
            closeWriter();
            owner.inLoop(() -> open &= attempt != ended);
          });
    }
  }

  /** A part has come; after the group. */
  void part(long now, int from, ByteBuffer in, long applied) {
    if (from != source || !expects()) {
      return;
    }
    Snapshot snapshot = Wire.snapshot(in);
    long offset = in.getLong();
    if (snapshot.index() < least || snapshot.index() <= applied) {
      stop(); // It has none that helps.
      return;
    }
    deadline = now + PATIENCE_NANOS;
    if (!snapshot.equals(told)) {
      told = snapshot;
      begins = false;
      reach(0);
      open = true;
      perform(() -> resume(snapshot), this::resumed);
    } else if (offset == arrived && in.hasRemaining()) {
      ByteBuffer bytes = in.slice();
      arrived += bytes.remaining();
      if (bytes.remaining() < SnapshotSource.PART_BYTES) {
        asked = arrived; // Those behind it do not fit, if it is not the last one.
      }
      perform(() -> append(bytes), this::written);
    }
  }

  private long resume(Snapshot snapshot) {
    closeWriter();
    Snapshots.Writer opened = snapshots.receive(snapshot);
    writer = opened;
    return opened.position();
  }

  private long append(ByteBuffer bytes) {
    Snapshots.Writer opened = writer();
    opened.write(bytes);
    return opened.position();
  }

  private Snapshots.Writer writer() {
    Snapshots.Writer opened = writer;
    if (opened == null) {
      throw new IllegalStateException("no snapshot is being received");
    }
    return opened;
  }

  /** A step on the snapshot thread, which returns the position that it has led to. */
  private interface Step {
    long run();
  }

  private void perform(Step step, LongConsumer then) {
    long of = attempt;
    worker.execute(
        () -> {
          try {
            long reached = step.run();
            owner.inLoop(
                () -> {
                  if (of == attempt) {
                    then.accept(reached);
                  }
                });
          } catch (RuntimeException e) {
            owner.inLoop(() -> fail(of, e));
          }
        });
  }

  private void fail(long of, Throwable cause) {
    if (of == attempt) {
      stop();
      owner.failed(cause);
    }
  }

  /** What was here already costs nobody anything. */
  private void resumed(long reached) {
    reach(reached);
    goOn();
  }

  private void written(long reached) {
    position = reached;
    goOn();
  }

  private void goOn() {
    Snapshot known = told;
    if (known != null && position == known.length()) {
      long of = attempt;
      worker.execute(() -> finish(of));
    } else {
      pay();
      ask();
    }
  }

  private void pay() {
    if (paying || paid == position) {
      return;
    }
    paying = true;
    long of = attempt;
    long upTo = Math.min(position, paid + SnapshotSource.PART_BYTES);
    owner.later(
        (upTo - paid) * 1_000_000_000 / bytesPerSecond,
        () -> {
          if (of == attempt && paying) {
            paying = false;
            paid = upTo;
            pay();
            ask();
          }
        });
  }

  private void ask() {
    Snapshot known = told;
    while (known != null && asked < known.length() && asked - paid < WINDOW_BYTES) {
      justAsked = true;
      long offset = asked;
      asked += SnapshotSource.PART_BYTES;
      owner.ask(source, least, known.epoch(), known.index(), offset);
    }
  }

  /** Snapshot thread. */
  private void finish(long of) {
    try {
      Snapshot finished = writer().finish();
      closeWriter();
      SnapshotHead head = headOf(finished);
      owner.inLoop(
          () -> {
            if (of == attempt) {
              source = 0;
              open = false;
              attempt++;
            }
            owner.received(finished, head);
          });
    } catch (RuntimeException e) {
      owner.inLoop(() -> fail(of, e));
    }
  }

  private SnapshotHead headOf(Snapshot snapshot) {
    try (Snapshots.Reader reader = snapshots.at(snapshot.epoch(), snapshot.index())) {
      if (reader == null) {
        throw new IllegalStateException("the snapshot is gone that was just received");
      }
      return SnapshotHead.of(reader);
    }
  }

  /** Snapshot thread. */
  void closeWriter() {
    Snapshots.Writer opened = writer;
    if (opened != null) {
      writer = null;
      opened.close();
    }
  }
}
