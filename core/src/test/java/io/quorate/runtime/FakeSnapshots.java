package io.quorate.runtime;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Snapshots on the heap; a received one goes on where an earlier writer of the same has ended. */
final class FakeSnapshots implements Snapshots {
  final TreeMap<Long, byte[]> finished = new TreeMap<>();
  private final Map<Snapshot, ByteArrayOutputStream> begun = new HashMap<>();
  boolean writing;
  int open;

  @Override
  public @Nullable Reader newest() {
    return finished.isEmpty() ? null : at(1, finished.lastKey());
  }

  @Override
  public @Nullable Reader at(long epoch, long index) {
    byte[] content = finished.get(index);
    return content == null ? null : new Open(snapshot(index, content), content);
  }

  @Override
  public Writer take(long epoch, long index, Stamp stamp) {
    return new Writing(index, new ByteArrayOutputStream());
  }

  @Override
  public Writer receive(Snapshot told) {
    return new Writing(
        told.index(), begun.computeIfAbsent(told, any -> new ByteArrayOutputStream()));
  }

  static Snapshot snapshot(long index, byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new Snapshot(1, index, new Stamp(1, 0), content.length, Payload.of(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private final class Open implements Reader {
    private final Snapshot snapshot;
    private final byte[] content;

    Open(Snapshot snapshot, byte[] content) {
      this.snapshot = snapshot;
      this.content = content;
      open++;
    }

    @Override
    public Snapshot snapshot() {
      return snapshot;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
      int length = (int) Math.min(into.remaining(), content.length - offset);
      into.put(content, (int) offset, length);
      return length;
    }

    @Override
    public InputStream stream() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public void close() {
      open--;
    }
  }

  private final class Writing implements Writer {
    private final long index;
    private final ByteArrayOutputStream content;

    Writing(long index, ByteArrayOutputStream content) {
      this.index = index;
      this.content = content;
      if (writing) {
        throw new IllegalStateException("one is being written");
      }
      writing = true;
    }

    @Override
    public long position() {
      return content.size();
    }

    @Override
    public long durable() {
      return 0;
    }

    @Override
    public void write(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      content.writeBytes(copy);
    }

    @Override
    public Snapshot finish() {
      finished.put(index, content.toByteArray());
      return snapshot(index, content.toByteArray());
    }

    @Override
    public void abandon() {
      begun.values().remove(content);
    }

    @Override
    public void close() {
      writing = false;
    }
  }
}
