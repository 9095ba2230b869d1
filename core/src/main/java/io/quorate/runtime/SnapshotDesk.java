package io.quorate.runtime;

import io.quorate.spi.Base;
import io.quorate.spi.LogStore;
import io.quorate.spi.Loop;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.StorageException;
import io.quorate.spi.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a replica: when one is taken, what is given up of the log then, who gets one and
 * from whom. Loop only, unless a method says otherwise.
 */
/* The log is given up to the snapshot before the newest one, not to the newest: a member that is a
 * little behind gets entries, and only one that is far behind a snapshot. So the log takes up to
 * twice as much room as it takes to have the next one taken.
 *
 * One snapshot is written at a time, an own one or a received one.
 */
final class SnapshotDesk implements SnapshotFetch.Owner {
  /** The next one is taken after so many times the bytes of the last. */
  static final int FACTOR = 4;

  private static final long ROOM_LOOKED_AT_NANOS = 1_000_000_000;
  private static final Logger log = LoggerFactory.getLogger(SnapshotDesk.class);

  /** The replica's side; in its loop. */
  interface Owner {
    /** The log begins there now; it can be read from there on. */
    void released(Base base);

    /** The state behind that entry came from another member, which had committed it. */
    void received(Base base, SnapshotHead head);

    /** Hands work to the apply stage. */
    void apply(ApplyStage.Work work);

    /** As a guarded input. */
    void inTurn(Runnable input);
  }

  /**
   * What is there at the start.
   *
   * @param snapshot the newest one
   * @param head what stands in front of its state
   */
  record Found(Snapshot snapshot, SnapshotHead head) {
    Base base() {
      return baseOf(snapshot);
    }

    /** Whether it is the state that the group is founded with; see {@link FoundingState}. */
    boolean isFounding() {
      return snapshot.index() == 0;
    }
  }

  /**
   * When snapshots are taken, and how fast they are got.
   *
   * @param bytes of entries, at least, after which one is taken
   * @param bytesPerSecond how fast one is got from another member
   * @param roomBytes with less room than that on the disk, or than twice the last one, it is taken
   *     earlier
   */
  record Pace(long bytes, long bytesPerSecond, long roomBytes) {}

  private final int self;
  private final long group;
  private final long epoch;
  private final Snapshots snapshots;
  private final Background worker;
  private final Loop loop;
  private final Transport.Link link;
  private final Pace pace;
  private final Owner owner;
  private final LogStore store;
  private final SnapshotSource source;
  private final SnapshotFetch fetch;
  private final List<Ordered> ordered = new ArrayList<>();
  private @Nullable Snapshot newest;
  private boolean taking;
  private boolean spoiled;
  private long wantedIndex;
  private boolean shortOfRoom;
  private long roomLookedAt = Long.MIN_VALUE;
  private @Nullable String trouble;

  /** Somebody waits for one that includes an entry. */
  private record Ordered(long least, Consumer<Snapshot> done, Consumer<Throwable> failed) {}

  SnapshotDesk(
      Host host,
      long group,
      long epoch,
      LogStore.Group store,
      Loop loop,
      @Nullable Found found,
      Owner owner) {
    self = host.member();
    this.group = group;
    this.epoch = epoch;
    this.loop = loop;
    this.owner = owner;
    this.store = host.store();
    snapshots = store.snapshots();
    worker = host.snapshotting();
    link = host.link();
    pace = host.snapshotPace();
    newest = found == null ? null : found.snapshot();
    source = new SnapshotSource(snapshots);
    fetch = new SnapshotFetch(snapshots, worker::execute, this, pace.bytesPerSecond());
  }

  /**
   * Looks for the newest snapshot. Not in a loop.
   *
   * @throws io.quorate.spi.StorageException if it is damaged
   */
  static @Nullable Found find(Snapshots snapshots) {
    try (Snapshots.Reader reader = snapshots.newest()) {
      return reader == null ? null : new Found(reader.snapshot(), SnapshotHead.of(reader));
    }
  }

