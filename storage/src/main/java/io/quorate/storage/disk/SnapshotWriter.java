package io.quorate.storage.disk;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/** Writes one snapshot file. */
final class SnapshotWriter implements Snapshots.Writer {
  /*
   * Blocks are put one behind the other into a buffer and go to the file in one call. The file is
   * forced every few MiB, so that neither the system nor the disk gathers so much that a sync of
   * the log would have to wait for it.
   *
   * Where the disk says that it has too little room, nothing is written: the log needs what is left
   * more. What is received is asked for as a whole, before it is begun; how long an own one will be
   * nobody knows, so it is asked for piece by piece.
   *
   * To digest a buffer takes as long as to write it. What is received is digested meanwhile, and
   * while the next buffer is filled, as the pace is set elsewhere; what is taken is digested before
   * it is written, to leave the other processors to those who propose commands meanwhile. The common
   * pool has the digest done by whoever waits for it, if it has no thread free.
   */
  private static final int BUFFER_BLOCKS = 4;
  private static final int BUFFER_BYTES =
      BUFFER_BLOCKS * SnapshotFormat.BLOCK_BYTES + SnapshotFormat.PAGE_BYTES;
  private static final int FORCE_BLOCKS = (4 << 20) / SnapshotFormat.BLOCK_BYTES;

  private final SnapshotFiles files;
  private final Disk disk;
  private final SnapshotFormat.Header header;
  private final Disk.File file;
  private final int salt;
  private final boolean resumed;
  private final MessageDigest digest = SnapshotFormat.newDigest();
  private ByteBuffer buffer = DirectFile.aligned(BUFFER_BYTES);
  private ByteBuffer spare; // Filled next; it may be
  private @Nullable ForkJoinTask<?> digesting; // what is being digested.
  private long block; // The number of the block that is being filled,
  private int inBlock; // and how much content it has.
  private long written; // How many blocks are in the file,
  private volatile long forced; // and are durable there.
  private Phase phase = Phase.OPEN;
  private @Nullable RuntimeException failure;

  private enum Phase {
    OPEN,
    FINISHED,
    ENDED
  }

  private SnapshotWriter(
      SnapshotFiles files,
      Disk disk,
      SnapshotFormat.Header header,
      Disk.File file,
      int salt,
      boolean resumed) {
    this.files = files;
    this.disk = disk;
    this.header = header;
    this.file = file;
    this.salt = salt;
    this.resumed = resumed;
    spare = header.received() ? DirectFile.aligned(BUFFER_BYTES) : buffer;
  }

