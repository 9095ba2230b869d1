package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * How keys become numbers. A part of what two processes have to agree on: where the functions
 * differ, so do the owners.
 */
public enum KeyHash {
  /** XXH3 of 64 bits with seed 0: fast, and the same in all languages. The default. */
  XXH3(1, Hashing.xxh3_64()),

  /** The first 64 of MurmurHash3 x64's 128 bits, with seed 0. */
  MURMUR3(2, Hashing.murmur3_128());

  /** Texts up to this length are hashed without an allocation, whatever they are written in. */
  private static final int SHORT = 64;

  private static final int UTF_8_MAX = 3;
  private static final ThreadLocal<byte[]> SCRATCH =
      ThreadLocal.withInitial(() -> new byte[SHORT * UTF_8_MAX]);

  private final byte code;

  @SuppressWarnings("ImmutableEnumChecker") // hash4j's hashers are immutable and do not say so.
  private final Hasher64 hasher;

  KeyHash(int code, Hasher64 hasher) {
    this.code = (byte) code;
    this.hasher = hasher;
  }

  /** What stands for it in the wire form of a ring. */
  byte code() {
    return code;
  }

  static KeyHash of(byte code) {
    for (KeyHash hash : values()) {
      if (hash.code == code) {
        return hash;
      }
    }
    throw new IllegalArgumentException("no ring: no hash function has the number " + code);
  }

  /** The hash of the key's eight bytes, the lowest first. */
  public long hash(long key) {
    return hasher.hashLongToLong(key);
  }

  /** The hash of the key's bytes. */
  public long hash(byte[] key) {
    return hasher.hashBytesToLong(key);
  }

  /** The hash of the first bytes. */
  long hash(byte[] bytes, int length) {
    return hasher.hashBytesToLong(bytes, 0, length);
  }

  /** The hash of the key's bytes in UTF-8. */
  public long hash(String key) {
    int length = key.length();
    if (length > SHORT) {
      return hash(key.getBytes(UTF_8));
    }
    byte[] bytes = SCRATCH.get();
    int all = 0;
    for (int i = 0; i < length; i++) {
      char c = key.charAt(i);
      all |= c;
      bytes[i] = (byte) c;
    }
    return all < 0x80 ? hash(bytes, length) : hashEncoded(key, bytes);
  }

  private long hashEncoded(String key, byte[] bytes) {
    int used = 0;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c < 0x80) {
        bytes[used++] = (byte) c;
      } else if (c < 0x800) {
        bytes[used++] = (byte) (0xC0 | (c >>> 6));
        bytes[used++] = (byte) (0x80 | (c & 0x3F));
      } else if (Character.isSurrogate(c)) {
        return hash(key.getBytes(UTF_8));
      } else {
        bytes[used++] = (byte) (0xE0 | (c >>> 12));
        bytes[used++] = (byte) (0x80 | ((c >>> 6) & 0x3F));
        bytes[used++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return hash(bytes, used);
  }
}
