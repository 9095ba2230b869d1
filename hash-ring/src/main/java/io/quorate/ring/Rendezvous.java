package io.quorate.ring;

import static io.quorate.ring.Mixing.mix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing: each node draws a number for the key, and the best draw owns it. For up to
 * about fifty nodes: a look-up asks all of them. Weights are exact, not a count of points, and
 * nothing is kept but the nodes.
 *
 * <pre>{@code
 * Rendezvous<Host> hosts = Rendezvous.<Host>empty(Host::name).with(a).with(b).with(c, 0.5);
 * Host owner = hosts.owner("customer-17"); // c with probability 1/5
 * Rendezvous<Host> calmer = hosts.reweight(b, 0.9); // keys move from b only
 * }</pre>
 *
 * <p>The owner depends on the key and on the ids and weights of the nodes; not on the order in
 * which they came, and on no machine: a difference in weights of 1e-15 may be lost to rounding, but
 * in the same way everywhere. No key moves between nodes that did not change: one that leaves or
 * gets lighter only gives keys, one that comes or gets heavier only takes.
 *
 * <p><b>Threads, bounds.</b> Immutable, and so for any thread. A look-up allocates nothing. More
 * than 1,024 nodes are refused; a ring is faster long before.
 *
 * @param <N> what stands for a node
 */
public final class Rendezvous<N> implements Mapping<N> {
  /*
   * With u drawn evenly from (0, 1), -ln(u)/w is the time at which a lamp fails that does so at
   * rate w; of several lamps, the one of rate w fails first with probability w / (sum of all rates)
   * [Thaler and Ravishankar 1998 for the draw of each node; for weights, Schindelhauer and
   * Schomaker 2005].
   *
   * A logarithm a node would be most of a look-up, and few are needed. With v = 1 - u, -ln(1 - v)
   * is above v + v^2/2, the start of its series, and below v (2 - v) / (2 - 2v), the trapezoid over
   * the integral of 1/(1 - v). So one pass finds the two nodes that are least by the former. If the
   * second is above the latter for the first, the first has won: 49 times of 50 among ten nodes.
   * Else all that come into question are computed. Where all weights are equal, draws say it all,
   * but for those so close to each other that rounding may decide. SLACK, more than all rounding, keeps the
   * shortcut from ever contradicting them: it changes no owner.
   *
   * Math.log may differ in its last bit between machines, and two processes between owners then; so
   * the logarithm is our own, of operations that Java rounds alike everywhere.
   */
  private static final double SLACK = 1 - 0x1p-48;

  private static final int NODES_MAX = 1024;
  private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

  private static final double WEIGHT_MIN = 1e-100;
  private static final double WEIGHT_MAX = 1e100;

  /** A node as it takes part; the list of them is ordered by id. */
  private record Entrant<N>(N node, String id, double weight) {
    boolean isLike(Entrant<?> that) {
      return id.equals(that.id) && weight == that.weight;
    }
  }

  private final List<Entrant<N>> entrants;
  private final Function<? super N, String> id;
  private final KeyHash hash;
  private final List<N> nodes;
  private final long[] seeds;
  private final double[] inverses;
  private final boolean even;

  private Rendezvous(List<Entrant<N>> entrants, Function<? super N, String> id, KeyHash hash) {
    this.entrants = entrants;
    this.id = Objects.requireNonNull(id);
    this.hash = Objects.requireNonNull(hash);
    nodes = entrants.stream().map(Entrant::node).toList();
    seeds = entrants.stream().mapToLong(entrant -> hash.hash(entrant.id())).toArray();
    inverses = entrants.stream().mapToDouble(entrant -> 1 / entrant.weight()).toArray();
    even = entrants.stream().mapToDouble(Entrant::weight).distinct().count() <= 1;
  }

  /**
   * No node yet, for those that {@code toString} names, always in the same way: strings, numbers,
   * records of them.
   */
  public static <N> Rendezvous<N> empty() {
    return empty(RingNode::nameOf);
  }

