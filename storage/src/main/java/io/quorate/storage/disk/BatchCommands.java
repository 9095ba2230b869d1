package io.quorate.storage.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands in the value of a batch; docs/wire-format.md gives the places. */
final class BatchCommands {
  private static final byte VERSION = 1;
  private static final int COUNT_AT = 33;
  private static final int HEADER_BYTES = 37;
  private static final int COMMAND_HEADER_BYTES = 32;
  private static final int LENGTH_AT = 28;

  private BatchCommands() {}

  /** Of all commands, the bytes; null if that is no batch of this format. */
  static @Nullable List<byte[]> of(ByteBuffer value) {
    if (value.limit() < HEADER_BYTES || value.get(0) != VERSION) {
      return null;
    }
    int count = value.getInt(COUNT_AT);
    int at = HEADER_BYTES;
    if (count < 0 || count > (value.limit() - at) / COMMAND_HEADER_BYTES) {
      return null;
    }
    List<byte[]> commands = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (value.limit() - at < COMMAND_HEADER_BYTES) {
        return null;
      }
      int length = value.getInt(at + LENGTH_AT);
      at += COMMAND_HEADER_BYTES;
      if (length < 0 || length > value.limit() - at) {
        return null;
      }
      byte[] command = new byte[length];
      value.get(at, command);
      commands.add(command);
      at += length;
    }
    return at == value.limit() ? commands : null;
  }
}
