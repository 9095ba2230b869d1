package io.quorate.runtime;

import io.quorate.spi.Snapshots;
import io.quorate.spi.Snapshots.Snapshot;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Gets a snapshot from another member, part by part: asks for the next one when the last is
 * written, so that the pace is this replica's own. What is there when the transfer breaks off is
 * used again, whoever sends the rest, if it is the same content by length and digest. Loop only,
 * but for what is said to run on the snapshot thread.
 */
final class SnapshotFetch {
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
  private long position;
  private boolean expects;
  private boolean justAsked;
  private boolean open;
  private boolean resumes;
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
      position = 0;
      attempt++;
      expects = true;
      deadline = now + PATIENCE_NANOS;
      owner.ask(from, index, 0, 0, 0);
    }
  }

  /** Breaks off if the source is silent for too long. */
  void look(long now) {
    if (justAsked) {
      justAsked = false;
      deadline = now + PATIENCE_NANOS;
    } else if (source != 0 && expects && now - deadline >= 0) {
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
    if (from != source || !expects) {
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
      expects = false;
      open = true;
      resumes = true;
      perform(() -> resume(snapshot));
    } else if (offset == position && in.hasRemaining()) {
      byte[] bytes = Wire.bytes(in, in.remaining());
      expects = false;
      perform(() -> append(bytes));
    }
  }

  private long resume(Snapshot snapshot) {
    closeWriter();
    Snapshots.Writer opened = snapshots.receive(snapshot);
    writer = opened;
    return opened.position();
  }

  private long append(byte[] bytes) {
    Snapshots.Writer opened = writer();
    opened.write(ByteBuffer.wrap(bytes));
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

  private void perform(Step step) {
    long of = attempt;
    worker.execute(
        () -> {
          try {
            long reached = step.run();
            owner.inLoop(() -> goOn(of, reached));
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

  private void goOn(long of, long reached) {
    Snapshot known = told;
    if (of != attempt || known == null) {
      return;
    }
    // What was here already costs nobody anything.
    long brought = resumes ? 0 : reached - position;
    resumes = false;
    position = reached;
    if (reached == known.length()) {
      worker.execute(() -> finish(of));
    } else {
      owner.later(
          brought * 1_000_000_000 / bytesPerSecond,
          () -> {
            if (of == attempt && source != 0) {
              expects = true;
              justAsked = true;
              owner.ask(source, least, known.epoch(), known.index(), reached);
            }
          });
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
