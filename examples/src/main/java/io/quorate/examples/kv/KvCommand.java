package io.quorate.examples.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * What changes the map.
 *
 * <p>In bytes: a tag ({@code P}, {@code D}, {@code C}), then the record's strings in order, each an
 * int length (big endian) and UTF-8.
 */
public sealed interface KvCommand {
  /** A key has 1 to this many bytes of UTF-8. */
  int KEY_BYTES_MAX = 1024;

  /** A value has at most this many bytes of UTF-8. */
  int VALUE_BYTES_MAX = 256 << 10;

  /** The key that it changes. */
  String key();

  /** Its bytes. */
  byte[] encode();

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no command, saying why
   */
  static KvCommand decode(ByteBuffer in) {
    char tag = Fields.tag(in);
    return switch (tag) {
      case 'P' -> Fields.whole(new Put(key(in), value(in)), in);
      case 'D' -> Fields.whole(new Delete(key(in)), in);
      case 'C' -> Fields.whole(new CompareAndSet(key(in), value(in), value(in)), in);
      default -> throw new IllegalArgumentException("its tag is " + (int) tag + ", not P, D or C");
    };
  }

  private static String key(ByteBuffer in) {
    return Fields.decode(in, KEY_BYTES_MAX);
  }

  private static String value(ByteBuffer in) {
    return Fields.decode(in, VALUE_BYTES_MAX);
  }

  private static void checkKey(String key) {
    int length = key.getBytes(UTF_8).length;
    if (length == 0 || length > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key has 1 to " + KEY_BYTES_MAX + " bytes, not " + length);
    }
  }

  private static void checkValue(String value) {
    int length = value.getBytes(UTF_8).length;
    if (length > VALUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a value has at most " + VALUE_BYTES_MAX + " bytes, not " + length);
    }
  }

  /** Sets a key, whatever it holds. */
  record Put(String key, String value) implements KvCommand {
    /** Checks the lengths. */
    public Put {
      checkKey(key);
      checkValue(value);
    }

    @Override
    public byte[] encode() {
      return Fields.encode('P', key, value);
    }
  }

  /** Removes a key; refused if it is absent. */
  record Delete(String key) implements KvCommand {
    /** Checks the length. */
    public Delete {
      checkKey(key);
    }

    @Override
    public byte[] encode() {
      return Fields.encode('D', key);
    }
  }

  /** Sets a key if it holds what is expected; refused otherwise. */
  record CompareAndSet(String key, String expected, String value) implements KvCommand {
    /** Checks the lengths. */
    public CompareAndSet {
      checkKey(key);
      checkValue(expected);
      checkValue(value);
    }

    @Override
    public byte[] encode() {
      return Fields.encode('C', key, expected, value);
    }
  }
}
