package io.quorate.storage.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Shows a segment piece by piece, reading it in large steps. */
final class Window {
  private static final int STEP_BYTES = 1 << 20;

  private Segment segment;
  private ByteBuffer bytes;
  private int from;

  Window(Segment segment, int stepBytes) {
    this.segment = segment;
    this.bytes = ByteBuffer.allocate(stepBytes).limit(0);
  }

  Window(Segment segment) {
    this(segment, Math.min(STEP_BYTES, segment.size()));
  }

  /** Goes on with another segment. */
  void move(Segment other) {
    segment = other;
    bytes.limit(0);
  }

  /** The bytes from {@code offset} on, which must be there; valid until the next call. */
  ByteBuffer at(int offset, int length) throws IOException {
    int at = find(offset, length);
    return bytes.slice(at, length);
  }

  /** The value of a record that stands there; valid until the next call. */
  ByteBuffer value(RecordHeader header) throws IOException {
    return at(Position.offset(header.position()) + RecordHeader.BYTES, header.length());
  }

  /** Where these bytes stand in {@link #bytes}; valid until the next call. */
  int find(int offset, int length) throws IOException {
    if (offset < from || offset + length > from + bytes.limit()) {
      fill(offset, length);
    }
    return offset - from;
  }

  /** Those that are shown: not a copy, and not to be changed. */
  ByteBuffer bytes() {
    return bytes;
  }

  private void fill(int offset, int length) throws IOException {
    ByteBuffer kept = bytes;
    int end = from + bytes.limit();
    if (bytes.capacity() < length) {
      bytes = ByteBuffer.allocate(length);
    }
    int known = offset >= from && offset < end ? end - offset : 0;
    if (known > 0) {
      bytes.clear().put(0, kept.clear(), offset - from, known);
    }
    bytes.clear().limit(Math.min(bytes.capacity(), segment.size() - offset));
    from = offset;
    if (known + segment.file().read(bytes.position(known), offset + known) < length) {
      bytes.limit(0);
      throw new EOFException("the file is shorter than it was");
    }
    bytes.flip();
  }
}
