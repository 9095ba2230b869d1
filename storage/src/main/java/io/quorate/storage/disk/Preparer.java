package io.quorate.storage.disk;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one empty segment ready, and a {@link Reserve}. Its space is written before a record is:
 * then a sync of records changes no metadata, which halves its latency.
 *
 * <p>Preparing and taking exclude each other: the log thread waits for what the helper has begun
 * and does itself what the helper has not.
 */
final class Preparer {
  /*
   * The log is full when the disk has no room for both, and not only when nothing is left: there is
   * always a reserve when work is taken in, so that what was taken in can be finished. The reserve
   * is made first. It is smaller, and votes need it more than new work needs a segment.
   */
  private final Disk disk;
  private final Reserve reserve;
  private final Spares spares;
  private final int segmentBytes;
  private final Executor helper;
  private final ArrayDeque<Segment> ready;
  private int nextNumber;
  private boolean closed;
  private volatile boolean full;
  private @Nullable IOException failure;

  /**
   * With what a previous run had prepared.
   *
   * @param nextNumber the number of the first segment that is not there yet
   */
  Preparer(
      Disk disk, int segmentBytes, Executor helper, Collection<Segment> ready, int nextNumber) {
    this.disk = disk;
    reserve = new Reserve(disk, segmentBytes);
    spares = new Spares((int) SectorFile.room(segmentBytes));
    this.segmentBytes = segmentBytes;
    this.helper = helper;
    this.ready = new ArrayDeque<>(ready);
    this.nextNumber = nextNumber;
  }

  /** What segments are made of, as long as there is some. */
  Spares spares() {
    return spares;
  }

  /** Has the helper prepare a segment if none is ready. */
  void prepareAhead() {
    helper.execute(this::prepare);
  }

  /** Whether the disk had no room when it was last asked for some. Any thread. */
  boolean isFull() {
    return full;
  }

  /** Has the helper try again, if the disk had no room. Any thread. */
  void makeRoom() {
    if (full) {
      prepareAhead();
    }
  }

  /** A failure is kept for {@link #take}, which tries again and has to say it. */
  private synchronized void prepare() {
    if (closed) {
      return;
    }
    try {
      reserve.make();
      if (ready.isEmpty()) {
        ready.add(make());
      }
      failure = null;
      full = false;
    } catch (IOException e) {
      failure = e;
      full |= e instanceof Disk.FullException;
    }
  }

  /**
   * The next segment, in which a record of {@code bytes} has room.
   *
   * @throws Disk.FullException if the disk is full and the reserve is used up
   */
  synchronized Segment take(int bytes) throws IOException {
    try {
      Segment next = ready.isEmpty() ? makeOrGive() : ready.remove();
      int needed = roundUp(Sectors.place(Segment.FIRST) + bytes);
      return needed <= next.size() ? next : grown(next, needed);
    } catch (IOException e) {
      if (failure != null) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private Segment makeOrGive() throws IOException {
    if (full && reserve.isThere()) {
      return reserve.give(nextNumber++);
    }
    try {
      return make();
    } catch (Disk.FullException e) {
      full = true;
      if (!reserve.isThere()) {
        throw e;
      }
      return reserve.give(nextNumber++);
    }
  }

  /** For one large record; where there is no room, the reserve gives its own. */
  private Segment grown(Segment segment, int size) throws IOException {
    try {
      grow(segment, size);
    } catch (Disk.FullException e) {
      full = true;
      if (!reserve.isThere()) {
        throw e;
      }
      reserve.delete();
      grow(segment, size);
    }
    return new Segment(segment.number(), segment.file(), size);
  }

  private static void grow(Segment segment, int size) throws IOException {
    segment.file().preallocate(segment.size(), size);
    segment.file().force(true);
  }

  private Segment make() throws IOException {
    String unfinished = Segment.unfinishedName(nextNumber);
    int size = (int) SectorFile.room(segmentBytes);
    @Nullable String spare = spares.take();
    SectorFile file = open(unfinished, spare);
    try {
      file.write(Segment.header(nextNumber), 0);
      if (spare == null) {
        file.preallocate(Segment.HEADER_BYTES, size);
      }
      file.force(true);
      disk.rename(unfinished, Segment.name(nextNumber));
      disk.syncDirectory();
    } catch (IOException | RuntimeException e) {
      file.close();
      if (e instanceof Disk.FullException full) {
        Reserve.delete(disk, unfinished, full);
      }
      throw e;
    }
    return new Segment(nextNumber++, file, size);
  }

  private SectorFile open(String unfinished, @Nullable String spare) throws IOException {
    if (spare == null) {
      disk.checkRoom(segmentBytes);
      return new SectorFile(disk.create(unfinished), nextNumber);
    }
    disk.rename(spare, unfinished);
    return new SectorFile(disk.open(unfinished), nextNumber);
  }

  /** Waits for the helper and closes what is ready. */
  synchronized void close() throws IOException {
    closed = true;
    for (Segment segment : ready) {
      segment.file().close();
    }
    ready.clear();
  }

  private static int roundUp(int bytes) {
    return (bytes + Sectors.BYTES - 1) / Sectors.BYTES * Sectors.BYTES;
  }
}
