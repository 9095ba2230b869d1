package io.quorate.storage.disk;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one empty segment ready. Its zero bytes are on disk before a record is: then a sync of
 * records changes no metadata, which halves its latency.
 *
 * <p>Preparing and taking exclude each other: the log thread waits for what the helper has begun
 * and does itself what the helper has not.
 */
final class Preparer {
  private final Disk disk;
  private final int segmentBytes;
  private final Executor helper;
  private final ArrayDeque<Segment> ready;
  private int nextNumber;
  private boolean closed;
  private @Nullable IOException failure;

  /**
   * With what a previous run had prepared.
   *
   * @param nextNumber the number of the first segment that is not there yet
   */
  Preparer(
      Disk disk, int segmentBytes, Executor helper, Collection<Segment> ready, int nextNumber) {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.helper = helper;
    this.ready = new ArrayDeque<>(ready);
    this.nextNumber = nextNumber;
  }

  /** Has the helper prepare a segment if none is ready. */
  void prepareAhead() {
    helper.execute(this::prepare);
  }

  /** A failure is kept for {@link #take}, which tries again and has to say it. */
  private synchronized void prepare() {
    if (closed || !ready.isEmpty()) {
      return;
    }
    try {
      ready.add(make());
      failure = null;
    } catch (IOException e) {
      failure = e;
    }
  }

  /** The next segment, in which a record of {@code bytes} has room. */
  synchronized Segment take(int bytes) throws IOException {
    try {
      Segment next = ready.isEmpty() ? make() : ready.remove();
      int needed = roundUp(Sectors.place(Segment.FIRST) + bytes);
      if (needed <= next.size()) {
        return next;
      }
      next.file().preallocate(next.size(), needed);
      next.file().force(true);
      return new Segment(next.number(), next.file(), needed);
    } catch (IOException e) {
      if (failure != null) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private Segment make() throws IOException {
    String unfinished = Segment.unfinishedName(nextNumber);
    int size = (int) SectorFile.room(segmentBytes);
    SectorFile file = new SectorFile(disk.create(unfinished), nextNumber);
    try {
      file.write(Segment.header(nextNumber), 0);
      file.preallocate(Segment.HEADER_BYTES, size);
      file.force(true);
      disk.rename(unfinished, Segment.name(nextNumber));
      disk.syncDirectory();
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    return new Segment(nextNumber++, file, size);
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
