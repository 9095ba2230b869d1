package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The oldest segment, while what is live in it is copied: the helper reads it, in large steps and
 * one piece ahead; the log thread takes the records, and reads itself only if copying falls behind.
 */
final class Victim {
  private static final int STEP_BYTES = 4 << 20;

  private final Segments segments;
  private final int number;
  private final Map<Long, GroupImage> groups;
  private final int pieceBytes;
  private final Executor helper;
  private final ProgressMeter meter;
  private volatile @Nullable Piece ahead;

  // Of those who read.
  private @Nullable Window window;
  private int offset = Segment.FIRST;

  // The log thread's.
  private Piece piece = new Piece(List.of(), false, null);
  private int next;

  /**
   * A record that may be live.
   *
   * @param intact whether its value is what was written
   */
  record Found(RecordHeader header, ByteBuffer value, boolean intact) {}

  /** Some records, in order; or why there are none. */
  private record Piece(List<Found> records, boolean isLast, @Nullable Exception failure) {}

  /** Begins to read; {@code groups} may change meanwhile. Log thread. */
  Victim(
      Segments segments,
      Map<Long, GroupImage> groups,
      int pieceBytes,
      Executor helper,
      ProgressMeter meter) {
    this.segments = segments;
    this.number = segments.first();
    this.groups = groups;
    this.pieceBytes = pieceBytes;
    this.helper = helper;
    this.meter = meter;
    meter.begin(ProgressListener.Phase.COMPACTION, segments.size(number));
    helper.execute(this::readAhead);
  }

  int number() {
    return number;
  }

  // Log thread

  /**
   * The next record that may be live; null if there is none, or none is read yet.
   *
   * @param isUrgent whether to read here and now what the helper has not
   * @throws IOException if the segment cannot be read, or is damaged
   */
  @Nullable Found next(boolean isUrgent) throws IOException {
    while (next == piece.records.size() && !piece.isLast) {
      if (isUrgent) {
        readAhead();
      }
      Piece read = ahead;
      if (read == null) {
        return null;
      }
      if (read.failure != null) {
        throw new IOException(read.failure.getMessage(), read.failure);
      }
      ahead = null;
      piece = read;
      next = 0;
      if (!read.isLast) {
        helper.execute(this::readAhead);
      }
    }
    return next == piece.records.size() ? null : piece.records.get(next++);
  }

  /** Whether there are no more. */
  boolean isDone() {
    return piece.isLast && next == piece.records.size();
  }

  // Helper, and whoever cannot wait for it

  private synchronized void readAhead() {
    if (ahead != null) {
      return;
    }
    try {
      Segments.@Nullable InUse inUse = segments.hold(number);
      if (inUse == null) {
        return; // It was given up: nothing in it is live any more.
      }
      try {
        ahead = read(inUse.segment);
      } finally {
        inUse.letGo();
      }
    } catch (IOException | RuntimeException e) {
      ahead = new Piece(List.of(), true, e);
    }
  }

  private Piece read(Segment segment) throws IOException {
    Window bytes = window == null ? new Window(segment) : window;
    window = bytes;
    List<Found> records = new ArrayList<>();
    int from = offset;
    for (int kept = 0; kept < pieceBytes && offset - from < STEP_BYTES; ) {
      int at = Sectors.place(offset);
      // If a record has stood there, something live will not be found.
      if (at + RecordHeader.BYTES > segment.size()
          || RecordHeader.isBlank(bytes.at(at, RecordHeader.BYTES), 0)) {
        meter.advance(segment.size());
        return new Piece(records, true, null);
      }
      RecordHeader header = header(bytes, segment, at);
      int valueAt = at + RecordHeader.BYTES;
      if (mayBeLive(header)) {
        records.add(found(header, bytes.at(valueAt, header.length())));
        kept += RecordHeader.BYTES + header.length();
      }
      offset = Sectors.align(valueAt + header.length());
    }
    meter.advance(offset);
    return new Piece(records, false, null);
  }

  private static RecordHeader header(Window bytes, Segment segment, int at) throws IOException {
    @Nullable RecordHeader header =
        RecordHeader.decode(bytes.at(at, RecordHeader.BYTES), 0, segment, at);
    if (header == null) {
      throw new IOException(
          segment.name()
              + ", offset "
              + SectorFile.inFile(at)
              + ": the header of a record is not what was written");
    }
    return header;
  }

  /** What is not live now will not be later. */
  private boolean mayBeLive(RecordHeader header) {
    @Nullable GroupImage group = groups.get(header.group());
    return group != null && group.instance() == header.instance() && group.isLive(header);
  }

  private static Found found(RecordHeader header, ByteBuffer value) {
    boolean intact = RecordHeader.crc(value, 0, header.length()) == header.valueCrc();
    ByteBuffer copy = ByteBuffer.allocate(header.length());
    copy.put(0, value, 0, header.length());
    return new Found(header, copy, intact);
  }
}