  /** No node yet; {@code id} names them, each differently and the same in all processes. */
  public static <N> Rendezvous<N> empty(Function<? super N, String> id) {
    return empty(id, KeyHash.XXH3);
  }

  /** No node yet; {@code hash} hashes keys, and the ids too. */
  public static <N> Rendezvous<N> empty(Function<? super N, String> id, KeyHash hash) {
    return new Rendezvous<>(List.of(), id, hash);
  }

  @Override
  public N owner(long key) {
    return ownerOf(hash.hash(key));
  }

  @Override
  public N owner(byte[] key) {
    return ownerOf(hash.hash(key));
  }

  @Override
  public N owner(String key) {
    return ownerOf(hash.hash(key));
  }

  /** The nodes, ordered by id. */
  @Override
  public List<N> nodes() {
    return nodes;
  }

  /**
   * One node more, of weight 1.
   *
   * @throws IllegalArgumentException as {@link #with(Object, double)}
   */
  public Rendezvous<N> with(N node) {
    return with(node, 1);
  }

  /**
   * One node more. It gets {@code weight} / (sum of weights) of all keys, the same part from each
   * other node.
   *
   * @param weight from 1e-100 to 1e100
   * @throws IllegalArgumentException if there is one with its id, or that has half of a surrogate
   *     pair; if the weight is out of bounds; or if there are 1,024
   */
  public Rendezvous<N> with(N node, double weight) {
    Entrant<N> entrant = entrant(node, weight);
    int place = place(entrant.id());
    if (place >= 0) {
      throw new IllegalArgumentException("there is a node " + entrant.id() + " already");
    }
    if (entrants.size() == NODES_MAX) {
      throw new IllegalArgumentException("more than " + NODES_MAX + " nodes; take a ring");
    }
    List<Entrant<N>> changed = new ArrayList<>(entrants);
    changed.add(-place - 1, entrant);
    return new Rendezvous<>(List.copyOf(changed), id, hash);
  }

  /**
   * One node less. Its keys go to the others by their weights.
   *
   * @throws IllegalArgumentException if there is none with its id
   */
  public Rendezvous<N> without(N node) {
    List<Entrant<N>> changed = new ArrayList<>(entrants);
    changed.remove(present(id.apply(node)));
    return new Rendezvous<>(List.copyOf(changed), id, hash);
  }

  /**
   * The same nodes, one of them with another weight.
   *
   * @param weight from 1e-100 to 1e100
   * @throws IllegalArgumentException if there is none with its id, or the weight is out of bounds
   */
  public Rendezvous<N> reweight(N node, double weight) {
    Entrant<N> entrant = entrant(node, weight);
    List<Entrant<N>> changed = new ArrayList<>(entrants);
    changed.set(present(entrant.id()), entrant);
    return new Rendezvous<>(List.copyOf(changed), id, hash);
  }

  /** Whether the other has nodes of the same ids and weights, and the same hash. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Rendezvous<?> that)
        || hash != that.hash
        || entrants.size() != that.entrants.size()) {
      return false;
    }
    for (int i = 0; i < entrants.size(); i++) {
      if (!entrants.get(i).isLike(that.entrants.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(seeds), Arrays.hashCode(inverses), hash.code());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Rendezvous[");
    for (Entrant<N> entrant : entrants) {
      text.append(text.length() > 11 ? ", " : "").append(entrant.id()).append('=');
      text.append(entrant.weight());
    }
    return text.append(']').toString();
  }

  private Entrant<N> entrant(N node, double weight) {
    if (!(weight >= WEIGHT_MIN && weight <= WEIGHT_MAX)) {
      throw new IllegalArgumentException("weight " + weight + " is not from 1e-100 to 1e100");
    }
    String name = id.apply(Objects.requireNonNull(node));
    RingNode.utf8("id", name);
    return new Entrant<>(node, name, weight);
  }

  private int present(String name) {
    int place = place(name);
    if (place < 0) {
      throw new IllegalArgumentException("there is no node " + name);
    }
    return place;
  }

  /** Where the id is, or (-1 - where it would be). */
  private int place(String name) {
    for (int i = 0; i < entrants.size(); i++) {
      int order = entrants.get(i).id().compareTo(name);
      if (order >= 0) {
        return order == 0 ? i : -i - 1;
      }
    }
    return -entrants.size() - 1;
  }

