package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The oldest segment, while what is live in it is copied: the helper reads that, in large steps and
 * one piece ahead; the log thread takes the records, and reads itself only if copying falls behind.
 */
final class Victim {
  /*
   * The images tell what is live, so what is not live is not read: a segment of which a record is
   * left that nothing supersedes, as that of a replica's creation, costs one read and not 64 MiB of
   * them, for which the log's own writes would have to wait.
   */
  private static final int GAP_BYTES_MAX = 64 << 10;

  private final Segments segments;
  private final int number;
  private final Map<Long, GroupImage> groups;
  private final int pieceBytes;
  private final Executor helper;
  private final ProgressMeter meter;
  private volatile @Nullable Piece ahead;

  // Of those who read.
  private long @Nullable [] places;
  private int done;

  // The log thread's.
  private Piece piece = new Piece(List.of(), false, null);
  private int next;

  /**
   * A record that was live when reading began.
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
   * The next record that was live; null if there is none, or none is read yet.
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
    long[] live = places == null ? livePlaces() : places;
    places = live;
    List<Found> records = new ArrayList<>();
    for (int bytes = 0; done < live.length && bytes < pieceBytes; ) {
      int from = offset(live[done]);
      int next = done;
      int end = from;
      while (next < live.length
          && offset(live[next]) - end <= GAP_BYTES_MAX
          && end - from < pieceBytes) {
        end = offset(live[next]) + length(live[next]);
        next++;
      }
      ByteBuffer run = ByteBuffer.allocate(end - from);
      segment.file().readFully(run, from);
      for (; done < next; done++) {
        records.add(found(segment, run, offset(live[done]) - from, live[done]));
      }
      bytes += end - from;
    }
    boolean isLast = done == live.length;
    meter.advance(isLast ? segment.size() : offset(live[done]));
    return new Piece(records, isLast, null);
  }

  /** Where what is live stands, in order. What is not live now will not be later. */
  private long[] livePlaces() {
    LongStream.Builder live = LongStream.builder();
    for (GroupImage group : groups.values()) {
      group.eachLive(
          (position, length) -> {
            if (Position.segment(position) == number) {
              live.add((long) Position.offset(position) << Integer.SIZE | length);
            }
          });
    }
    return live.build().sorted().toArray();
  }

  private static int offset(long place) {
    return (int) (place >>> Integer.SIZE);
  }

  private static int length(long place) {
    return (int) place;
  }

  private static Found found(Segment segment, ByteBuffer run, int at, long place)
      throws IOException {
    @Nullable RecordHeader header = RecordHeader.decode(run, at, segment, offset(place));
    if (header == null || RecordHeader.BYTES + header.length() != length(place)) {
      throw new IOException(
          segment.name()
              + ", offset "
              + SectorFile.inFile(offset(place))
              + ": the header of a record is not what was written");
    }
    ByteBuffer value = run.slice(at + RecordHeader.BYTES, header.length());
    boolean intact = RecordHeader.crc(value, 0, header.length()) == header.valueCrc();
    return new Found(header, value, intact);
  }
}
