package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that does what another one does; tests change a call or two. */
class ForwardingFile implements Disk.File {
  private final Disk.File file;

  ForwardingFile(Disk.File file) {
    this.file = file;
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
  public void preallocate(long from, long to) throws IOException {
    file.preallocate(from, to);
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
