package io.quorate.testkit.invariants;

import io.quorate.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** What a state machine writes as its state; to be used again and again. */
final class Snapshot extends OutputStream {
  private final CRC32C crc = new CRC32C();
  private byte[] bytes = new byte[1 << 10];
  private int size;

  void take(StateMachine machine) throws IOException {
    size = 0;
    machine.snapshot(this);
  }

  /** Becomes the same as another. */
  void copy(Snapshot other) {
    bytes = Arrays.copyOf(other.bytes, other.size);
    size = other.size;
  }

  @Override
  public void write(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    ensure(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
    }
  }

  int size() {
    return size;
  }

  long digest() {
    crc.reset();
    crc.update(bytes, 0, size);
    return crc.getValue();
  }

  InputStream input() {
    return new ByteArrayInputStream(bytes, 0, size);
  }

  boolean isSame(Snapshot other) {
    return Arrays.equals(bytes, 0, size, other.bytes, 0, other.size);
  }
}
