package io.quorate.examples.kv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What asks the map and changes nothing. In bytes like {@link KvCommand}, with other tags. */
public sealed interface KvQuery {
  /** Its bytes. */
  byte[] encode();

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no query, saying why
   */
  static KvQuery decode(ByteBuffer in) {
    char tag = Fields.tag(in);
    int keyMax = KvCommand.KEY_BYTES_MAX;
    return switch (tag) {
      case 'G' -> Fields.whole(new Get(Fields.decode(in, keyMax)), in);
      case 'S' -> Fields.whole(new Scan(Fields.decode(in, keyMax), Fields.decode(in, keyMax)), in);
      case 'H' -> Fields.whole(new Digest(), in);
      default -> throw new IllegalArgumentException("its tag is " + (int) tag + ", not G, S or H");
    };
  }

  /** What a key holds. */
  record Get(String key) implements KvQuery {
    @Override
    public byte[] encode() {
      return Fields.encode('G', key);
    }

    static byte[] answer(@Nullable String value) {
      return value == null ? Fields.encode('A') : Fields.encode('V', value);
    }

    /** Reads the answer: the value, or null if the key is absent. */
    public static @Nullable String read(byte[] answer) {
      ByteBuffer in = ByteBuffer.wrap(answer);
      return Fields.tag(in) == 'A' ? null : Fields.decode(in, KvCommand.VALUE_BYTES_MAX);
    }
  }

  /**
   * The entries whose key begins with {@code prefix} and comes behind {@code after}, in order, as
   * many as a page holds; deleted ones too.
   */
  record Scan(String prefix, String after) implements KvQuery {
    /** A page is full at this many bytes. */
    static final int PAGE_BYTES = 128 << 10;

    @Override
    public byte[] encode() {
      return Fields.encode('S', prefix, after);
    }

    static byte[] answer(KvEntry entry) {
      String applies = Long.toString(entry.applies());
      return entry.value() == null
          ? Fields.encode('A', entry.key(), applies)
          : Fields.encode('V', entry.key(), applies, entry.value());
    }

    /** Reads the answer: a page of entries; an empty one is the end. */
    public static List<KvEntry> read(byte[] answer) {
      List<KvEntry> page = new ArrayList<>();
      ByteBuffer in = ByteBuffer.wrap(answer);
      while (in.hasRemaining()) {
        boolean absent = Fields.tag(in) == 'A';
        String key = Fields.decode(in, KvCommand.KEY_BYTES_MAX);
        long applies = Long.parseLong(Fields.decode(in, 20));
        String value = absent ? null : Fields.decode(in, KvCommand.VALUE_BYTES_MAX);
        page.add(new KvEntry(key, value, applies));
      }
      return page;
    }
  }

  /** A digest of the whole state. */
  record Digest() implements KvQuery {
    @Override
    public byte[] encode() {
      return Fields.encode('H');
    }

    static byte[] answer(long index, byte[] sha256) {
      return ByteBuffer.allocate(Long.BYTES + sha256.length).putLong(index).put(sha256).array();
    }

    /** Reads the answer. */
    public static KvDigest read(byte[] answer) {
      ByteBuffer in = ByteBuffer.wrap(answer);
      long index = in.getLong();
      return new KvDigest(index, HexFormat.of().formatHex(answer, in.position(), answer.length));
    }
  }
}
