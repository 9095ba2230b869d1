package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Payload.CorruptPayloadException;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a replica's entries back, those that stand close together at once. Any thread. */
final class EntryReader {
  /*
   * Where entries stand is looked up first, then the disk is read, without the monitor of the index.
   * Meanwhile compaction may have copied them and given up their segment: then they are looked up
   * again. An entry that was replaced or removed meanwhile is handed over as it was.
   */
  private static final int RUN_BYTES_MAX = 256 << 10;

  /** What is read in vain between two entries costs less than reading twice. */
  private static final int GAP_BYTES_MAX = 4096;

  private final Disk disk;
  private final LogWriter writer;
  private final long group;
  private final GroupImage image;

  EntryReader(Disk disk, LogWriter writer, long group, GroupImage image) {
    this.disk = disk;
    this.writer = writer;
    this.group = group;
    this.image = image;
  }

  /** As {@link LogStore.Group#read} says it. */
  void read(long epoch, long from, int maxBytes, LogStore.Sink sink) {
    long bytes = 0;
    Run run = new Run();
    for (long index = from; ; index += run.count) {
      lookUp(run, epoch, index, index == from ? Long.MIN_VALUE : bytes, maxBytes);
      if (run.count == 0) {
        return;
      }
      @Nullable ByteBuffer found = bytes(run, epoch, index);
      if (found == null) {
        run.count = 0;
        continue;
      }
      for (int i = 0; i < run.count; i++) {
        bytes += run.lengths[i] - RecordHeader.BYTES;
        int at = (int) (run.positions[i] - run.positions[0]);
        if (!sink.accept(
            decode(found.slice(at, run.lengths[i]), epoch, index + i, run.positions[i]))) {
          return;
        }
      }
    }
  }

  /** One entry, which is there. */
  Entry read(long epoch, long index) {
    Entry[] read = new Entry[1];
    read(
        epoch,
        index,
        0,
        entry -> {
          read[0] = entry;
          return false;
        });
    return read[0];
  }

  /** Entries with consecutive indexes whose records stand one behind the other in one segment. */
  private static final class Run {
    private long[] positions = new long[16];
    private int[] lengths = new int[16];
    private int count;

    void add(long position, int length) {
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      positions[count] = position;
      lengths[count++] = length;
    }

    long end() {
      return positions[count - 1] + lengths[count - 1];
    }

    boolean goesOnAt(long position, int length) {
      return Position.segment(position) == Position.segment(positions[0])
          && position >= end()
          && position - end() <= GAP_BYTES_MAX
          && position + length - positions[0] <= RUN_BYTES_MAX;
    }
  }

  /** Finds those from {@code from} on; {@code bytes} were handed over, if that is not below 0. */
  private void lookUp(Run run, long epoch, long from, long bytes, int maxBytes) {
    run.count = 0;
    synchronized (image) {
      @Nullable EpochIndex entries = image.heldEpoch(epoch);
      if (entries == null) {
        return;
      }
      long sum = Math.max(0, bytes);
      for (long index = from; ; index++) {
        int length = entries.length(index);
        long position = entries.position(index);
        sum += length - RecordHeader.BYTES;
        boolean isFirst = index == from && bytes < 0;
        if (length == 0
            || (!isFirst && sum > maxBytes)
            || (run.count > 0 && !run.goesOnAt(position, length))) {
          return;
        }
        run.add(position, length);
      }
    }
  }

  private @Nullable ByteBuffer bytes(Run run, long epoch, long index) {
    try {
      return writer.read(run.positions[0], (int) (run.end() - run.positions[0]));
    } catch (IOException e) {
      throw unreadable(epoch, index, run.positions[0], String.valueOf(e.getMessage()), e);
    }
  }

  private Entry decode(ByteBuffer bytes, long epoch, long index, long position) {
    @Nullable RecordHeader header = RecordHeader.decode(bytes, 0, position);
    if (header == null
        || !header.type().isEntry()
        || header.group() != group
        || header.epoch() != epoch
        || header.index() != index
        || header.length() != bytes.limit() - RecordHeader.BYTES) {
      throw unreadable(epoch, index, position, "its header is not what was written", null);
    }
    if (header.type() == RecordHeader.Type.LOST) {
      throw unreadable(epoch, index, position, "its value was damaged, and is lost", null);
    }
    try {
      return new Entry(
          epoch,
          index,
          Entry.Kind.of(header.kind()),
          header.stamp(),
          Payload.received(bytes.slice(RecordHeader.BYTES, header.length()), header.valueCrc()));
    } catch (CorruptPayloadException e) {
      throw unreadable(epoch, index, position, "its value is not what was written", e);
    }
  }

  private StorageException unreadable(
      long epoch, long index, long position, String why, @Nullable Throwable cause) {
    return new StorageException(
        String.format(
            "%s, offset %d: entry %d of epoch %d in group %d cannot be read: %s",
            disk.where(Segment.name(Position.segment(position))),
            SectorFile.inFile(Position.offset(position)),
            index,
            epoch,
            group,
            why),
        cause);
  }
}
