package io.quorate.storage.disk;

import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes records one by one, whether they make a log or not. */
final class RawLog implements Closeable {
  static final int SEGMENT_BYTES = 16 << 10;

  private final Path directory;
  private final Closeable lock;
  private final Preparer preparer;
  private final LogWriter writer;

  RawLog(Path directory) throws IOException {
    this.directory = directory;
    Disk disk = new RealDisk(directory);
    lock = disk.lock();
    Recovery.Ready ready =
        Recovery.open(
            disk,
            SEGMENT_BYTES,
            Runnable::run,
            new ProgressMeter(ProgressListener.NONE, System::nanoTime));
    preparer = ready.preparer();
    writer = ready.writer();
  }

  /** Bytes that a seed tells. */
  static Payload value(int seed, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed * 31 + i * 7 + i / 256);
    }
    return Payload.of(bytes);
  }

  RawLog created(long group, long instance, int member) {
    byte[] value = {0, 0, 0, (byte) member};
    return record(RecordHeader.Type.CREATED, group, instance, 0, 0, Payload.of(value));
  }

  RawLog entry(long group, long instance, long epoch, long index, Payload value) {
    return entry(RecordHeader.Type.ENTRY, group, instance, epoch, index, value);
  }

  RawLog lost(long group, long instance, long epoch, long index) {
    return entry(RecordHeader.Type.LOST, group, instance, epoch, index, Payload.EMPTY);
  }

  private RawLog entry(
      RecordHeader.Type type, long group, long instance, long epoch, long index, Payload value) {
    writer.append(
        type,
        Entry.Kind.BATCH.code(),
        group,
        instance,
        epoch,
        index,
        new Stamp(epoch, index),
        value.buffer(),
        value.crc());
    return this;
  }

  RawLog record(
      RecordHeader.Type type, long group, long instance, long epoch, long index, Payload value) {
    writer.append(type, 0, group, instance, epoch, index, Stamp.NONE, value.buffer(), value.crc());
    return this;
  }

  RawLog record(RecordHeader.Type type, long group, long instance, long epoch, long index) {
    return record(type, group, instance, epoch, index, Payload.EMPTY);
  }

  RawLog dropped(int firstNeeded) {
    return record(RecordHeader.Type.DROPPED, 0, 0, 0, firstNeeded);
  }

  /** Goes on in the next segment, behind a record of a group of its own. */
  RawLog roll(long group, long instance, long index) {
    int before = writer.segments().last();
    for (long at = index; writer.segments().last() == before; at++) {
      entry(group, instance, 1, at, value((int) at, 3000));
    }
    return this;
  }

  RawLog sync() {
    writer.sync();
    return this;
  }

  Path file(int segment) {
    return directory.resolve(Segment.name(segment));
  }

  void delete(int segment) throws IOException {
    Files.delete(file(segment));
  }

  @Override
  public void close() throws IOException {
    writer.close();
    preparer.close();
    lock.close();
  }
}
