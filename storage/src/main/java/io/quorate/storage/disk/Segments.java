package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The segments that hold records, oldest first.
 *
 * <p>The log thread adds at the end and gives up at the beginning; any thread reads. A file is open
 * for as long as somebody holds its segment.
 */
final class Segments implements Closeable {
  private volatile InUse[] inUse;
  private volatile boolean closed;
  private long bytes;

  /** With at least one; numbers without gaps. */
  Segments(Collection<Segment> segments) {
    inUse = segments.stream().map(InUse::new).toArray(InUse[]::new);
    for (Segment segment : segments) {
      bytes += segment.size();
    }
  }

  /** A segment with the count of those who hold it: the log itself, and readers. */
  static final class InUse {
    final Segment segment;
    private final AtomicInteger holds = new AtomicInteger(1);

    private InUse(Segment segment) {
      this.segment = segment;
    }

    private boolean hold() {
      for (int now = holds.get(); now > 0; now = holds.get()) {
        if (holds.compareAndSet(now, now + 1)) {
          return true;
        }
      }
      return false;
    }

    /** Closes the file for good, if nobody else holds it; returns whether that is so. */
    boolean takeBack() throws IOException {
      if (holds.compareAndSet(1, 0)) {
        segment.file().close();
      }
      return holds.get() == 0;
    }

    /** Closes the file if nobody else holds it. */
    void letGo() throws IOException {
      if (holds.decrementAndGet() == 0) {
        segment.file().close();
      }
    }
  }

  /**
   * Keeps a segment from being closed until {@link InUse#letGo}. Any thread.
   *
   * @return null if it was given up: what was live in it stands elsewhere now
   * @throws IOException if the log is closed
   */
  @Nullable InUse hold(int number) throws IOException {
    InUse[] now = inUse;
    int at = number - now[0].segment.number();
    if (at >= 0 && now[at].hold()) {
      return now[at];
    }
    if (closed) {
      throw new IOException("the log is closed");
    }
    return null;
  }

  /** The log goes on in that one. Log thread. */
  void add(Segment next) {
    InUse[] now = inUse;
    InUse[] more = Arrays.copyOf(now, now.length + 1);
    more[now.length] = new InUse(next);
    bytes += next.size();
    inUse = more;
  }

  /** Gives up those in front of {@code number}; who gets them has to let go of them. Log thread. */
  List<InUse> dropBefore(int number) {
    InUse[] now = inUse;
    int count = number - now[0].segment.number();
    List<InUse> dropped = List.of(Arrays.copyOf(now, count));
    for (InUse one : dropped) {
      bytes -= one.segment.size();
    }
    inUse = Arrays.copyOfRange(now, count, now.length);
    return dropped;
  }

  /** The number of the oldest. */
  int first() {
    return inUse[0].segment.number();
  }

  /** The number of the one that is written to. Log thread. */
  int last() {
    InUse[] now = inUse;
    return now[now.length - 1].segment.number();
  }

  /** The size of that one, which is there. Log thread. */
  int size(int number) {
    InUse[] now = inUse;
    return now[number - now[0].segment.number()].segment.size();
  }

  /** The sizes of all. Log thread. */
  long bytes() {
    return bytes;
  }

  /** Lets go of all; each is closed whatever becomes of the others. */
  @Override
  public void close() throws IOException {
    closed = true;
    List<Closeable> open = new ArrayList<>();
    for (InUse one : inUse) {
      open.add(one::letGo);
    }
    Closing.all(open);
  }
}
