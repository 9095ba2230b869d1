package io.quorate.storage.disk;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The log of one replica in the shared segments. */
final class FileGroup implements LogStore.Group {
  private static final int SAVED_BYTES_MAX = 4096;

  private final LogWriter writer;
  private final long group;
  private final GroupImage image;
  private final EntryReader reader;
  private final Snapshots snapshots;
  private final LogStore.Recovered recovered;
  private boolean removed;

  FileGroup(
      Disk disk,
      LogWriter writer,
      SnapshotFiles snapshots,
      long group,
      GroupImage image,
      boolean created) {
    this.writer = writer;
    this.snapshots = snapshots.of(group, image.instance());
    this.group = group;
    this.image = image;
    this.reader = new EntryReader(disk, writer, group, image);
    this.recovered = image.recovered(created, reader::read);
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
    if (image.isGivenUp(entry.epoch(), entry.index())) {
      writer.checkUsable();
      return;
    }
    Payload value = entry.value();
    long position =
        append(
            RecordHeader.Type.ENTRY,
            entry.kind().code(),
            entry.epoch(),
            entry.index(),
            entry.stamp(),
            value);
    image.put(entry.epoch(), entry.index(), position, RecordHeader.BYTES + value.length());
  }

  @Override
  public void truncate(long epoch, long from) {
    Check.that(epoch > 0 && from > 0, "a truncation's epoch and index are above 0", epoch, from);
    append(RecordHeader.Type.TRUNCATION, epoch, from, Payload.EMPTY);
    image.truncate(epoch, from);
  }

  @Override
  public void save(byte[] record) {
    Check.that(
        record.length <= SAVED_BYTES_MAX,
        "a saved record has at most 4 KiB",
        record.length,
        SAVED_BYTES_MAX);
    long position = append(RecordHeader.Type.SAVED, 0, 0, Payload.of(record));
    image.saved(position, RecordHeader.BYTES + record.length);
  }

  @Override
  public void release(long epoch, long upTo) {
    Check.that(epoch > 0 && upTo >= 0, "a release's epoch is above 0", epoch, upTo);
    if (image.isGivenUp(epoch, upTo)) {
      writer.checkUsable();
      return;
    }
    long position = append(RecordHeader.Type.RELEASE, epoch, upTo, Payload.EMPTY);
    image.release(epoch, upTo, position, RecordHeader.BYTES);
  }

  @Override
  public void seal(long epoch, long index, byte[] next) {
    LogStore.Seal seal = new LogStore.Seal(epoch, index, Payload.of(next.clone()));
    LogStore.@Nullable Seal known = image.seal(epoch);
    Check.that(known == null || known.equals(seal), "an epoch is sealed once");
    if (known != null || image.isSealGivenUp(epoch)) {
      writer.checkUsable();
      return;
    }
    long position = append(RecordHeader.Type.SEAL, epoch, index, seal.next());
    image.sealed(seal, position, RecordHeader.BYTES + next.length);
  }

  /** Buffers the record of this replica's creation. */
  void create(int member) {
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(member).array();
    long position = append(RecordHeader.Type.CREATED, 0, 0, Payload.of(value));
    image.created(member, position, RecordHeader.BYTES + value.length);
  }

  /** The replica was removed: from now on there is nothing to read, and nothing is written. */
  void remove() {
    removed = true;
  }

  private long append(RecordHeader.Type type, long epoch, long index, Payload value) {
    return append(type, 0, epoch, index, Stamp.NONE, value);
  }

  private long append(
      RecordHeader.Type type, int kind, long epoch, long index, Stamp stamp, Payload value) {
    Check.that(!removed, "nothing is written to a replica that was removed");
    return writer.append(
        type, kind, group, image.instance(), epoch, index, stamp, value.buffer(), value.crc());
  }

  @Override
  public void read(long epoch, long from, int maxBytes, LogStore.Sink sink) {
    reader.read(epoch, from, maxBytes, sink);
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }
}
