package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A real disk that tells of each read before it is done. */
final class HookedDisk extends ForwardingDisk {
  private volatile Hook beforeRead = name -> {};
  private int spares;
  private long readBytes;

  /** What is done before a read. */
  interface Hook {
    void reads(String name) throws IOException;
  }

  HookedDisk(Path directory) {
    super(new RealDisk(directory));
  }

  /** With the name of the file. */
  void beforeRead(Hook hook) {
    beforeRead = hook;
  }

  @Override
  public File create(String name) throws IOException {
    return new Hooked(name.replace(".new", ".log"), super.create(name));
  }

  @Override
  public File open(String name) throws IOException {
    return new Hooked(name, super.open(name));
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    super.rename(from, to);
    spares += from.endsWith(".old") ? 1 : 0;
  }

  /** How many files of segments that were given up have become others. */
  synchronized int spares() {
    return spares;
  }

  /** How many bytes were asked for in reads. */
  synchronized long readBytes() {
    return readBytes;
  }

  private synchronized void count(int bytes) {
    readBytes += bytes;
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
      count(into.remaining());
      return super.read(into, offset);
    }
  }
}
