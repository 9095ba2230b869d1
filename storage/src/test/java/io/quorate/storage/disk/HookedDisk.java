package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A real disk that tells of each read before it is done. */
final class HookedDisk implements Disk {
  private final RealDisk disk;
  private volatile Hook beforeRead = name -> {};

  /** What is done before a read. */
  interface Hook {
    void reads(String name) throws IOException;
  }

  HookedDisk(Path directory) {
    disk = new RealDisk(directory);
  }

  /** With the name of the file. */
  void beforeRead(Hook hook) {
    beforeRead = hook;
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
  public File create(String name) throws IOException {
    return new Hooked(name.replace(".new", ".log"), disk.create(name));
  }

  @Override
  public File open(String name) throws IOException {
    return new Hooked(name, disk.open(name));
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

  private final class Hooked implements File {
    private final String name;
    private final File file;

    Hooked(String name, File file) {
      this.name = name;
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      beforeRead.reads(name);
      return file.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      file.write(from, offset);
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
      file.preallocate(from, to);
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
