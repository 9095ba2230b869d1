package io.quorate.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk that, when it is full, takes so many bytes more, and lets no file grow. */
final class TightDisk extends ForwardingDisk {
  boolean full;
  int room = Integer.MAX_VALUE;

  /** What it says that there is; it may be wrong. */
  long saidRoom = Long.MAX_VALUE;

  TightDisk(Disk below) {
    super(below);
  }

  @Override
  public void checkRoom(long bytes) throws IOException {
    if (bytes > saidRoom) {
      throw new FullException(bytes + " bytes are needed and " + saidRoom + " are free");
    }
  }

  @Override
  public File create(String name) throws IOException {
    return new TightFile(super.create(name));
  }

  @Override
  public File open(String name) throws IOException {
    return new TightFile(super.open(name));
  }

  private final class TightFile extends ForwardingFile {
    TightFile(File file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      int length = from.remaining();
      if (full && (length > room || offset + length > size())) {
        super.write(from.slice(from.position(), Math.min(room, length)), offset);
        throw new FullException("no room in the test");
      }
      super.write(from, offset);
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
      if (full && to > size()) {
        throw new FullException("no room in the test");
      }
      super.preallocate(from, to);
    }
  }
}
