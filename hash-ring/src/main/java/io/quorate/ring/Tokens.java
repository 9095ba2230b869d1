package io.quorate.ring;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The tokens of a ring in their order, and what finds the first one at or behind a hash. Immutable.
 */
/* A token is a long of 63 bits: the upper 40 bits of its position, and below them the place of its node
 * among the nodes in the order of their ids. So one array says all, half as large as positions and
 * owners beside each other.
 *
 * The order is total: by the whole position of 64 bits, then node, then number of the token. Of
 * tokens that agree in 40 bits the array alone does not tell the order; it is settled when they are
 * put there (Ties), from the whole positions, computed again. That is rare, and what it buys is
 * that no token ever takes the place of another, whoever comes first, and that one is there again
 * when the other goes.
 *
 * The array is a hash table that is in order: eight slots for five tokens, and each token in the slot
 * that is as far along the array as its position is along the ring, its home, or in the next free
 * one behind that. A slot without a token of its own holds a copy of the next one, those behind the
 * last a copy of the first. So whatever stands before a hash's home is before the hash, and a look-up
 * starts there and goes on to the first token that is not: no other place of memory is asked, and
 * half of the look-ups have arrived. Whether one token is passed is a coin's throw, which no
 * processor guesses: so that is added up and not branched on, and look-ups that follow each other
 * overlap in their loads. One look-up in five passes more, and pays for a wrong guess; to add up one
 * more for all would cost as much.
 */
final class Tokens {
  /** The lowest bits of a position, which only tell the order of tokens in one place. */
  static final int LOW_BITS = 24;

  static final int PLACE_BITS = 23;

  /** How many nodes a ring may have. */
  static final int NODES_MAX = 1 << PLACE_BITS;

  /** How many tokens a ring may have: they take 3.2 GiB. */
  static final int TOKENS_MAX = 1 << 28;

  static final long PLACE_MASK = NODES_MAX - 1;
  private static final long LOW_MASK = (1L << LOW_BITS) - 1;

  /** How many slots are filled without asking; the next token overwrites what was too many. */
  private static final int AT_ONCE = 3;

  /** Slots behind the homes, for tokens whose homes are taken. */
  private static final int SPARE = 32;

  /** Where tokens stand. In tests a function that makes many of them stand in one place. */
  private final ToLongFunction<byte[]> hash;

  private final int perWeight;
  private final int count;

  /** How many slots are homes. */
  private final int homes;

  private final long[] slots;
  private final int end;

  /**
   * Spreads tokens over the array at whose end they stand in order. They are read before they are
   * overwritten: the one at hand leaves as many slots as there are tokens to come.
   */
  private Tokens(ToLongFunction<byte[]> hash, int perWeight, long[] sorted, int count) {
    this.hash = hash;
    this.perWeight = perWeight;
    this.count = count;
    homes = homes(count);
    int behind = 0;
    for (int next = sorted.length - count; next < sorted.length; next++) {
      behind = Math.max(home(sorted[next]), behind) + 1;
    }
    end = behind;
    slots = end + AT_ONCE <= sorted.length ? sorted : new long[end + AT_ONCE];
    int at = 0;
    for (int next = sorted.length - count; next < sorted.length; next++) {
      at = put(sorted[next], at);
    }
    Arrays.fill(slots, end, slots.length, packed(-1L, placeAt(0))); // Above all.
  }

  private static int homes(int count) {
    return (int) (8L * count / 5);
  }

  /** With room for the slots of so many tokens, unless many of them stand in one place. */
  private static long[] room(int count) {
    return new long[homes(count) + SPARE];
  }

  /** Fills the slots from this one to the token's own, and says which is behind that. */
  private int put(long token, int from) {
    int own = Math.max(home(token), from);
    int at = from;
    do {
      slots[at] = token;
      slots[at + 1] = token;
      slots[at + 2] = token;
      at += AT_ONCE;
    } while (at <= own);
    return own + 1;
  }

  private int home(long token) {
    return (int) (((token >>> Integer.SIZE) * homes) >>> (Integer.SIZE - 1)); // Of 63 bits.
  }

