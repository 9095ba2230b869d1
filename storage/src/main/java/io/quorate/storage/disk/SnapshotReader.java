package io.quorate.storage.disk;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open snapshot file. */
final class SnapshotReader implements Snapshots.Reader {
  private static final int BUFFER_BYTES = 4 * SnapshotFormat.BLOCK_BYTES;

  private final Disk disk;
  private final SnapshotName name;
  private final Disk.File file;
  private final int salt;
  private final Snapshots.Snapshot snapshot;
  private final Consumer<SnapshotReader> onClose;
  private final ProgressMeter meter;
  private final ByteBuffer buffer;
  private long first; // The number of the first block in the buffer, which has
  private int found; // so many bytes of the file.
  private long loaded = -1; // The number of the block that was compared last.
  private volatile boolean damaged;
  private volatile boolean closed;

  private SnapshotReader(
      Disk disk,
      SnapshotName name,
      Disk.File file,
      int salt,
      Snapshots.Snapshot snapshot,
      Consumer<SnapshotReader> onClose,
      ProgressMeter meter) {
    this.disk = disk;
    this.name = name;
    this.file = file;
    this.salt = salt;
    this.snapshot = snapshot;
    this.onClose = onClose;
    this.meter = meter;
    buffer = disk.buffer(BUFFER_BYTES);
  }

  /**
   * Opens a finished snapshot; looks at its header and its end.
   *
   * @param meter is told how far its streams are read
   * @throws SnapshotDamageException if they are not what was written
   * @throws StorageException if a later version wrote it
   */
  static SnapshotReader open(
      Disk disk, SnapshotName name, Consumer<SnapshotReader> onClose, ProgressMeter meter)
      throws IOException {
    Disk.File file = disk.open(name.finished());
    try {
      ByteBuffer page = page(file, 0);
      @Nullable String flaw = SnapshotFormat.flaw(page);
      if (flaw != null) {
        throw damage(disk, name, 0, flaw);
      }
      @Nullable String later = SnapshotFormat.later(page);
      if (later != null) {
        throw new StorageException(disk.where(name.finished()) + ": " + later, null);
      }
      SnapshotFormat.Header header = SnapshotFormat.header(page);
      if (!header.name().equals(name)) {
        throw damage(disk, name, 0, "the header is that of " + header.name().finished());
      }
      int salt = SnapshotFormat.salt(page);
      Snapshots.Snapshot snapshot = end(disk, name, file, salt, header.told());
      return new SnapshotReader(disk, name, file, salt, snapshot, onClose, meter);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Snapshots.Snapshot end(
      Disk disk, SnapshotName name, Disk.File file, int salt, Snapshots.Snapshot place)
      throws IOException {
    long at = Math.max(0, file.size() - SnapshotFormat.PAGE_BYTES);
    ByteBuffer page = page(file, at);
    Snapshots.@Nullable Snapshot end =
        page.remaining() < SnapshotFormat.PAGE_BYTES ? null : SnapshotFormat.end(page, salt, place);
    if (end == null || SnapshotFormat.endAt(end.length()) != at) {
      throw damage(disk, name, at, "the end of the file is not that which was written");
    }
    return end;
  }

  /** The page at {@code at}, or what there is of it. */
  static ByteBuffer page(Disk.File file, long at) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(SnapshotFormat.PAGE_BYTES);
    file.read(page, at);
    return page.flip();
  }

  private static SnapshotDamageException damage(
      Disk disk, SnapshotName name, long offset, String what) {
    return SnapshotDamageException.at(disk, name, offset, what);
  }

  private SnapshotDamageException damage(long at, String what) {
    damaged = true;
    return damage(disk, name, at, what);
  }

  /** Whether something that was read is not what was written. */
  boolean isDamaged() {
    return damaged;
  }

  SnapshotName name() {
    return name;
  }

  @Override
  public Snapshots.Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public int read(long offset, ByteBuffer into) {
    Objects.checkIndex(offset, snapshot.length() + 1);
    int start = into.position();
    long at = offset;
    while (into.hasRemaining() && at < snapshot.length()) {
      int content = load(at / SnapshotFormat.CONTENT_BYTES);
      int from = (int) (at % SnapshotFormat.CONTENT_BYTES);
      int length = Math.min(into.remaining(), content - from);
      into.put(buffer.slice((int) inBuffer(loaded) + from, length));
      at += length;
    }
    return into.position() - start;
  }

  /** Has that block in memory, and returns how much content it has. */
  private int load(long number) {
    if (closed) {
      throw new StorageException(disk.where(name.finished()) + " is closed: open it again", null);
    }
    long from = number * SnapshotFormat.CONTENT_BYTES;
    int content = (int) Math.min(SnapshotFormat.CONTENT_BYTES, snapshot.length() - from);
    if (loaded == number) {
      return content;
    }
    loaded = -1;
    int bytes = SnapshotFormat.blockBytes(content);
    if (number < first || inBuffer(number) + bytes > found) {
      fill(number);
    }
    int start = (int) inBuffer(number);
    if (bytes > found || !SnapshotFormat.isBlock(buffer.slice(start, bytes), salt, number)) {
      throw damage(SnapshotFormat.blockAt(number), "the block is not what was written");
    }
    loaded = number;
    return content;
  }

  private long inBuffer(long number) {
    return (number - first) * SnapshotFormat.BLOCK_BYTES;
  }

  /** Reads some blocks at once, from that one on. */
  private void fill(long number) {
    long at = SnapshotFormat.blockAt(number);
    first = number;
    found = 0;
    long left = SnapshotFormat.endAt(snapshot.length()) - at;
    buffer.clear().limit((int) Math.min(buffer.capacity(), left));
    try {
      found = file.read(buffer, at);
    } catch (IOException e) {
      throw new StorageException(
          String.format(
              "%s, offset %d: cannot be read (%s)",
              disk.where(name.finished()), at, e.getMessage()),
          e);
    }
    buffer.clear();
  }

  @Override
  public InputStream stream() {
    meter.begin(ProgressListener.Phase.BACKUP, snapshot.length());
    return new Content();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.accept(this);
    }
  }

  /** Gives the file free. */
  void closeFile() throws IOException {
    closed = true;
    file.close();
  }

  /** All content, from its start. */
  private final class Content extends InputStream {
    private final MessageDigest digest = SnapshotFormat.newDigest();
    private long position;
    private boolean compared;

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      if (length == 0) {
        return 0;
      }
      int found = SnapshotReader.this.read(position, ByteBuffer.wrap(bytes, from, length));
      if (found == 0) {
        compare();
        return -1;
      }
      digest.update(bytes, from, found);
      position += found;
      meter.advance(position);
      return found;
    }

    private void compare() {
      if (!compared && !Payload.of(digest.digest()).equals(snapshot.digest())) {
        long at = SnapshotFormat.endAt(snapshot.length());
        throw damage(at, "the content has another digest than the end tells");
      }
      compared = true;
    }
  }
}
