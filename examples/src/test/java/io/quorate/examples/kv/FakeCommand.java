package io.quorate.examples.kv;

import io.quorate.Command;
import java.nio.ByteBuffer;

/** A command as a replica would hand it over. */
public record FakeCommand(long index, @SuppressWarnings("ArrayRecordComponent") byte[] content)
    implements Command {
  @Override
  public long time() {
    return index;
  }

  @Override
  public String session() {
    return "session";
  }

  @Override
  public int length() {
    return content.length;
  }

  @Override
  public byte[] bytes() {
    return content.clone();
  }

  @Override
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }
}
