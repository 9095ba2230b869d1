package io.quorate.ring;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The tokens of a ring in their order, and what finds the first one at or behind a hash. Immutable.
 */
/* A token is a long of 63 bits: the upper 40 bits of its position, and below them the place of its node
 * among the nodes in the order of their ids. So one array says all, half as large as positions and
 * owners beside each other, and a look-up touches one place of it and one of the index.
 *
 * The order is total: by the whole position of 64 bits, then node, then number of the token. Of
 * tokens that agree in 40 bits the array alone does not tell the order; it is settled when they are
 * put there (Ties), from the whole positions, computed again. That is rare, and what it buys is
 * that no token ever takes the place of another, whoever comes first, and that one is there again
 * when the other goes.
 *
 * The index says for each value of the upper bits, a bucket, where its tokens begin; there are one
 * half to one of them. A byte does for that, counted from where the first of 64 buckets begins, so
 * the index is small enough to stay near the processor. Where a byte does not (a hash that is none)
 * it says less, and the look-up goes on from there. Whether a token is passed there is a coin's throw,
 * which no processor guesses: so it is added up and not branched on, and look-ups that follow each
 * other overlap in their loads.
 */
final class Tokens {
  /** The lowest bits of a position, which only tell the order of tokens in one place. */
  static final int LOW_BITS = 24;

  static final int PLACE_BITS = 23;

  /** A group of the index has 64 buckets. */
  private static final int GROUP_BITS = 6;

  private static final int START_MAX = 255;

  /** How many nodes a ring may have. */
  static final int NODES_MAX = 1 << PLACE_BITS;

  /** How many tokens a ring may have: 2 GiB of them. */
  static final int TOKENS_MAX = 1 << 28;

  static final long PLACE_MASK = NODES_MAX - 1;
  private static final long LOW_MASK = (1L << LOW_BITS) - 1;

  /** Where tokens stand. In tests a function that makes many of them stand in one place. */
  private final ToLongFunction<byte[]> hash;

  private final int perWeight;
  private final long[] packed;

  /** For each bucket, the upper bits of positions, where its tokens begin: behind its group's. */
  private final byte[] starts;

  private final int[] groups;
  private final int shift;

