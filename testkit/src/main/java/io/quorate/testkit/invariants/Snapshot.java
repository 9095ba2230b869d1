package io.quorate.testkit.invariants;

import io.quorate.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** What a state machine writes as its state; to be used again and again. */
final class Snapshot extends ByteArrayOutputStream {
  private final CRC32C crc = new CRC32C();

  void take(StateMachine machine) throws IOException {
    reset();
    machine.snapshot(this);
  }

  long digest() {
    crc.reset();
    crc.update(buf, 0, count);
    return crc.getValue();
  }

  InputStream input() {
    return new ByteArrayInputStream(buf, 0, count);
  }

  boolean isSame(Snapshot other) {
    return Arrays.equals(buf, 0, count, other.buf, 0, other.count);
  }
}
