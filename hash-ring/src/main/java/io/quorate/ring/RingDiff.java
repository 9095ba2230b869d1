package io.quorate.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What moves on the way from one ring to another: exactly which hashes, from whom, to whom.
 *
 * <p><b>Threads.</b> Any: it is immutable.
 *
 * @param <N> what stands for a node
 */
/* One walk along both rings at once. Between two tokens, of whichever ring, nothing changes; so the
 * replicas are compared once for each of these pieces, and pieces beside each other that move alike
 * are one.
 */
public final class RingDiff<N> {
  /**
   * Hashes whose replica is another one. A key is among them if its hash, as a number without a
   * sign, is between the two.
   *
   * @param from the lowest of these hashes
   * @param to the highest
   * @param replica which: 0 for the owner
   * @param before who was it; null if there was none, because nodes were fewer
   * @param after who is it; null if there is none
   */
  public record Move<N>(long from, long to, int replica, @Nullable N before, @Nullable N after) {
    /** Whether a key of that hash is among them. */
    public boolean contains(long hash) {
      return Long.compareUnsigned(from, hash) <= 0 && Long.compareUnsigned(hash, to) <= 0;
    }
  }

  /**
   * What one node has to be sent that did not hold it, all ranges together.
   *
   * @param from holds it now: the one that it replaces where there is one, else the owner
   * @param share what part of all hashes, from 0 to 1
   */
  public record Transfer<N>(N from, N to, double share) {}

  private final List<Move<N>> moves;
  private final List<Transfer<N>> transfers;

  private RingDiff(List<Move<N>> moves, List<Transfer<N>> transfers) {
    this.moves = moves;
    this.transfers = transfers;
  }

  static <N> RingDiff<N> of(Ring<N> before, Ring<N> after, int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException("a key is held by 1 node or more, not by " + replicas);
    }
    return new Walk<>(before, after, replicas).walk();
  }

  /** In the order of hashes, and of replicas where these begin together. */
  public List<Move<N>> moves() {
    return moves;
  }

  /**
   * Who has to be sent how much by whom: the plan of a migration. A replica that only changes its
   * rank among those that hold a key is not sent anything.
   */
  public List<Transfer<N>> transfers() {
    return transfers;
  }

  /**
   * What part of all hashes is sent, each replica counted: with one replica from 0 to 1, with three
   * up to 3.
   */
  public double moved() {
    return transfers.stream().mapToDouble(Transfer::share).sum();
  }

  @Override
  public String toString() {
    return String.format("%,d moves, %.4f of the hashes sent", moves.size(), moved());
  }

  private static final class Walk<N> {
    private static final int NOBODY = -1;

    private final Ring<N> before;
    private final Ring<N> after;
    private final int replicas;

    /** All nodes of both rings; their places here stand for them. */
    private final List<RingNode<N>> nodes = new ArrayList<>();

    private final int[] beforeHere;
    private final int[] afterHere;
    private final int[] openBefore;
    private final int[] openAfter;
    private final long[] openFrom;
    private final List<Move<N>> moves = new ArrayList<>();
    private final Map<Long, Long> widths = new TreeMap<>();

    Walk(Ring<N> before, Ring<N> after, int replicas) {
      this.before = before;
      this.after = after;
      this.replicas =
          Math.min(replicas, Math.max(before.ringNodes().size(), after.ringNodes().size()));
      beforeHere = new int[before.ringNodes().size()];
      afterHere = new int[after.ringNodes().size()];
      openBefore = new int[this.replicas];
      openAfter = new int[this.replicas];
      openFrom = new long[this.replicas];
      Arrays.fill(openBefore, NOBODY);
      Arrays.fill(openAfter, NOBODY);
      merge();
    }

    private void merge() {
      int old = 0;
      int next = 0;
      while (old < beforeHere.length || next < afterHere.length) {
        int order = old == beforeHere.length ? 1 : next == afterHere.length ? -1 : order(old, next);
        nodes.add(order < 0 ? before.ringNodes().at(old) : after.ringNodes().at(next));
        if (order <= 0) {
          beforeHere[old++] = nodes.size() - 1;
        }
        if (order >= 0) {
          afterHere[next++] = nodes.size() - 1;
        }
      }
    }

    private int order(int old, int next) {
      return RingNode.BY_ID.compare(before.ringNodes().at(old), after.ringNodes().at(next));
    }

    RingDiff<N> walk() {
      Tokens olds = before.tokens();
      Tokens news = after.tokens();
      int old = 0;
      int next = 0;
      long from = 0;
      while (true) {
        long to = lower(olds.endOf(old), news.endOf(next));
        step(from, to, here(before, beforeHere, old), here(after, afterHere, next));
        if (to == -1L) {
          break;
        }
        old = behind(olds, old, to);
        next = behind(news, next, to);
        from = to + 1;
      }
      for (int replica = 0; replica < replicas; replica++) {
        close(replica, -1L);
      }
      moves.sort(
          ((Comparator<Move<N>>) (a, b) -> Long.compareUnsigned(a.from(), b.from()))
              .thenComparingInt(Move::replica));
      return new RingDiff<>(List.copyOf(moves), transfers());
    }

    private static long lower(long left, long right) {
      return Long.compareUnsigned(left, right) < 0 ? left : right;
    }

    /** The first slot of the first token whose part ends behind {@code end}. */
    private static int behind(Tokens tokens, int slot, long end) {
      int at = slot;
      while (at < tokens.end() && Long.compareUnsigned(tokens.endOf(at), end) <= 0) {
        at++;
      }
      return at;
    }

    /** Who holds the part that ends at the token, by places here. */
    private int[] here(Ring<N> ring, int[] places, int token) {
      int[] found = ring.places(token, replicas);
      for (int i = 0; i < found.length; i++) {
        found[i] = places[found[i]];
      }
      return found;
    }

    private void step(long from, long to, int[] olds, int[] news) {
      for (int replica = 0; replica < replicas; replica++) {
        int old = replica < olds.length ? olds[replica] : NOBODY;
        int next = replica < news.length ? news[replica] : NOBODY;
        if (old != openBefore[replica] || next != openAfter[replica]) {
          close(replica, from - 1);
          openBefore[replica] = old;
          openAfter[replica] = next;
          openFrom[replica] = from;
        }
        if (next != NOBODY && olds.length > 0 && !contains(olds, next)) {
          int source = old != NOBODY && !contains(news, old) ? old : olds[0];
          long width = ((to - from) >>> Tokens.LOW_BITS) + 1;
          widths.merge(((long) source << Integer.SIZE) | next, width, Long::sum);
        }
      }
    }

    private static boolean contains(int[] places, int place) {
      return Zones.contains(places, places.length, place);
    }

    /** The part of this replica that has gone on so far ends there. */
    private void close(int replica, long to) {
      int old = openBefore[replica];
      int next = openAfter[replica];
      if (old != next) {
        moves.add(new Move<>(openFrom[replica], to, replica, node(old), node(next)));
      }
    }

    private @Nullable N node(int place) {
      return place == NOBODY ? null : nodes.get(place).node();
    }

    private List<Transfer<N>> transfers() {
      List<Transfer<N>> transfers = new ArrayList<>();
      widths.forEach(
          (pair, width) -> {
            N from = nodes.get((int) (pair >>> Integer.SIZE)).node();
            N to = nodes.get(pair.intValue()).node();
            transfers.add(new Transfer<>(from, to, width / Ring.SPACE));
          });
      return List.copyOf(transfers);
    }
  }
}