  private static Base baseOf(Snapshot snapshot) {
    return new Base(snapshot.index(), snapshot.stamp());
  }

  // Taking

  /** Has one taken if it is time. */
  void look(long now, ApplyStage apply) {
    fetch.look(now);
    lookForRoom(now, apply.bytesToSnapshot());
    Snapshot last = newest;
    ApplyStage.Progress applied = apply.progress();
    if (isDue(apply)
        && !taking
        && fetch.isIdle()
        && applied.entryIndex() > 0
        && (last == null || spoiled || applied.entryIndex() > last.index())) {
      taking = true;
      ApplyStage.Work work = new ApplyStage.Work();
      work.epoch = epoch;
      work.capture = true;
      owner.apply(work);
    }
  }

  private boolean isDue(ApplyStage apply) {
    Snapshot last = newest;
    boolean lacks = wantedIndex > (last == null ? 0 : last.index());
    if (!ordered.isEmpty() || spoiled || (lacks && apply.progress().entryIndex() >= wantedIndex)) {
      return true;
    }
    if (last != null && last.index() == 0) {
      return true; // Nobody who comes later begins with what the group was founded with.
    }
    long due =
        shortOfRoom
            ? leastGain()
            : Math.max(pace.bytes(), last == null ? 0 : FACTOR * last.length());
    return apply.bytesToSnapshot() >= due && apply.progress().commandIndex() > 0;
  }

  /** A snapshot gives back more room than it takes, once the log behind the one before goes. */
  private long leastGain() {
    Snapshot last = newest;
    return Math.max(pace.roomBytes() / 16, last == null ? 0 : 2 * last.length());
  }

  /** On the snapshot thread, as it may wait for the disk; now and then, if it would matter. */
  private void lookForRoom(long now, long bytesToSnapshot) {
    boolean isTime = roomLookedAt == Long.MIN_VALUE || now - roomLookedAt >= ROOM_LOOKED_AT_NANOS;
    if (bytesToSnapshot < leastGain() || !isTime || taking) {
      return;
    }
    roomLookedAt = now;
    Snapshot last = newest;
    long wanted = Math.max(pace.roomBytes(), last == null ? 0 : 2 * last.length());
    worker.execute(
        () -> {
          boolean lacks = !store.hasRoom(wanted);
          inLoop(() -> shortOfRoom = lacks);
        });
  }

  /**
   * The newest one cannot be read: another takes its place, as the state is here (and the log is
   * not given up for it).
   */
  void spoiled(StorageException cause) {
    spoiled = true;
    failed(cause);
  }

  /**
   * Somebody wants one that includes all that is applied here now.
   *
   * @param done hears of it when it is durable, which it may be already
   * @param failed hears why there is none
   */
  void order(long applied, Consumer<Snapshot> done, Consumer<Throwable> failed) {
    Snapshot last = newest;
    if (applied == 0) {
      failed.accept(new IllegalStateException("nothing is applied here yet"));
    } else if (last != null && last.index() >= applied && !spoiled) {
      done.accept(last);
    } else {
      ordered.add(new Ordered(applied, done, failed));
    }
  }

  private void tellOrdered(Snapshot snapshot) {
    for (Ordered each : List.copyOf(ordered)) {
      if (each.least <= snapshot.index()) {
        ordered.remove(each);
        each.done.accept(snapshot);
      }
    }
  }

  /** Apply thread: what cannot be written apart is written now. */
  void captured(Capture capture) {
    if (capture.apart()) {
      worker.execute(() -> write(capture));
    } else {
      write(capture);
    }
  }

  private void write(Capture capture) {
    try {
      Snapshot taken = capture.writeTo(snapshots);
      inLoop(() -> taken(taken));
    } catch (Throwable e) { // Also of the user's code, and nothing is lost by it.
      notCaptured(e);
    }
  }

