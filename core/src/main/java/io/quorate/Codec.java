package io.quorate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.function.Function;

/**
 * How values of one kind become bytes and come back; {@code decode} of what {@code encode} wrote is
 * an equal value. Bytes of earlier versions of a program stand in logs and snapshots, so a codec
 * reads what it ever wrote.
 *
 * <p><b>Threads.</b> Any, several at a time.
 *
 * <p><b>Errors.</b> {@code decode} throws {@link IllegalArgumentException} for bytes that are no
 * value, with a sentence that says why, and the same on every replica.
 *
 * @param <T> the values
 */
public interface Codec<T> {
  /** The value's bytes; the caller's own. */
  byte[] encode(T value);

  /**
   * The value of the bytes from the buffer's position to its limit. The buffer is lent: it is not
   * written to, and not kept after the call.
   *
   * @throws IllegalArgumentException if they are no value, saying why
   */
  T decode(ByteBuffer bytes);

  /** Of two functions. */
  static <T> Codec<T> of(Function<T, byte[]> encoder, Function<ByteBuffer, T> decoder) {
    return new Codec<>() {
      @Override
      public byte[] encode(T value) {
        return encoder.apply(value);
      }

      @Override
      public T decode(ByteBuffer bytes) {
        return decoder.apply(bytes);
      }
    };
  }

  /** Text in UTF-8; what is none is refused. */
  static Codec<String> utf8() {
    return of(
        text -> text.getBytes(UTF_8),
        bytes -> {
          try {
            return UTF_8.newDecoder().decode(bytes).toString();
          } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no UTF-8", e);
          }
        });
  }

  /** A whole number, in eight bytes. */
  static Codec<Long> int64() {
    return of(
        number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
        bytes -> {
          if (bytes.remaining() != Long.BYTES) {
            throw new IllegalArgumentException(
                "it has " + bytes.remaining() + " bytes; a number has " + Long.BYTES);
          }
          return bytes.getLong();
        });
  }
}
