package io.quorate.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Shows a segment piece by piece, reading it in large steps. */
final class Window {
  /*
   * Who goes through a whole log spends as much time on reading as on what was read. So with a helper
   * the next step is read meanwhile, into a buffer of its own. That has some room in front: what is
   * still to be shown of the step before is copied there, and the two buffers change places.
   */
  private static final int STEP_BYTES = 1 << 20;

  private final @Nullable Executor helper;
  private final int keptBytes;
  private Segment segment;
  private ByteBuffer bytes;
  private int origin; // Where in the segment the buffer's first byte would be,
  private int from; // the first one that is shown,
  private int end; // and where the last one ends.
  private @Nullable Ahead ahead;

  private Window(Segment segment, int stepBytes, int keptBytes, @Nullable Executor helper) {
    this.segment = segment;
    this.bytes = ByteBuffer.allocate(stepBytes + keptBytes);
    this.keptBytes = keptBytes;
    this.helper = helper;
  }

  Window(Segment segment, int stepBytes) {
    this(segment, stepBytes, 0, null);
  }

  Window(Segment segment) {
    this(segment, Math.min(STEP_BYTES, segment.size()));
  }

  /** One that reads ahead until it is closed, if segments are longer than a step. */
  static Window ahead(Segment segment, Executor helper) {
    return ahead(segment, Math.min(STEP_BYTES, segment.size()), helper);
  }

  static Window ahead(Segment segment, int stepBytes, Executor helper) {
    return new Window(segment, stepBytes, stepBytes / 16, helper);
  }

  /** Goes on with another segment. */
  void move(Segment other) {
    close();
    segment = other;
    origin = 0;
    from = 0;
    end = 0;
  }

  /** Reads nothing more ahead, and what was read so is of no use. */
  void close() {
    if (ahead != null) {
      ahead.drop();
      ahead = null;
    }
  }

  /** The bytes from {@code offset} on, which must be there; valid until the next call. */
  ByteBuffer at(int offset, int length) throws IOException {
    int at = find(offset, length);
    return bytes.slice(at, length);
  }

  /** Where these bytes stand in {@link #bytes}; valid until the next call. */
  int find(int offset, int length) throws IOException {
    if (offset < from || offset + length > end) {
      fill(offset, length);
    }
    return offset - origin;
  }

  /** Those that are shown: not a copy, and not to be changed. */
  ByteBuffer bytes() {
    return bytes;
  }

  private void fill(int offset, int length) throws IOException {
    int known = offset >= from && offset <= end ? end - offset : 0;
    Ahead next = ahead;
    ahead = null;
    ByteBuffer shown = bytes;
    if (next == null
        || known > keptBytes
        || next.from != offset + known
        || next.end() < offset + length) {
      ByteBuffer spare = next == null ? null : next.drop();
      read(offset, length, known);
      readAhead(spare);
    } else {
      ByteBuffer read = next.take();
      read.put(keptBytes - known, shown, offset - origin, known);
      bytes = read;
      origin = next.from - keptBytes;
      from = offset;
      end = next.end();
      readAhead(shown);
    }
  }

  private void read(int offset, int length, int known) throws IOException {
    ByteBuffer kept = bytes;
    if (bytes.capacity() < length) {
      bytes = ByteBuffer.allocate(length);
    }
    bytes.clear();
    if (known > 0) {
      bytes.put(0, kept.clear(), offset - origin, known);
    }
    bytes.clear().limit(Math.min(bytes.capacity(), segment.size() - offset));
    origin = offset;
    from = offset;
    end = offset;
    int there = known + segment.file().read(bytes.position(known), offset + known);
    bytes.clear();
    if (there < length) {
      throw new EOFException("the file is shorter than it was");
    }
    end = offset + there;
  }

  /** Has the helper read what comes behind, if there is something. */
  private void readAhead(@Nullable ByteBuffer spare) {
    if (helper != null && end < segment.size()) {
      ByteBuffer into =
          spare == null || spare.capacity() < bytes.capacity()
              ? ByteBuffer.allocate(bytes.capacity())
              : spare;
      Ahead next = new Ahead(segment, end, keptBytes, into);
      ahead = next;
      helper.execute(next::read);
    }
  }

  /** What comes next, read by the helper, or by whoever needs it before. */
  private static final class Ahead {
    private final Segment segment;
    private final int from;
    private final int keptBytes;
    private final int length;
    private final ByteBuffer into;
    private boolean done;
    private @Nullable Exception failure;

    Ahead(Segment segment, int from, int keptBytes, ByteBuffer into) {
      this.segment = segment;
      this.from = from;
      this.keptBytes = keptBytes;
      this.into = into;
      this.length = Math.min(into.capacity() - keptBytes, segment.size() - from);
    }

    int end() {
      return from + length;
    }

    synchronized void read() {
      if (done) {
        return;
      }
      done = true;
      try {
        into.clear().limit(keptBytes + length).position(keptBytes);
        if (segment.file().read(into, from) < length) {
          throw new EOFException("the file is shorter than it was");
        }
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
    }

    synchronized ByteBuffer take() throws IOException {
      read();
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      return into.clear();
    }

    synchronized ByteBuffer drop() {
      done = true;
      return into;
    }
  }
}
