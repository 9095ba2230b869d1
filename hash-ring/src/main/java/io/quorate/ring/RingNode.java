package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A node as its ring knows it. Compared by its id, byte by byte.
 *
 * @param <N> what stands for a node
 */
final class RingNode<N> {
  static final Comparator<RingNode<?>> BY_ID =
      (left, right) -> Arrays.compareUnsigned(left.idBytes, right.idBytes);

  private final N node;
  private final String id;
  private final byte[] idBytes;
  private final int weight;
  private final String zone;

  RingNode(N node, String id, int weight, String zone) {
    this.node = node;
    this.id = id;
    this.weight = checkedWeight(weight);
    this.zone = zone;
    idBytes = utf8("id", id);
    utf8("zone", zone);
  }

  /** What {@code toString} says, if it says what the node is and not which object. */
  static String nameOf(Object node) {
    try {
      if (node.getClass().getMethod("toString").getDeclaringClass() == Object.class) {
        throw new IllegalArgumentException(
            node.getClass().getName()
                + " has no toString of its own, so its name would be another in each process; say"
                + " how to name it: Ring.builder(node -> ...), Rendezvous.empty(node -> ...)");
      }
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
    return node.toString();
  }

  private static int checkedWeight(int weight) {
    if (weight < 1) {
      throw new IllegalArgumentException(
          "a weight of " + weight + "; the least is 1, and without() removes a node");
    }
    return weight;
  }

  /** Two texts that UTF-8 writes alike would be one node, or one zone, for other processes. */
  static byte[] utf8(String what, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (!new String(bytes, UTF_8).equals(text)) {
      throw new IllegalArgumentException(
          String.format(
              "the %s \"%s\" has half of a surrogate pair, which UTF-8 does not write; take it out",
              what, text));
    }
    return bytes;
  }

  N node() {
    return node;
  }

  String id() {
    return id;
  }

  byte[] idBytes() {
    return idBytes;
  }

  int weight() {
    return weight;
  }

  String zone() {
    return zone;
  }

  RingNode<N> withWeight(int changed) {
    return new RingNode<>(node, id, changed, zone);
  }

  /**
   * What is hashed for a token: the id behind its length, then room for the token's number. So no
   * id and number read like those of another token.
   */
  byte[] tokenBytes() {
    return ByteBuffer.allocate(2 * Integer.BYTES + idBytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(idBytes.length)
        .put(idBytes)
        .array();
  }

  /** Puts a token's number behind the id, the lowest byte first. */
  static byte[] numbered(byte[] tokenBytes, int number) {
    int end = tokenBytes.length - Integer.BYTES;
    tokenBytes[end] = (byte) number;
    tokenBytes[end + 1] = (byte) (number >>> 8);
    tokenBytes[end + 2] = (byte) (number >>> 16);
    tokenBytes[end + 3] = (byte) (number >>> 24);
    return tokenBytes;
  }

  boolean isLike(RingNode<?> that) {
    return weight == that.weight && id.equals(that.id) && zone.equals(that.zone);
  }
}