  /** Opens what there is of that snapshot, to be resumed by {@link #rewrite}; or begins it. */
  static SnapshotWriter open(SnapshotFiles files, Disk disk, SnapshotFormat.Header header)
      throws IOException {
    ByteBuffer page = header.encode();
    String part = header.name().part();
    boolean resumed = header.received() && isOf(page, disk, part);
    Disk.File file = resumed ? disk.open(part) : create(disk, part, header.told().length());
    try {
      if (resumed) {
        disk.checkRoom(SnapshotFormat.fileBytes(header.told().length()) - file.size());
      }
      file.write(page.duplicate(), 0);
      if (header.received()) {
        disk.syncDirectory(); // What is forced of it is to be found again.
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      if (!resumed && e instanceof Disk.FullException full) {
        Reserve.delete(disk, part, full);
      }
      throw e;
    }
    return new SnapshotWriter(files, disk, header, file, SnapshotFormat.salt(page), resumed);
  }

  private static Disk.File create(Disk disk, String part, long length) throws IOException {
    disk.checkRoom(SnapshotFormat.fileBytes(length));
    return disk.create(part);
  }

  /** Whether there is a file that begins with that header. */
  private static boolean isOf(ByteBuffer page, Disk disk, String part) throws IOException {
    if (!disk.list().contains(part)) {
      return false;
    }
    try (Disk.File file = disk.open(part)) {
      return SnapshotReader.page(file, 0).equals(page);
    }
  }

  /**
   * Keeps the whole blocks that are sound. What is read need not be on disk, and no later force
   * need bring it there, if one has failed: so it is written once more, as it is.
   */
  void rewrite() throws IOException {
    if (!resumed) {
      return;
    }
    long whole = header.told().length() / SnapshotFormat.CONTENT_BYTES;
    while (block < whole) {
      files.checkOpen();
      ByteBuffer found = buffer.slice(0, SnapshotFormat.BLOCK_BYTES);
      long at = SnapshotFormat.blockAt(block);
      file.read(found, at);
      if (found.hasRemaining() || !SnapshotFormat.isBlock(found.flip(), salt, block)) {
        break;
      }
      digest.update(found.slice(0, SnapshotFormat.CONTENT_BYTES));
      file.write(found, at);
      block++;
    }
    written = block;
    force();
  }

  @Override
  public long position() {
    return block * SnapshotFormat.CONTENT_BYTES + inBlock;
  }

  @Override
  public long durable() {
    return forced * SnapshotFormat.CONTENT_BYTES;
  }

  @Override
  public void write(ByteBuffer bytes) {
    checkUsable();
    if (header.received() && bytes.remaining() > header.told().length() - position()) {
      throw new IllegalArgumentException(
          String.format(
              "%s is to have %d bytes, and %d would be written",
              name(), header.told().length(), position() + bytes.remaining()));
    }
    try {
      while (bytes.hasRemaining()) {
        put(bytes);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw fail("written", e);
    }
  }

  private void put(ByteBuffer bytes) throws IOException {
    int room = SnapshotFormat.CONTENT_BYTES - inBlock;
    ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), room));
    bytes.position(bytes.position() + part.remaining());
    buffer.put(bufferAt() + inBlock, part, 0, part.remaining());
    inBlock += part.remaining();
    if (inBlock == SnapshotFormat.CONTENT_BYTES) {
      seal(SnapshotFormat.BLOCK_BYTES);
      if (block - written == BUFFER_BLOCKS) {
        flush();
      }
    }
  }

  /** Where in the buffer the block begins that is being filled. */
  private int bufferAt() {
    return (int) (block - written) * SnapshotFormat.BLOCK_BYTES;
  }

  private void seal(int bytes) {
    SnapshotFormat.sealBlock(buffer.slice(bufferAt(), bytes), salt, block);
    block++;
    inBlock = 0;
  }

  /** Writes the whole blocks that there are. */
  private void flush() throws IOException {
    if (written == forced) {
      disk.checkRoom(bufferAt());
    }
    ByteBuffer whole = buffer.slice(0, bufferAt());
    ByteBuffer again = whole.duplicate();
    if (header.received()) {
      awaitDigest(); // It takes one buffer after the other, and the spare is filled next.
      digesting = ForkJoinTask.adapt(() -> digest(again)).fork();
    } else {
      digest(again);
    }
    file.write(whole, SnapshotFormat.blockAt(written));
    written = block;
    ByteBuffer next = spare;
    spare = buffer;
    buffer = next;
    if (written - forced >= FORCE_BLOCKS) {
      force();
    }
  }

  private void awaitDigest() {
    ForkJoinTask<?> task = digesting;
    if (task != null) {
      task.join();
    }
  }

  /** Of whole blocks, the content. */
  private void digest(ByteBuffer blocks) {
    for (int at = 0; at < blocks.limit(); at += SnapshotFormat.BLOCK_BYTES) {
      digest.update(blocks.slice(at, SnapshotFormat.CONTENT_BYTES));
    }
  }

  private void force() throws IOException {
    file.force(true);
    forced = written;
  }

  @Override
  public Snapshots.Snapshot finish() {
    checkUsable();
    awaitDigest();
    digest(buffer.slice(0, bufferAt()));
    digest.update(buffer.slice(bufferAt(), inBlock));
    Snapshots.Snapshot told = header.told();
    Snapshots.Snapshot snapshot =
        new Snapshots.Snapshot(
            told.epoch(), told.index(), told.stamp(), position(), Payload.of(digest.digest()));
    if (header.received() && !snapshot.equals(told)) {
      abandon();
      throw new StorageException(
          String.format(
              "%s was deleted, as what was received is not what was told (%s, not %s):"
                  + " begin anew",
              name(), snapshot, told),
          null);
    }
    try {
      writeEnd(snapshot);
      file.force(true);
      file.close();
      phase = Phase.FINISHED;
      files.publish(this);
      return snapshot;
    } catch (IOException | RuntimeException | Error e) {
      throw fail("finished", e);
    }
  }

  /** Writes what is left of the content, and the end. */
  private void writeEnd(Snapshots.Snapshot snapshot) throws IOException {
    int at = bufferAt();
    if (inBlock > 0) {
      int bytes = SnapshotFormat.blockBytes(inBlock);
      buffer.put(at + inBlock, new byte[bytes - inBlock]);
      seal(bytes);
      at += bytes;
    }
    ByteBuffer end = buffer.slice(at, SnapshotFormat.PAGE_BYTES);
    end.put(0, new byte[SnapshotFormat.PAGE_BYTES]);
    SnapshotFormat.putEnd(end, salt, snapshot.length(), snapshot.digest());
    disk.checkRoom(at + SnapshotFormat.PAGE_BYTES);
    file.write(buffer.slice(0, at + SnapshotFormat.PAGE_BYTES), SnapshotFormat.blockAt(written));
  }

  @Override
  public void abandon() {
    end(false);
  }

  @Override
  public void close() {
    end(header.received());
  }

  private void end(boolean keep) {
    if (phase != Phase.ENDED) {
      boolean delete = phase == Phase.OPEN && !keep;
      phase = Phase.ENDED;
      files.ended(this, delete);
    }
  }

  SnapshotName snapshotName() {
    return header.name();
  }

  /** Gives the file free. */
  void closeFile() throws IOException {
    file.close();
  }

  private void checkUsable() {
    RuntimeException no = failure;
    if (no != null) {
      throw no;
    }
    if (phase != Phase.OPEN) {
      throw new IllegalStateException(name() + " is no longer written");
    }
    files.checkOpen();
  }

  private RuntimeException fail(String what, Throwable cause) {
    failure = files.failed(header.name().part(), what, cause);
    return failure;
  }

  private String name() {
    return disk.where(header.name().part());
  }
}