  /** Apply thread, or the worker's. */
  void notCaptured(Throwable cause) {
    inLoop(
        () -> {
          taking = false;
          failed(cause);
          List<Ordered> none = List.copyOf(ordered);
          ordered.clear();
          none.forEach(each -> each.failed.accept(cause));
        });
  }

  private void taken(Snapshot snapshot) {
    taking = false;
    spoiled = false;
    shortOfRoom = false;
    trouble = null;
    Snapshot before = newest;
    newest = snapshot;
    log.info(
        "member {}: a snapshot of {} bytes behind entry {} is taken",
        self,
        snapshot.length(),
        snapshot.index());
    if (before != null && (before.index() < snapshot.index() || before.index() == 0)) {
      owner.released(baseOf(before.index() == 0 ? snapshot : before));
    }
    tellOrdered(snapshot);
  }

  // Between members

  /** The engine lacks entries that a member has no longer. */
  void need(long now, int from, long index) {
    if (!taking) {
      fetch.begin(now, from, index);
    }
  }

  /**
   * A member asks for a part; after the group. If it needs a later one than there is, that is taken
   * as soon as it can be: the member asks again.
   */
  void asked(int member, ByteBuffer in) {
    long least = in.getLong();
    wantedIndex = Math.max(wantedIndex, least);
    long ofEpoch = in.getLong();
    long index = in.getLong();
    long offset = in.getLong();
    worker.execute(
        () -> {
          try {
            ByteBuffer part = source.part(group, member, least, ofEpoch, index, offset);
            if (part != null) {
              inLoop(() -> link.send(member, Wire.SNAPSHOT_PART, part, List.of()));
            }
          } catch (StorageException e) {
            source.unpin(member);
            inLoop(() -> spoiled(e));
          } catch (RuntimeException e) {
            inLoop(() -> failed(e));
          }
        });
  }

  /** A part has come; after the group. */
  void part(long now, int from, ByteBuffer in, long commit) {
    fetch.part(now, from, in, commit);
  }

  /** The connection to a member broke. */
  void lost(int member) {
    if (fetch.source() == member) {
      fetch.stop();
    }
    worker.execute(() -> source.unpin(member));
  }

  /** This replica leads: it has all that is committed. */
  void leads() {
    fetch.stop();
  }

  @Override
  public void ask(int member, long least, long ofEpoch, long index, long offset) {
    ByteBuffer frame =
        Wire.Out.ofGroup(group, 32)
            .putLong(least)
            .putLong(ofEpoch)
            .putLong(index)
            .putLong(offset)
            .end();
    link.send(member, Wire.SNAPSHOT_ASK, frame, List.of());
  }

  @Override
  public void inLoop(Runnable task) {
    loop.execute(() -> owner.inTurn(task));
  }

  @Override
  public void later(long nanos, Runnable task) {
    if (nanos == 0) {
      task.run();
    } else {
      loop.schedule(nanos, () -> owner.inTurn(task));
    }
  }

  @Override
  public void received(Snapshot snapshot, SnapshotHead head) {
    trouble = null;
    newest = snapshot;
    log.info(
        "member {}: a snapshot of {} bytes behind entry {} has come from another member",
        self,
        snapshot.length(),
        snapshot.index());
    owner.received(baseOf(snapshot), head);
    tellOrdered(snapshot);
  }

  /** The log and the snapshots that are there are as they were; it is tried again. */
  @Override
  public void failed(Throwable cause) {
    String words = "a snapshot failed and is tried again: " + cause;
    if (!words.equals(trouble)) {
      log.warn("member {}: {}", self, words, cause);
    }
    trouble = words;
  }

  /** What a person wants to know. */
  void findings(List<String> findings) {
    if (fetch.source() != 0) {
      findings.add(
          "this replica is far behind and gets a snapshot from member "
              + fetch.source()
              + ": "
              + fetch.progress());
    }
    if (trouble != null) {
      findings.add(trouble);
    }
  }

  /** After the worker's last task. */
  void close() {
    fetch.closeWriter();
    source.close();
  }
}
