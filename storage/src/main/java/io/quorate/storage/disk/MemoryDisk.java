package io.quorate.storage.disk;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Files in memory: durable as long as the process lives. */
public final class MemoryDisk implements Disk {
  private final TreeMap<String, MemoryFile> files = new TreeMap<>();

  /** Without files. */
  public MemoryDisk() {}

  /** Nobody else has it. */
  @Override
  public Closeable lock() {
    return () -> {};
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized File create(String name) {
    MemoryFile file = new MemoryFile();
    files.put(name, file);
    return file;
  }

  @Override
  public synchronized File open(String name) throws IOException {
    return found(name, files.get(name));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    found(name, files.remove(name));
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    files.put(to, found(from, files.remove(from)));
  }

  private static MemoryFile found(String name, @Nullable MemoryFile file) throws IOException {
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return file;
  }

  @Override
  public void syncDirectory() {
    // There is nothing below.
  }

  @Override
  public String where(String name) {
    return name.isEmpty() ? "memory" : name + " in memory";
  }

  /** Grows by pieces, so that none of its bytes is ever copied. */
  private static final class MemoryFile implements File {
    private static final int PIECE_BYTES = 64 << 10;

    private final List<byte[]> pieces = new ArrayList<>();
    private long size;

    @Override
    public synchronized long size() {
      return size;
    }

    @Override
    public synchronized int read(ByteBuffer into, long offset) {
      int length = (int) Math.max(0, Math.min(into.remaining(), size - offset));
      for (int done = 0; done < length; ) {
        int at = (int) ((offset + done) % PIECE_BYTES);
        int part = Math.min(PIECE_BYTES - at, length - done);
        into.put(piece(offset + done), at, part);
        done += part;
      }
      return length;
    }

    @Override
    public synchronized void write(ByteBuffer from, long offset) {
      growTo(offset + from.remaining());
      for (long place = offset; from.hasRemaining(); ) {
        int at = (int) (place % PIECE_BYTES);
        int part = Math.min(PIECE_BYTES - at, from.remaining());
        from.get(piece(place), at, part);
        place += part;
      }
    }

    @Override
    public synchronized void preallocate(long from, long to) {
      growTo(to);
      for (long place = from; place < to; place++) {
        piece(place)[(int) (place % PIECE_BYTES)] = 0;
      }
    }

    private byte[] piece(long place) {
      return pieces.get((int) (place / PIECE_BYTES));
    }

    private void growTo(long bytes) {
      while ((long) pieces.size() * PIECE_BYTES < bytes) {
        pieces.add(new byte[PIECE_BYTES]);
      }
      size = Math.max(size, bytes);
    }

    @Override
    public void force(boolean bytes) {
      // There is nothing below.
    }

    @Override
    public void close() {
      // There is nothing to give free.
    }
  }
}
