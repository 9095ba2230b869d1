package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two hashes of 32 bits that memcached's clients use, without garbage. One for each thread. */
final class KetamaHash {
  private static final int ASCII_MAX = 256;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ThreadLocal<KetamaHash> OF_THREAD = ThreadLocal.withInitial(KetamaHash::new);

  private final MessageDigest md5;
  private final byte[] text = new byte[ASCII_MAX];
  private final byte[] digest = new byte[16];

  private KetamaHash() {
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  static KetamaHash ofThread() {
    return OF_THREAD.get();
  }

  static int of(boolean md5, String key) {
    KetamaHash hash = ofThread();
    int length = hash.writeAscii(key);
    return length < 0 ? of(md5, key.getBytes(UTF_8)) : hash.of(md5, hash.text, length);
  }

  static int of(boolean md5, byte[] key) {
    return ofThread().of(md5, key, key.length);
  }

  static int of(boolean md5, long key) {
    KetamaHash hash = ofThread();
    int start = hash.writeDigits(key);
    System.arraycopy(hash.text, start, hash.text, 0, ASCII_MAX - start);
    return hash.of(md5, hash.text, ASCII_MAX - start);
  }

  private int of(boolean md5, byte[] key, int length) {
    return md5 ? digest(key, length).word(0) : oneAtATime(key, length);
  }

  /** Digests; {@link #word} reads the result. */
  private KetamaHash digest(byte[] key, int length) {
    md5.update(key, 0, length);
    try {
      md5.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new AssertionError("16 bytes hold an MD5", e);
    }
    return this;
  }

  KetamaHash digest(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    return digest(bytes, bytes.length);
  }

  /** The i-th four bytes of the last digest, the lowest first. */
  int word(int i) {
    return (int) INTS.get(digest, 4 * i);
  }

  /** Bob Jenkins' hash of that name (1997), with bytes that have a sign. */
  static int oneAtATime(byte[] key, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash += key[i];
      hash += hash << 10;
      hash ^= hash >>> 6;
    }
    hash += hash << 3;
    hash ^= hash >>> 11;
    return hash + (hash << 15);
  }

  /** The length, or -1 if the key is too long or not ASCII. */
  @SuppressWarnings("deprecation") // It copies the lower bytes, which are all of ASCII, at once.
  private int writeAscii(String key) {
    int length = key.length();
    if (length > ASCII_MAX) {
      return -1;
    }
    key.getBytes(0, length, text, 0);
    int all = 0;
    for (int i = 0; i < length; i++) {
      all |= key.charAt(i);
    }
    return all > 127 ? -1 : length;
  }

  /** Writes to the end of {@link #text}, and says where it starts. */
  private int writeDigits(long key) {
    int start = ASCII_MAX;
    long rest = key;
    do {
      text[--start] = (byte) ('0' + Math.abs((int) (rest % 10)));
      rest /= 10;
    } while (rest != 0);
    if (key < 0) {
      text[--start] = '-';
    }
    return start;
  }
}
