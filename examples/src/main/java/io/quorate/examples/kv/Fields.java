package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Strings in bytes, each as an int length and UTF-8. Whoever reads checks the length before he
 * allocates.
 */
final class Fields {
  private Fields() {}

  /** A tag and strings. */
  static byte[] encode(char tag, String... fields) {
    byte[][] encoded = new byte[fields.length][];
    int length = 1;
    for (int i = 0; i < fields.length; i++) {
      encoded[i] = fields[i].getBytes(UTF_8);
      length += Integer.BYTES + encoded[i].length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).put((byte) tag);
    for (byte[] field : encoded) {
      out.putInt(field.length).put(field);
    }
    return out.array();
  }

  /**
   * The next string.
   *
   * @throws IllegalArgumentException if it is not there, too long or no UTF-8
   */
  static String decode(ByteBuffer in, int bytesMax) {
    if (in.remaining() < Integer.BYTES) {
      throw new IllegalArgumentException("it is cut off");
    }
    int length = in.getInt();
    if (length < 0 || length > bytesMax || length > in.remaining()) {
      throw new IllegalArgumentException(
          "a field of %d bytes with %d left; at most %d"
              .formatted(length, in.remaining(), bytesMax));
    }
    ByteBuffer field = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return UTF_8.newDecoder().decode(field).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a field is no UTF-8", e);
    }
  }

  /** The tag in front. */
  static char tag(ByteBuffer in) {
    if (!in.hasRemaining()) {
      throw new IllegalArgumentException("it is empty");
    }
    return (char) in.get();
  }

  /** Passes the value on if nothing is left over. */
  static <T> T whole(T value, ByteBuffer in) {
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes are left over");
    }
    return value;
  }
}
