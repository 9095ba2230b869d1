package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Shows a segment piece by piece, reading it in large steps. With a helper, that reads the next
 * piece while the last one is looked at.
 */
final class Window implements Closeable {
  private static final int STEP_BYTES = 1 << 20;

  private final @Nullable Executor helper;
  private final int stepBytes;
  private Segment segment;
  private ByteBuffer bytes; // Those from `from` on: a part of `room`.
  private int from;
  private ByteBuffer room;
  private ByteBuffer otherRoom = ByteBuffer.allocate(0);
  private @Nullable Piece next;

  Window(Segment segment, int stepBytes, @Nullable Executor helper) {
    this.segment = segment;
    this.stepBytes = stepBytes;
    this.helper = helper;
    this.room = ByteBuffer.allocate(stepBytes);
    this.bytes = room.slice(0, 0);
  }

  /** For all of a log. */
  Window(Segment segment, @Nullable Executor helper) {
    this(segment, Math.min(STEP_BYTES, segment.size()), helper);
  }

  /**
   * A part of a segment: read by the helper, or by whoever needs it before the helper has begun.
   */
  private static final class Piece {
    private final Segment segment;
    private final int from;
    private final ByteBuffer room;
    private final int at;
    private boolean isOver;
    private int length;
    private @Nullable IOException failure;

    /** To be read into {@code room} from {@code at} on. */
    Piece(Segment segment, int from, ByteBuffer room, int at) {
      this.segment = segment;
      this.from = from;
      this.room = room;
      this.at = at;
    }

    synchronized void read() {
      if (isOver) {
        return;
      }
      isOver = true;
      int most = Math.min(room.capacity() - at, segment.size() - from);
      try {
        length = segment.file().read(room.slice(at, most), from);
      } catch (IOException e) {
        failure = e;
      }
    }

    /** Reads it, if it is not; returns how many bytes there are. */
    synchronized int take() throws IOException {
      read();
      if (failure != null) {
        throw failure;
      }
      return length;
    }

    /** Nobody needs it any more, nor whether it could be read. */
    synchronized void cancel() {
      isOver = true;
    }
  }

  /** Goes on with another segment. */
  void move(Segment other) {
    close();
    segment = other;
    bytes.limit(0);
  }

  /** The bytes from {@code offset} on, which must be there; valid until the next call. */
  ByteBuffer at(int offset, int length) throws IOException {
    if (offset < from || offset + length > from + bytes.limit()) {
      fill(offset, length);
    }
    return bytes.slice(offset - from, length);
  }

  private void fill(int offset, int length) throws IOException {
    int known = offset < from ? 0 : from + bytes.limit() - offset; // Below 0 if some are left out.
    @Nullable Piece piece = next;
    next = null;
    if (piece != null && offset >= from && known <= piece.at && known + piece.take() >= length) {
      if (known > 0) {
        piece.room.put(piece.at - known, bytes, offset - from, known);
      }
      otherRoom = room;
      show(offset, piece.room, piece.at - known, known + piece.length);
    } else {
      if (piece != null) {
        piece.cancel();
      }
      read(offset, length, Math.max(0, known));
    }
    readAhead();
  }

  private void read(int offset, int length, int known) throws IOException {
    ByteBuffer into = room.capacity() < length ? ByteBuffer.allocate(length) : room;
    if (known > 0) {
      into.put(0, bytes, offset - from, known);
    }
    bytes.limit(0);
    int most = Math.min(Math.max(length, stepBytes), segment.size() - offset);
    int found = known + segment.file().read(into.slice(known, most - known), offset + known);
    if (found < length) {
      throw new EOFException("the file is shorter than it was");
    }
    show(offset, into, 0, found);
  }

  private void show(int offset, ByteBuffer in, int at, int length) {
    room = in;
    bytes = in.slice(at, length);
    from = offset;
  }

  /** Leaves room in front of it for a record that begins in this piece and ends in that one. */
  private void readAhead() {
    int end = from + bytes.limit();
    if (helper != null && end < segment.size()) {
      if (otherRoom.capacity() < 2 * stepBytes) {
        otherRoom = ByteBuffer.allocate(2 * stepBytes);
      }
      Piece piece = new Piece(segment, end, otherRoom, stepBytes);
      next = piece;
      helper.execute(piece::read);
    }
  }

  /** Nobody reads any more when this returns. */
  @Override
  public void close() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }
}