  /** 1 if it is, else 0: where that is a coin's throw, to branch is to guess. */
  private static int less(long left, long right) {
    return (int) ((left - right) >>> (Long.SIZE - 1));
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
    long[] packed = room(count);
    int at = packed.length - count;
    for (int place = 0; place < nodes.size(); place++) {
      RingNode<?> node = nodes.get(place);
      at = fill(hash, node, place, 0, node.weight() * perWeight, packed, at);
    }
    Arrays.sort(packed, packed.length - count, packed.length);
    return settled(hash, perWeight, packed, count, nodes, Ties.ALL);
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
    int size = count + added.length;
    long[] merged = room(size);
    boolean tied = false;
    int next = 0;
    int first = merged.length - size;
    int at = first;
    for (int slot = 0; slot < end; slot++) {
      long token = slots[slot] + (long) moved * less(place - 1L, slots[slot] & PLACE_MASK);
      while (next < added.length && added[next] >>> PLACE_BITS <= token >>> PLACE_BITS) {
        tied |= added[next] >>> PLACE_BITS == token >>> PLACE_BITS;
        tied |= at > first && added[next] >>> PLACE_BITS == merged[at - 1] >>> PLACE_BITS;
        merged[at++] = added[next++];
      }
      merged[at] = token;
      at += own(slot);
    }
    for (; next < added.length; next++) {
      tied |= at > first && added[next] >>> PLACE_BITS == merged[at - 1] >>> PLACE_BITS;
      merged[at++] = added[next];
    }
    return tied
        ? settled(hash, perWeight, merged, size, nodes, place)
        : new Tokens(hash, perWeight, merged, size);
  }

  /** Without the tokens of the node that stood at {@code place}, whose weight was so much. */
  Tokens without(int place, int weight) {
    int size = count - weight * perWeight;
    long[] kept = room(size);
    int at = kept.length - size;
    for (int slot = 0; slot < end; slot++) {
      long token = slots[slot];
      long owner = token & PLACE_MASK;
      if (owner != place) {
        kept[at] = token - less(place, owner);
        at += own(slot);
      }
    }
    return new Tokens(hash, perWeight, kept, size);
  }

  /** With fewer tokens of a node; {@code before} is the node with its old weight. */
  Tokens shrunk(int place, RingNode<?> before, List<? extends RingNode<?>> nodes) {
    long[] removed = tokens(before, place, nodes.get(place).weight());
    int size = count - removed.length;
    long[] kept = room(size);
    int next = 0;
    int at = kept.length - size;
    for (int slot = 0; slot < end; slot++) {
      long token = slots[slot];
      if (next < removed.length && token == removed[next]) {
        next += own(slot);
      } else {
        kept[at] = token;
        at += own(slot);
      }
    }
    return settled(hash, perWeight, kept, size, nodes, place);
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
      int count,
      List<? extends RingNode<?>> nodes,
      int changed) {
    new Ties(hash, perWeight, nodes, packed, packed.length - count).settle(changed);
    return new Tokens(hash, perWeight, packed, count);
  }

  // ---- look-up ----

  int count() {
    return count;
  }

  int perWeight() {
    return perWeight;
  }

  /**
   * A slot of the first token at or behind a hash: its own or a copy's. May be {@link #end} or
   * behind: the first of all, seen from behind the last.
   */
  int find(long position) {
    long probe = packed(position, 0);
    int at = home(probe);
    at += less(slots[at], probe);
    while (slots[at] < probe) {
      at++;
    }
    return at;
  }

  /** The slot behind the last token's. */
  int end() {
    return end;
  }

  /** The same token's slot before {@link #end}. */
  int wrapped(int slot) {
    return slot < end ? slot : 0;
  }

  /** How many tokens stand in the slot: 1, or 0 if that is a copy. */
  int own(int slot) {
    return less(home(slots[slot]), slot + 1L);
  }

  /** Whose the token is. */
  int placeAt(int slot) {
    return (int) (slots[slot] & PLACE_MASK);
  }

  /** A slot of the next token. */
  int after(int slot) {
    return wrapped(Math.max(slot, home(slots[slot])) + 1);
  }

  /**
   * The last hash that the token is the first one behind: its position, with its lower bits set.
   */
  long endOf(int slot) {
    return (slots[slot] >>> PLACE_BITS << LOW_BITS) | LOW_MASK;
  }

  /**
   * How much of the hash space, in units of its 2^40th part, the slot is the first one behind: of
   * the slots of one token, only the first is.
   */
  long widthOf(int slot) {
    long end = slots[slot] >>> PLACE_BITS;
    long before = slots[slot == 0 ? this.end - 1 : slot - 1] >>> PLACE_BITS;
    return slot == 0 ? end + (1L << (Long.SIZE - LOW_BITS)) - before : end - before;
  }

  /** What the tokens take, in bytes. */
  long bytes() {
    return (long) slots.length * Long.BYTES;
  }
}
