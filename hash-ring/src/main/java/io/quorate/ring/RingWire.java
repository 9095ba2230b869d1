package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A ring as bytes: all numbers with the highest byte first, see docs/ring.md.
 *
 * <pre>
 * version 1 | hash 1 | tokens a unit 4 | nodes 4 | for each, by id:
 *   length 4 | id | weight 4 | length 4 | zone
 * fingerprint 8: XXH3 of all before it
 * </pre>
 */
final class RingWire {
  private static final byte VERSION = 1;
  private static final int HEAD = 2 * Byte.BYTES + 2 * Integer.BYTES;
  private static final int NODE_LEAST = 3 * Integer.BYTES;
  private static final int TAIL = Long.BYTES;

  private RingWire() {}

  static byte[] encode(Ring<?> ring) {
    List<? extends RingNode<?>> nodes = ring.ringNodes().all();
    byte[][] zones = new byte[nodes.size()][];
    long size = HEAD + TAIL;
    for (int i = 0; i < zones.length; i++) {
      zones[i] = nodes.get(i).zone().getBytes(UTF_8);
      size += (long) NODE_LEAST + nodes.get(i).idBytes().length + zones[i].length;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.put(VERSION).put(ring.hash().code());
    out.putInt(ring.tokens().perWeight()).putInt(zones.length);
    for (int i = 0; i < zones.length; i++) {
      RingNode<?> node = nodes.get(i);
      out.putInt(node.idBytes().length).put(node.idBytes());
      out.putInt(node.weight());
      out.putInt(zones[i].length).put(zones[i]);
    }
    out.putLong(KeyHash.XXH3.hash(out.array(), out.position()));
    return out.array();
  }

  /** The last bytes of an encoded ring. */
  static long fingerprint(byte[] encoded) {
    return ByteBuffer.wrap(encoded).getLong(encoded.length - TAIL);
  }

  static <N> Ring<N> decode(
      byte[] encoded, Function<String, ? extends N> node, Function<? super N, String> id) {
    if (encoded.length < HEAD + TAIL) {
      throw bad(encoded.length + " bytes are too few");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded);
    byte version = in.get();
    if (version != VERSION) {
      throw bad("version " + version + "; this library reads version " + VERSION);
    }
    int end = encoded.length - TAIL;
    if (KeyHash.XXH3.hash(encoded, end) != fingerprint(encoded)) {
      throw bad("its fingerprint does not fit: it is damaged or cut off");
    }
    in.limit(end);
    try {
      return read(in, node, id);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("no ring: a node is longer than the bytes are", e);
    }
  }

  private static <N> Ring<N> read(
      ByteBuffer in, Function<String, ? extends N> node, Function<? super N, String> id) {
    RingBuilder<N> ring = Ring.<N>builder(id).hash(KeyHash.of(in.get())).tokens(in.getInt());
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / NODE_LEAST) {
      throw bad(count + " nodes in " + in.remaining() + " bytes");
    }
    byte[] last = new byte[0];
    for (int i = 0; i < count; i++) {
      String name = text(in);
      byte[] bytes = name.getBytes(UTF_8);
      if (i > 0 && Arrays.compareUnsigned(last, bytes) >= 0) {
        throw bad("\"" + name + "\" does not come in the order of ids, or twice");
      }
      last = bytes;
      N found = node.apply(name);
      if (found == null) { // As a map's get answers, whatever its type says.
        throw bad("there is no node for \"" + name + "\"");
      }
      if (!id.apply(found).equals(name)) {
        throw bad("the node that was found for \"" + name + "\" is called " + id.apply(found));
      }
      ring.add(found, in.getInt(), text(in));
    }
    if (in.hasRemaining()) {
      throw bad(in.remaining() + " bytes are left over");
    }
    return ring.build();
  }

  private static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw bad("a text of " + length + " bytes where " + in.remaining() + " are left");
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      CharBuffer text = UTF_8.newDecoder().decode(bytes);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no ring: an id or zone is not UTF-8", e);
    }
  }

  private static IllegalArgumentException bad(String what) {
    return new IllegalArgumentException("no ring: " + what);
  }
}
