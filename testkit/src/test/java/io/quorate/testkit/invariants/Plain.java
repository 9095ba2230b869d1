package io.quorate.testkit.invariants;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Command;
import java.nio.ByteBuffer;

/** A command that is nothing but what it is. */
record Plain(long index, long time, String text) implements Command {
  @Override
  public String session() {
    return "s";
  }

  @Override
  public int length() {
    return bytes().length;
  }

  @Override
  public byte[] bytes() {
    return text.getBytes(UTF_8);
  }

  @Override
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes()).asReadOnlyBuffer();
  }
}
