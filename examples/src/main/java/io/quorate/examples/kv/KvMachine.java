package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.SnapshotWriter;
import io.quorate.StateMachine;
import io.quorate.examples.kv.CapturableMap.Captured;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map from string to string as a state machine. Commands are {@link KvCommand}s, queries {@link
 * KvQuery}s; the reply to a command is its key's count, eight bytes.
 *
 * <p>For each key it counts the commands that have changed it, beyond a delete: who wrote a key
 * once and finds a count of two has seen a duplicate.
 */
public final class KvMachine implements StateMachine {
  private static final int FORMAT_VERSION = 1;

  private CapturableMap<String, Cell> cells = new CapturableMap<>();
  private long index;

  @Override
  public byte[] apply(Command command) {
    KvCommand change = decode(command.buffer());
    long applies = apply(change);
    index = command.index(); // Only now: a refused command changes nothing, this included.
    return ByteBuffer.allocate(Long.BYTES).putLong(applies).array();
  }

  private static KvCommand decode(ByteBuffer bytes) {
    try {
      return KvCommand.decode(bytes);
    } catch (IllegalArgumentException e) {
      throw new CommandRejectedException("not a key-value command: " + e.getMessage());
    }
  }

  private long apply(KvCommand change) {
    @Nullable Cell cell = cells.get(change.key());
    String held = cell == null ? null : cell.value;
    String next;
    if (change instanceof KvCommand.Put put) {
      next = put.value();
    } else if (change instanceof KvCommand.CompareAndSet swap) {
      if (!swap.expected().equals(held)) {
        throw new CommandRejectedException("key " + KvLine.quote(swap.key()) + holds(held));
      }
      next = swap.value();
    } else if (change instanceof KvCommand.Delete) {
      if (held == null) {
        throw new CommandRejectedException("key " + KvLine.quote(change.key()) + holds(null));
      }
      next = null;
    } else {
      throw new AssertionError(change);
    }
    long applies = cell == null ? 1 : cell.applies + 1;
    cells.put(change.key(), new Cell(next, applies));
    return applies;
  }

  private static String holds(@Nullable String value) {
    if (value == null) {
      return " is absent";
    }
    return " holds " + KvLine.quote(value.length() <= 100 ? value : value.substring(0, 100) + "…");
  }

  @Override
  public byte[] query(byte[] question) {
    KvQuery query = KvQuery.decode(ByteBuffer.wrap(question));
    if (query instanceof KvQuery.Get get) {
      Cell cell = cells.get(get.key());
      return KvQuery.Get.answer(cell == null ? null : cell.value);
    }
    if (query instanceof KvQuery.Scan scan) {
      return scan(scan);
    }
    if (query instanceof KvQuery.Digest) {
      return KvQuery.Digest.answer(index, sha256());
    }
    throw new AssertionError(query);
  }

  private byte[] scan(KvQuery.Scan scan) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    boolean within = scan.after().compareTo(scan.prefix()) >= 0;
    String from = within ? scan.after() : scan.prefix();
    for (Map.Entry<String, Cell> entry : cells.capture().from(from)) {
      if (entry.getKey().equals(scan.after())) {
        continue;
      }
      if (!entry.getKey().startsWith(scan.prefix()) || page.size() >= KvQuery.Scan.PAGE_BYTES) {
        break;
      }
      Cell cell = entry.getValue();
      page.writeBytes(KvQuery.Scan.answer(new KvEntry(entry.getKey(), cell.value, cell.applies)));
    }
    return page.toByteArray();
  }

  private byte[] sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      snapshot(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    capture().write(out);
  }

  /** Takes no time, so commands do not wait: see {@link CapturableMap}. Cells never change. */
  @Override
  public SnapshotWriter capture() {
    Captured<String, Cell> captured = cells.capture();
    long at = index;
    return out -> write(out, at, captured);
  }

  private static void write(OutputStream out, long index, Captured<String, Cell> cells)
      throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
    data.writeInt(FORMAT_VERSION);
    data.writeLong(index);
    data.writeInt(cells.size());
    for (Map.Entry<String, Cell> entry : cells) {
      Cell cell = entry.getValue();
      write(data, entry.getKey());
      data.writeLong(cell.applies);
      data.writeBoolean(cell.value != null);
      if (cell.value != null) {
        write(data, cell.value);
      }
    }
    data.flush();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int version = data.readInt();
    if (version != FORMAT_VERSION) {
      throw new IOException("a snapshot of format " + version + "; this program reads format 1");
    }
    long restoredIndex = data.readLong();
    CapturableMap<String, Cell> restored = new CapturableMap<>();
    for (int left = data.readInt(); left > 0; left--) {
      String key = read(data, KvCommand.KEY_BYTES_MAX);
      long applies = data.readLong();
      String value = data.readBoolean() ? read(data, KvCommand.VALUE_BYTES_MAX) : null;
      restored.put(key, new Cell(value, applies));
    }
    index = restoredIndex;
    cells = restored;
  }

  private static String read(DataInputStream in, int bytesMax) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > bytesMax) {
      throw new IOException("a field of " + length + " bytes in a snapshot; at most " + bytesMax);
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("a snapshot that ends within a field");
    }
    return new String(bytes, UTF_8);
  }

  private record Cell(@Nullable String value, long applies) {}
}