  private N ownerOf(long key) {
    if (seeds.length == 0) {
      throw new IllegalStateException("there is no node");
    }
    return nodes.get(even ? evenOwner(key) : weightedOwner(key));
  }

  /** Scores are ordered as draws are, if these are not next to each other. */
  private int evenOwner(long key) {
    long least = Long.MAX_VALUE;
    long second = Long.MAX_VALUE;
    for (int i = 0; i < seeds.length; i++) {
      // The last bits make room for i. A minimum by arithmetic, as branches would be guessed wrong.
      long above = ((mix(key ^ seeds[i]) >>> 1 & -NODES_MAX) | i) - least;
      long step = above & (above >> 63);
      long greater = least + above - step - second;
      least += step;
      second += greater & (greater >> 63);
    }
    int first = (int) least & (NODES_MAX - 1);
    return second - least > (least >>> 40) + 4 * NODES_MAX ? first : best(key, first);
  }

  private int weightedOwner(long key) {
    long least = INFINITY;
    long second = INFINITY;
    for (int i = 0; i < seeds.length; i++) {
      // As above: doubles from 0 on are ordered as their bits are.
      long bound = Double.doubleToRawLongBits(least(key, i));
      long above = ((bound & -NODES_MAX) | i) - least;
      long step = above & (above >> 63);
      long greater = least + above - step - second;
      least += step;
      second += greater & (greater >> 63);
    }
    int first = (int) least & (NODES_MAX - 1);
    double draw = draw(key, seeds[first]);
    double most = draw * (2 - draw) / (2 - 2 * draw) * inverses[first];
    double others = Double.longBitsToDouble(second & -NODES_MAX);
    return others * SLACK > most ? first : best(key, first);
  }

  /** By the scores themselves; the first to compare with is one that is hard to beat. */
  private int best(long key, int first) {
    int best = first;
    double bestScore = failure(draw(key, seeds[first])) * inverses[first];
    for (int i = 0; i < seeds.length; i++) {
      if (i != first && least(key, i) * SLACK <= bestScore) {
        double score = failure(draw(key, seeds[i])) * inverses[i];
        if (score < bestScore || (score == bestScore && i < best)) { // by id if equal
          best = i;
          bestScore = score;
        }
      }
    }
    return best;
  }

  /** What the score cannot be below, but for rounding; it leaves out half a unit of the draw. */
  private double least(long key, int i) {
    double units = mix(key ^ seeds[i]) >>> 12;
    return (units + units * units * 0x1p-53) * inverses[i] * 0x1p-52;
  }

  /** One of the 2^52 odd multiples of 2^-53 between 0 and 1. */
  static double draw(long key, long seed) {
    return ((mix(key ^ seed) >>> 12) + 0.5) * 0x1p-52;
  }

  /**
   * -ln(1 - draw), off by a few units of the last place: 1 - draw is exact, and is taken apart into
   * 2^exponent times a number around 1, whose logarithm is 2 artanh((number - 1)/(number + 1)).
   */
  static double failure(double draw) {
    double left = 1 - draw;
    long bits = Double.doubleToRawLongBits(left);
    int exponent = (int) (bits >>> 52) - 1023;
    double number = Double.longBitsToDouble((bits & 0xfffffffffffffL) | 0x3ff0000000000000L);
    if (number > 1.4142135623730951) {
      number /= 2;
      exponent++;
    }
    double s = (number - 1) / (number + 1);
    double z = s * s; // below 0.03: ten terms are good for 17 digits
    double series = 1 / 17.0 + z * (1 / 19.0);
    series = 1 / 13.0 + z * (1 / 15.0 + z * series);
    series = 1 / 9.0 + z * (1 / 11.0 + z * series);
    series = 1 / 5.0 + z * (1 / 7.0 + z * series);
    series = 1 + z * (1 / 3.0 + z * series);
    return -(exponent * 0.6931471805599453 + 2 * s * series);
  }
}
