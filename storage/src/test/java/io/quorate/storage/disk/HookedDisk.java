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
  private int spares;

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
  public synchronized void rename(String from, String to) throws IOException {
    disk.rename(from, to);
    spares += from.endsWith(".old") ? 1 : 0;
  }

  /** How many files of segments that were given up have become others. */
  synchronized int spares() {
    return spares;
  }

  @Override
  public void syncDirectory() throws IOException {
    disk.syncDirectory();
  }

  @Override
  public String where(String name) {
    return disk.where(name);
  }

  private final class Hooked extends ForwardingFile {
    private final String name;

    Hooked(String name, File file) {
      super(file);
      this.name = name;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      beforeRead.reads(name);
      return super.read(into, offset);
    }
  }
}
