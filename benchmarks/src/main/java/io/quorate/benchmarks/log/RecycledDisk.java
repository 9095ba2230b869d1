package io.quorate.benchmarks.log;

import io.quorate.storage.disk.Disk;
import io.quorate.storage.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk on which the space of new segments is there beforehand, so that writing zeros into it
 * costs nothing: what a log could gain by writing old segments again, at most.
 */
final class RecycledDisk implements Disk {
  private final Disk disk;
  private int left;

  private RecycledDisk(Disk disk, int left) {
    this.disk = disk;
    this.left = left;
  }

  /** Fills so many segments with zeros, and forces them. */
  @SuppressWarnings("try") // The lock is held, not used.
  static RecycledDisk make(Path directory, int segments, int bytes) throws IOException {
    Disk disk = new RealDisk(directory);
    try (Closeable lock = disk.lock()) {
      for (int i = 1; i <= segments; i++) {
        try (File file = disk.create(name(i))) {
          file.preallocate(0, bytes);
          file.force(true);
        }
      }
      disk.syncDirectory();
    }
    return new RecycledDisk(disk, segments);
  }

  private static String name(int number) {
    return "spare-" + number;
  }

  @Override
  public synchronized File create(String name) throws IOException {
    if (left == 0) {
      throw new IOException("too few segments were made beforehand");
    }
    disk.rename(name(left--), name);
    return new Prepared(disk.open(name));
  }

  @Override
  public Closeable lock() throws IOException {
    return disk.lock();
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public File open(String name) throws IOException {
    return disk.open(name);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void syncDirectory() throws IOException {
    disk.syncDirectory();
  }

  @Override
  public String where(String name) {
    return disk.where(name);
  }

  /** A file that is full of zeros. */
  private record Prepared(File file) implements File {
    @Override
    public void preallocate(long from, long to) {
      file.blank(from);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      file.write(from, offset);
    }

    @Override
    public void blank(long from) {
      file.blank(from);
    }

    @Override
    public void force(boolean size) throws IOException {
      file.force(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
