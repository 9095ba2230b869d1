package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of the file system whose errors say what they are. */
record TypedFile(Disk.File file, RealDisk disk) implements Disk.File {
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
    int bytes = from.remaining();
    try {
      file.write(from, offset);
    } catch (IOException e) {
      throw disk.typed(e, bytes);
    }
  }

  @Override
  public void preallocate(long from, long to) throws IOException {
    try {
      file.preallocate(from, to);
    } catch (IOException e) {
      throw disk.typed(e, to - from);
    }
  }

  /** What was written into the system's cache may find no room only now. */
  @Override
  public void force(boolean size) throws IOException {
    try {
      file.force(size);
    } catch (IOException e) {
      throw disk.typed(e, 0);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
