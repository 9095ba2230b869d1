package io.quorate.benchmarks.snapshot;

import io.quorate.Command;
import io.quorate.SnapshotWriter;
import io.quorate.StateMachine;
import io.quorate.examples.kv.CapturableMap;
import io.quorate.examples.kv.CapturableMap.Captured;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The map of the key-value example, from a number to bytes: a command is the key, eight bytes, and
 * the value behind it.
 */
final class Values implements StateMachine {
  private static final byte[] NO_BYTES = {};
  private static final int BUFFER_BYTES = 64 << 10;

  private CapturableMap<Long, byte[]> values = new CapturableMap<>();
  private final LongConsumer captureNanos;

  /** Tells how long each capture takes: so long commands wait. */
  Values(LongConsumer captureNanos) {
    this.captureNanos = captureNanos;
  }

  @Override
  public byte[] apply(Command command) {
    ByteBuffer bytes = command.buffer();
    long key = bytes.getLong();
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    values.put(key, value);
    return NO_BYTES;
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    write(out, values.capture());
  }

  @Override
  public SnapshotWriter capture() {
    long begin = System.nanoTime();
    Captured<Long, byte[]> captured = values.capture();
    captureNanos.accept(System.nanoTime() - begin);
    return out -> write(out, captured);
  }

  private static void write(OutputStream out, Captured<Long, byte[]> values) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
    data.writeInt(values.size());
    for (Map.Entry<Long, byte[]> entry : values) {
      data.writeLong(entry.getKey());
      data.writeInt(entry.getValue().length);
      data.write(entry.getValue());
    }
    data.flush();
  }

  @Override
  public void restore(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    CapturableMap<Long, byte[]> restored = new CapturableMap<>();
    for (int left = data.readInt(); left > 0; left--) {
      long key = data.readLong();
      byte[] value = new byte[data.readInt()];
      data.readFully(value);
      restored.put(key, value);
    }
    values = restored;
  }
}
