package io.quorate.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** Puts tokens that agree in 40 bits in their order. */
/* Where hashes are good these are rare: three pairs among 2.5 million tokens. A node that has one is
 * hashed once, in however many pairs it is; to look at each pair for itself would cost the tokens of
 * heavy nodes again and again. After a change only those are looked at in which the changed node has
 * a part: the others were in order, and stay so when places move up or down together.
 */
final class Ties {
  /** No node in particular: all ties are looked at. */
  static final int ALL = -1;

  /** A token whose 40 bits are not enough. */
  private record Whole(long position, int place, int number) {
    static final Comparator<Whole> ORDER =
        ((Comparator<Whole>) (left, right) -> Long.compareUnsigned(left.position, right.position))
            .thenComparingInt(Whole::place)
            .thenComparingInt(Whole::number);
  }

  /** Tokens beside each other that agree. */
  private record Run(int from, int to) {}

  private final ToLongFunction<byte[]> hash;
  private final int perWeight;
  private final List<? extends RingNode<?>> nodes;
  private final long[] packed;
  private final int first;
  private final List<Run> runs = new ArrayList<>();
  private final BitSet tied = new BitSet();

  /** Of tokens that stand in order at the end of an array, from {@code first} on. */
  Ties(
      ToLongFunction<byte[]> hash,
      int perWeight,
      List<? extends RingNode<?>> nodes,
      long[] packed,
      int first) {
    this.first = first;
    this.hash = hash;
    this.perWeight = perWeight;
    this.nodes = nodes;
    this.packed = packed;
  }

  /** Those in which the node at {@code place} has a part. */
  void settle(int place) {
    find(place);
    if (runs.isEmpty()) {
      return;
    }
    List<Whole> wholes = wholes();
    wholes.sort(Whole.ORDER);
    int next = 0;
    for (Run run : runs) {
      for (int at = run.from; at < run.to; at++) {
        Whole whole = wholes.get(next++);
        packed[at] = Tokens.packed(whole.position, whole.place);
      }
    }
  }

  private void find(int place) {
    int from = first;
    for (int to = first + 1; to <= packed.length; to++) {
      if (to == packed.length || upper(packed[to]) != upper(packed[from])) {
        if (to - from > 1 && isOpen(from, to, place)) {
          runs.add(new Run(from, to));
          for (int at = from; at < to; at++) {
            tied.set(place(packed[at]));
          }
        }
        from = to;
      }
    }
  }

  /** Whether there are several nodes in it, and this one; tokens of one node are all alike. */
  private boolean isOpen(int from, int to, int place) {
    boolean several = false;
    boolean found = place == ALL;
    for (int at = from; at < to; at++) {
      several |= packed[at] != packed[from];
      found |= place(packed[at]) == place;
    }
    return several && found;
  }

  /** The tokens of all runs, from their nodes' ids. */
  private List<Whole> wholes() {
    long[] uppers = runs.stream().mapToLong(run -> upper(packed[run.from])).toArray();
    List<Whole> wholes = new ArrayList<>();
    for (int place = tied.nextSetBit(0); place >= 0; place = tied.nextSetBit(place + 1)) {
      RingNode<?> node = nodes.get(place);
      byte[] bytes = node.tokenBytes();
      for (int number = 0; number < node.weight() * perWeight; number++) {
        long position = hash.applyAsLong(RingNode.numbered(bytes, number));
        if (Arrays.binarySearch(uppers, position >>> Tokens.LOW_BITS) >= 0) {
          wholes.add(new Whole(position, place, number));
        }
      }
    }
    int expected = runs.stream().mapToInt(run -> run.to - run.from).sum();
    if (wholes.size() != expected) {
      throw new AssertionError("tokens are lost: " + expected + " became " + wholes.size());
    }
    return wholes;
  }

  private static long upper(long token) {
    return token >>> Tokens.PLACE_BITS;
  }

  private static int place(long token) {
    return (int) (token & Tokens.PLACE_MASK);
  }
}
