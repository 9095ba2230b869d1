package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Payload.CorruptPayloadException;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The log of one replica in the shared segments. */
final class FileGroup implements LogStore.Group {
  private static final int SAVED_BYTES_MAX = 4096;

  private final Disk disk;
  private final LogWriter writer;
  private final long group;
  private final GroupImage image;
  private final Snapshots snapshots;
  private final LogStore.Recovered recovered;

  FileGroup(
      Disk disk,
      LogWriter writer,
      SnapshotFiles snapshots,
      long group,
      GroupImage image,
      boolean created) {
    this.disk = disk;
    this.writer = writer;
    this.snapshots = snapshots.of(group, image.instance());
    this.group = group;
    this.image = image;
    this.recovered = image.recovered(created, this::readRecovered);
  }

  int member() {
    return image.member();
  }

  @Override
  public LogStore.Recovered recovered() {
    return recovered;
  }

  @Override
  public void write(Entry entry) {
    Payload value = entry.value();
    long position =
        writer.append(
            RecordHeader.Type.ENTRY,
            entry.kind().code(),
            group,
            image.instance(),
            entry.epoch(),
            entry.index(),
            entry.stamp(),
            value.buffer(),
            value.crc());
    synchronized (image) {
      image.epoch(entry.epoch()).put(entry.index(), position, RecordHeader.BYTES + value.length());
    }
  }

  @Override
  public void truncate(long epoch, long from) {
    Check.that(epoch > 0 && from > 0, "a truncation's epoch and index are above 0", epoch, from);
    append(RecordHeader.Type.TRUNCATION, epoch, from, Payload.EMPTY);
    synchronized (image) {
      image.epoch(epoch).truncate(from);
    }
  }

  @Override
  public void save(byte[] record) {
    Check.that(
        record.length <= SAVED_BYTES_MAX,
        "a saved record has at most 4 KiB",
        record.length,
        SAVED_BYTES_MAX);
    append(RecordHeader.Type.SAVED, 0, 0, Payload.of(record));
  }

  /** Buffers the record of this replica's creation. */
  void writeCreated() {
    byte[] member = ByteBuffer.allocate(Integer.BYTES).putInt(image.member()).array();
    append(RecordHeader.Type.CREATED, 0, 0, Payload.of(member));
  }

  private void append(RecordHeader.Type type, long epoch, long index, Payload value) {
    writer.append(
        type, 0, group, image.instance(), epoch, index, Stamp.NONE, value.buffer(), value.crc());
  }

  @Override
  public void read(long epoch, long from, int maxBytes, LogStore.Sink sink) {
    long bytes = 0;
    for (long index = from; ; index++) {
      long position;
      int length;
      synchronized (image) {
        @Nullable EpochIndex entries = image.heldEpoch(epoch);
        length = entries == null ? 0 : entries.length(index);
        position = entries == null ? 0 : entries.position(index);
      }
      bytes += length - RecordHeader.BYTES;
      if (length == 0 || (index > from && bytes > maxBytes)) {
        return;
      }
      if (!sink.accept(read(epoch, index, position, length))) {
        return;
      }
    }
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  private Entry readRecovered(long epoch, long index) {
    EpochIndex entries = image.epoch(epoch);
    return read(epoch, index, entries.position(index), entries.length(index));
  }

  private Entry read(long epoch, long index, long position, int length) {
    try {
      ByteBuffer bytes = writer.read(position, length);
      @Nullable RecordHeader header = RecordHeader.decode(bytes, 0, position);
      if (header == null
          || header.type() != RecordHeader.Type.ENTRY
          || header.group() != group
          || header.epoch() != epoch
          || header.index() != index
          || header.length() != length - RecordHeader.BYTES) {
        throw unreadable(epoch, index, position, "its header is not what was written", null);
      }
      ByteBuffer value = bytes.slice(RecordHeader.BYTES, header.length());
      return new Entry(
          epoch,
          index,
          Entry.Kind.of(header.kind()),
          header.stamp(),
          Payload.received(value, header.valueCrc()));
    } catch (IOException e) {
      throw unreadable(epoch, index, position, String.valueOf(e.getMessage()), e);
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
            Position.offset(position),
            index,
            epoch,
            group,
            why),
        cause);
  }
}
