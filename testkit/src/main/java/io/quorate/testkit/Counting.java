package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import io.quorate.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The state machine of those who bring none: counts, and replies with count and command. */
final class Counting implements StateMachine {
  private long count;

  @Override
  public byte[] apply(Command command) {
    count++;
    return (count + " " + new String(command.bytes(), UTF_8)).getBytes(UTF_8);
  }

  @Override
  public void snapshot(OutputStream out) throws IOException {
    new DataOutputStream(out).writeLong(count);
  }

  @Override
  public void restore(InputStream in) throws IOException {
    count = new DataInputStream(in).readLong();
  }
}
