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
  XXH3(Hashing.xxh3_64()),

  /** The first 64 of MurmurHash3 x64's 128 bits, with seed 0. */
  MURMUR3(Hashing.murmur3_128());

  private final Hasher64 hasher;

  KeyHash(Hasher64 hasher) {
    this.hasher = hasher;
  }

  /** The hash of the key's eight bytes, the lowest first. */
  public long hash(long key) {
    return hasher.hashLongToLong(key);
  }

  /** The hash of the key's bytes. */
  public long hash(byte[] key) {
    return hasher.hashBytesToLong(key);
  }

  /** The hash of the key's bytes in UTF-8. */
  public long hash(String key) {
    return hash(key.getBytes(UTF_8));
  }
}