  private Tokens(ToLongFunction<byte[]> hash, int perWeight, long[] sorted) {
    this.hash = hash;
    this.perWeight = perWeight;
    packed = sorted;
    int count = count();
    packed[count] = packed(-1L, count == 0 ? 0 : placeAt(0)); // The first again, above all.
    int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, count - 1)));
    shift = Long.SIZE - bits;
    starts = new byte[1 << bits];
    groups = new int[Math.max(1, starts.length >>> GROUP_BITS)];
    index();
  }

  /** Counts, then adds up: how many tokens a bucket has is as hard to guess as a coin's throw. */
  private void index() {
    for (int token = 0; token < count(); token++) {
      int bucket = (int) (packed[token] >>> (shift - 1));
      starts[bucket] += (byte) (starts[bucket] == -1 ? 0 : 1);
    }
    int at = 0;
    for (int bucket = 0; bucket < starts.length; bucket++) {
      int own = starts[bucket] & START_MAX;
      if (bucket << (Integer.SIZE - GROUP_BITS) == 0) {
        groups[bucket >>> GROUP_BITS] = at;
      }
      starts[bucket] = (byte) Math.min(at - groups[bucket >>> GROUP_BITS], START_MAX);
      at += own;
    }
  }

  static long packed(long position, int place) {
    return (position >>> LOW_BITS << PLACE_BITS) | place;
  }

  /** The tokens of these nodes, which stand in the order of their ids. */
  static Tokens of(ToLongFunction<byte[]> hash, int perWeight, List<? extends RingNode<?>> nodes) {
    int count = 0;
    for (RingNode<?> node : nodes) {
      count += node.weight() * perWeight;
    }
    long[] packed = new long[count + 1];
    int at = 0;
    for (int place = 0; place < nodes.size(); place++) {
      RingNode<?> node = nodes.get(place);
      at = fill(hash, node, place, 0, node.weight() * perWeight, packed, at);
    }
    Arrays.sort(packed, 0, count);
    return settled(hash, perWeight, packed, nodes, Ties.ALL);
  }

  /** With the tokens of a node more, which stands at {@code place} of the nodes now. */
  Tokens with(int place, List<? extends RingNode<?>> nodes) {
    return merged(place, 0, nodes, 1);
  }

  /** With more tokens of a node, whose weight was {@code before}. */
  Tokens grown(int place, int before, List<? extends RingNode<?>> nodes) {
    return merged(place, before, nodes, 0);
  }

  private Tokens merged(int place, int weight, List<? extends RingNode<?>> nodes, int moved) {
    long[] added = tokens(nodes.get(place), place, weight);
    long[] merged = new long[count() + added.length + 1];
    boolean tied = false;
    int next = 0;
    int at = 0;
    for (int old = 0; old < count(); old++) {
      long token = packed[old];
      if ((token & PLACE_MASK) >= place) {
        token += moved;
      }
      while (next < added.length && added[next] >>> PLACE_BITS <= token >>> PLACE_BITS) {
        tied |= added[next] >>> PLACE_BITS == token >>> PLACE_BITS;
        tied |= at > 0 && added[next] >>> PLACE_BITS == merged[at - 1] >>> PLACE_BITS;
        merged[at++] = added[next++];
      }
      merged[at++] = token;
    }
    for (; next < added.length; next++) {
      tied |= at > 0 && added[next] >>> PLACE_BITS == merged[at - 1] >>> PLACE_BITS;
      merged[at++] = added[next];
    }
    return tied
        ? settled(hash, perWeight, merged, nodes, place)
        : new Tokens(hash, perWeight, merged);
  }

  /** Without the tokens of the node that stood at {@code place}, whose weight was so much. */
  Tokens without(int place, int weight) {
    long[] kept = new long[packed.length - weight * perWeight];
    int at = 0;
    for (int old = 0; old < count(); old++) {
      long token = packed[old];
      long owner = token & PLACE_MASK;
      if (owner != place) {
        kept[at++] = owner > place ? token - 1 : token;
      }
    }
    return new Tokens(hash, perWeight, kept);
  }

  /** With fewer tokens of a node; {@code before} is the node with its old weight. */
  Tokens shrunk(int place, RingNode<?> before, List<? extends RingNode<?>> nodes) {
    long[] removed = tokens(before, place, nodes.get(place).weight());
    long[] kept = new long[count() - removed.length + 1];
    int next = 0;
    int at = 0;
    for (int old = 0; old < count(); old++) {
      if (next < removed.length && packed[old] == removed[next]) {
        next++;
      } else {
        kept[at++] = packed[old];
      }
    }
    return settled(hash, perWeight, kept, nodes, place);
  }

  /** A node's tokens above those of a weight, in order. */
  private long[] tokens(RingNode<?> node, int place, int aboveWeight) {
    int from = aboveWeight * perWeight;
    int to = node.weight() * perWeight;
    long[] tokens = new long[to - from];
    fill(hash, node, place, from, to, tokens, 0);
    Arrays.sort(tokens);
    return tokens;
  }

  private static int fill(
      ToLongFunction<byte[]> hash,
      RingNode<?> node,
      int place,
      int from,
      int to,
      long[] packed,
      int at) {
    byte[] bytes = node.tokenBytes();
    int next = at;
    for (int number = from; number < to; number++) {
      long position = hash.applyAsLong(RingNode.numbered(bytes, number));
      packed[next++] = packed(position, place);
    }
    return next;
  }

  private static Tokens settled(
      ToLongFunction<byte[]> hash,
      int perWeight,
      long[] packed,
      List<? extends RingNode<?>> nodes,
      int changed) {
    new Ties(hash, perWeight, nodes, packed).settle(changed);
    return new Tokens(hash, perWeight, packed);
  }

  // ---- look-up ----

  int count() {
    return packed.length - 1;
  }

  int perWeight() {
    return perWeight;
  }

  /**
   * The first token at or behind a hash. May be {@link #count}: the first of all, seen from behind
   * the last.
   */
  int find(long position) {
    long probe = packed(position, 0);
    int bucket = (int) (position >>> shift);
    int at = groups[bucket >>> GROUP_BITS] + (starts[bucket] & START_MAX);
    at += (int) ((packed[at] - probe) >>> (Long.SIZE - 1)); // 1 if the token is passed.
    at += (int) ((packed[at] - probe) >>> (Long.SIZE - 1));
    while (packed[at] < probe) {
      at++;
    }
    return at;
  }

  /** Whose the token is; also of {@link #count}. */
  int placeAt(int token) {
    return (int) (packed[token] & PLACE_MASK);
  }

  /** The token behind this one. */
  int after(int token) {
    return token + 1 >= count() ? token + 1 - count() : token + 1;
  }

  /**
   * The last hash that the token is the first one behind: its position, with its lower bits set.
   */
  long endOf(int token) {
    return (packed[token] >>> PLACE_BITS << LOW_BITS) | LOW_MASK;
  }

  /** How much of the hash space, in units of its 2^40th part, the token is the first one behind. */
  long widthOf(int token) {
    long end = packed[token] >>> PLACE_BITS;
    long before = packed[token == 0 ? count() - 1 : token - 1] >>> PLACE_BITS;
    return token == 0 ? end + (1L << (Long.SIZE - LOW_BITS)) - before : end - before;
  }

  /** What the tokens and their index take, in bytes. */
  long bytes() {
    return (long) packed.length * Long.BYTES + starts.length + (long) groups.length * Integer.BYTES;
  }
}
