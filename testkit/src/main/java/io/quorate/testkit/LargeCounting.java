package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Counts, and has a state of more than a MiB once it has counted for a while. */
final class LargeCounting implements StateMachine {
  private static final int LARGE_AT = 35;
  private static final int BYTES = 2_500_000;

  private long count;

  @Override
  public byte[] apply(Command command) {
    count++;
    return Long.toString(count).getBytes(UTF_8);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    new DataOutputStream(out).writeLong(count);
    byte[] rest = new byte[size()];
    rest[(int) (count % rest.length)] = 1;
    out.write(rest);
  }

  private int size() {
    return count < LARGE_AT ? 10 : BYTES;
  }

  @Override
  public void restore(InputStream in) throws IOException {
    count = new DataInputStream(in).readLong();
    byte[] rest = in.readNBytes(size());
    if (rest.length < size() || rest[(int) (count % rest.length)] != 1) {
      throw new IOException("a state that is not whole");
    }
  }
}
