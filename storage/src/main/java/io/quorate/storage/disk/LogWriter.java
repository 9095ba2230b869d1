package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.DiskFullException;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The open end of the log: appends records and makes them durable; reads records back.
 *
 * <p>Appends and {@link #sync} belong to the log thread, {@link #read} to any.
 */
final class LogWriter {
  /*
   * Records of one drain are put one behind the other into a buffer and go to the file in one call,
   * however many there are.
   *
   * Before the log goes on in the next segment, the last one is forced. So any record in a segment
   * proves that the segments before it were durable to their ends, and one force per sync is enough.
   */

  private final Disk disk;
  private final Preparer preparer;
  private final Staging staging;
  private final ByteBuffer header = ByteBuffer.allocate(RecordHeader.BYTES);
  private final Segments segments;
  private Segment active;
  private int end;
  private long appendedBytes;
  private volatile long durable;
  private volatile @Nullable StorageException refusal;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong forces = new AtomicLong();
  private final AtomicLong rolls = new AtomicLong();

  /**
   * Goes on at the end of the last one of {@code segments}, which is durable.
   *
   * @param segments those in use
   */
  LogWriter(Disk disk, Preparer preparer, List<Segment> segments, int end, int segmentBytes)
      throws IOException {
    this.disk = disk;
    this.preparer = preparer;
    this.segments = new Segments(segments);
    this.active = segments.get(segments.size() - 1);
    this.end = end;
    this.durable = Position.of(active.number(), end);
    this.staging = new Staging(disk.buffer(Staging.bytes(segmentBytes)), active, end);
  }

  /**
   * Buffers a record.
   *
   * @param value between position and limit, which are left as they are
   * @return where it will stand
   */
  long append(
      RecordHeader.Type type,
      int kind,
      long group,
      long instance,
      long epoch,
      long index,
      Stamp stamp,
      ByteBuffer value,
      int valueCrc) {
    int length = value.remaining();
    Check.that(length <= FileLogStore.VALUE_BYTES_MAX, "a value has at most 1 GiB");
    checkUsable();
    try {
      int at = reserve(RecordHeader.BYTES + length);
      long position = Position.of(active.number(), at);
      new RecordHeader(
              type, kind, length, group, instance, epoch, index, stamp, position, durable, valueCrc)
          .encode(header.clear());
      staging.append(header, 0, RecordHeader.BYTES);
      staging.append(value, value.position(), length);
      end = Sectors.align(at + RecordHeader.BYTES + length);
      appendedBytes += end - at;
      records.incrementAndGet();
      return position;
    } catch (IOException | RuntimeException | Error e) {
      throw poison("written", e);
    }
  }

  /**
   * Buffers a record that says all with its type and one number; that of a log as a whole has group
   * 0.
   */
  void append(RecordHeader.Type type, long group, long instance, long index) {
    append(
        type,
        0,
        group,
        instance,
        0,
        index,
        Stamp.NONE,
        Payload.EMPTY.buffer(),
        Payload.EMPTY.crc());
  }

  /** Where a record of {@code bytes} stands; zeros stand before it. */
  private int reserve(int bytes) throws IOException {
    if (Sectors.place(end) > active.size() - bytes) {
      roll(bytes);
    }
    int at = Sectors.place(end);
    staging.skipTo(at);
    return at;
  }

  private void flush() throws IOException {
    if (staging.write()) {
      writes.incrementAndGet();
    }
  }

  private void force() throws IOException {
    long written = Position.of(active.number(), end);
    if (durable < written) {
      active.file().force(false);
      forces.incrementAndGet();
      durable = written;
    }
  }

  private void roll(int bytes) throws IOException {
    flush();
    force();
    Segment next = preparer.take(bytes);
    segments.add(next);
    active = next;
    staging.start(next);
    end = Segment.FIRST;
    rolls.incrementAndGet();
    preparer.prepareAhead();
  }

  /** Makes all records durable. */
  void sync() {
    checkUsable();
    try {
      flush();
      force();
    } catch (IOException | RuntimeException | Error e) {
      throw poison("made durable", e);
    }
  }

  /** Where the last durable record ends. Any thread. */
  long durable() {
    return durable;
  }

  /** The bytes of all records so far. Log thread. */
  long appendedBytes() {
    return appendedBytes;
  }

  /** The segments in use. */
  Segments segments() {
    return segments;
  }

  /**
   * The bytes, on the heap, of a record that {@link #append} or a replay has told of, or of several
   * in one segment and what lies between them.
   *
   * @return null if the segment was given up: the index knows a newer place
   */
  @Nullable ByteBuffer read(long position, int length) throws IOException {
    Segments.@Nullable InUse inUse = segments.hold(Position.segment(position));
    if (inUse == null) {
      return null;
    }
    try {
      return read(inUse.segment, Position.offset(position), length);
    } finally {
      inUse.letGo();
    }
  }

  private ByteBuffer read(Segment segment, int offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    int inFile = staging.read(segment.number(), offset, bytes);
    if (inFile > 0 && segment.file().read(bytes.limit(inFile), offset) < inFile) {
      throw new EOFException("the file ends before the record does");
    }
    return bytes.clear();
  }

  /** Throws if nothing can be written any more. */
  void checkUsable() {
    StorageException no = refusal;
    if (no != null) {
      throw no;
    }
  }

  /** From now on all writes are refused, as something could not be done. */
  StorageException poison(String what, Throwable cause) {
    String message = cause.getMessage();
    String why = message == null ? cause.getClass().getSimpleName() : message;
    StorageException no =
        cause instanceof Disk.FullException
            ? new DiskFullException(
                String.format(
                    "%s could not be %s: the disk is full, and the log's reserve is used up (%s)."
                        + " Nothing more is written until the log is reopened; make room and"
                        + " restart",
                    disk.where(active.name()), what, why),
                cause)
            : new StorageException(
                String.format(
                    "%s could not be %s (%s): nothing more is written until the log is reopened;"
                        + " mend the disk and restart",
                    disk.where(active.name()), what, why),
                cause);
    refusal = no;
    return no;
  }

  /** From now on all writes are refused. */
  void close() throws IOException {
    if (refusal == null) {
      refusal =
          new StorageException("the log in " + disk.where("") + " is closed: open it again", null);
    }
    segments.close();
  }

  /** With what a compactor has counted. */
  Counters counters(Compactor compactor) {
    return new Counters(
        records.get(),
        writes.get(),
        forces.get(),
        rolls.get(),
        compactor.copies(),
        compactor.drops());
  }
}
