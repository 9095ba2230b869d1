package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A directory of which nothing can be changed. It can show the files as they would be without some
 * flipped bits.
 */
final class ReadOnlyDisk implements Disk {
  private final Path directory;
  private final RealDisk real;
  private final List<Flip> undone;

  /** With the bits that are to be shown as they were. */
  ReadOnlyDisk(Path directory, List<Flip> undone) {
    this.directory = directory;
    this.real = new RealDisk(directory);
    this.undone = List.copyOf(undone);
  }

  /** For reading: who wants to write is kept out. */
  @Override
  public Closeable lock() throws IOException {
    return real.lockForReading();
  }

  @Override
  public List<String> list() throws IOException {
    return real.list();
  }

  @Override
  public File open(String name) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ);
    return new ReadOnlyFile(
        channel, undone.stream().filter(flip -> flip.file().equals(name)).toList());
  }

  @Override
  public String where(String name) {
    return real.where(name);
  }

  @Override
  public File create(String name) {
    throw readOnly();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  @Override
  public void rename(String from, String to) {
    throw readOnly();
  }

  @Override
  public void syncDirectory() {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("what is only looked at is not changed");
  }

  private record ReadOnlyFile(FileChannel channel, List<Flip> undone) implements File {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      int start = into.position();
      int length = RealDisk.readFully(channel, into, offset);
      ByteBuffer read = into.slice(start, length);
      undone.forEach(flip -> flip.undo(read, offset));
      return length;
    }

    @Override
    public void write(ByteBuffer from, long offset) {
      throw readOnly();
    }

    @Override
    public void preallocate(long from, long to) {
      throw readOnly();
    }

    @Override
    public void force(boolean size) {
      throw readOnly();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
