package io.quorate.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A consistent-hash ring: which of the nodes owns a key, and which others hold its replicas. When a
 * node joins or leaves, only keys that it gets or had are moved.
 *
 * <pre>{@code
 * Ring<Shard> ring = Ring.builder(Shard::name).add(a).add(b, 2, "zone-1").build();
 * Shard owner = ring.owner(key);
 * List<Shard> replicas = ring.replicas(key, 3);
 * Ring<Shard> next = ring.with(c);
 * RingDiff<Shard> moves = ring.diff(next, 3);
 * }</pre>
 *
 * <p><b>Threads.</b> Immutable: a change makes another ring, which a volatile field publishes.
 * Look-ups take no lock, and {@code owner(key)} allocates nothing.
 *
 * <p><b>Equal everywhere.</b> A ring is a function of its nodes' ids, weights and zones, of the
 * number of tokens and the hash; not of the order in which nodes came. {@link #fingerprint} tells
 * whether two processes hold the same; {@link #encode} hands it on.
 *
 * <p><b>Bounds.</b> 2^23 nodes, 2^28 tokens.
 *
 * @param <N> what stands for a node
 */
public final class Ring<N> implements Mapping<N> {
  /** How many parts the hash space has that tokens tell apart. */
  static final double SPACE = 1L << (Long.SIZE - Tokens.LOW_BITS);

  /** How many replicas are found in the shortest time. */
  private static final int USUAL = 3;

  private final Function<? super N, String> idOf;
  private final KeyHash hash;
  private final Tokens tokens;
  private final List<RingNode<N>> nodes;

  /** The nodes themselves, by place: a look-up ends here. */
  private final N[] owners;

  private final @Nullable Zones zones;
  private final long totalWeight;

  @SuppressWarnings("unchecked") // Nobody but this class sees the array.
  Ring(Function<? super N, String> idOf, KeyHash hash, Tokens tokens, List<RingNode<N>> nodes) {
    this.idOf = idOf;
    this.hash = hash;
    this.tokens = tokens;
    this.nodes = nodes;
    owners = (N[]) nodes.stream().map(RingNode::node).toArray();
    totalWeight = nodes.stream().mapToLong(RingNode::weight).sum();
    boolean zoned = nodes.stream().map(RingNode::zone).distinct().count() > 1;
    zones = zoned ? new Zones(tokens, nodes) : null;
  }

  /**
   * For nodes that {@code toString} names, always in the same way: strings, numbers, records of
   * them.
   */
  public static <N> RingBuilder<N> builder() {
    return new RingBuilder<>(Ring::nameOf);
  }

  /**
   * For any nodes.
   *
   * @param id the node's name: no other node's, and the same in all processes and at all times
   */
  public static <N> RingBuilder<N> builder(Function<? super N, String> id) {
    return new RingBuilder<>(id);
  }

  /**
   * A ring that maps keys as memcached's clients do, servers being {@code host:port} with their
   * weights.
   *
   * @param servers in the order in which the original is told of them; see {@link Ketama#of}
   * @throws IllegalArgumentException for what {@link Ketama#of} refuses
   */
  public static Ketama ketama(Ketama.Dialect dialect, Map<String, Integer> servers) {
    return Ketama.of(dialect, servers);
  }

  /** What {@code toString} says, if it says what the node is and not which object. */
  private static String nameOf(Object node) {
    try {
      if (node.getClass().getMethod("toString").getDeclaringClass() == Object.class) {
        throw new IllegalArgumentException(
            node.getClass().getName()
                + " has no toString of its own, so its name would be another in each process; say"
                + " how to name it: Ring.builder(node -> ...)");
      }
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
    return node.toString();
  }

  static IllegalArgumentException duplicate(String id) {
    return new IllegalArgumentException(
        "there is a node " + id + " already; reweight changes its weight");
  }

  static int checkedWeight(int weight) {
    if (weight < 1) {
      throw new IllegalArgumentException(
          "a weight of " + weight + "; the least is 1, and without() removes a node");
    }
    return weight;
  }

  static void checkSize(List<? extends RingNode<?>> nodes, int perWeight) {
    double count = 0; // What nodes ask for may be more than a long holds; exact up to 2^53.
    for (RingNode<?> node : nodes) {
      count += (double) node.weight() * perWeight;
    }
    if (nodes.size() >= Tokens.NODES_MAX || count > Tokens.TOKENS_MAX) {
      throw new IllegalArgumentException(
          String.format(
              "%,d nodes with %,.0f tokens; a ring holds fewer than %,d and at most %,d: use"
                  + " smaller weights, or fewer tokens a unit",
              nodes.size(), count, Tokens.NODES_MAX, Tokens.TOKENS_MAX));
    }
  }

  // ---- look-up ----

  @Override
  public N owner(long key) {
    return ownerAt(hash.hash(key));
  }

  @Override
  public N owner(byte[] key) {
    return ownerAt(hash.hash(key));
  }

  @Override
  public N owner(String key) {
    return ownerAt(hash.hash(key));
  }

  private N ownerAt(long position) {
    return owners[tokens.placeAt(find(position))];
  }

  private int find(long position) {
    if (owners.length == 0) {
      throw new IllegalStateException("a ring without nodes owns nothing; add one");
    }
    return tokens.find(position);
  }

  /**
   * The first node behind the key that is alive: the owner, or who would own the key if the dead
   * had left. The ring stays as it is, so who comes back has what it had.
   *
   * <p>Takes nodes/alive steps on average; if none is alive, no more than twice as many as there
   * are nodes.
   *
   * @param alive asked of nodes until one is; of some more than once, if many are dead
   * @return empty if none is
   */
  public Optional<N> owner(long key, Predicate<? super N> alive) {
    return aliveAt(hash.hash(key), alive);
  }

  /** As {@link #owner(long, Predicate)}. */
  public Optional<N> owner(byte[] key, Predicate<? super N> alive) {
    return aliveAt(hash.hash(key), alive);
  }

  /** As {@link #owner(long, Predicate)}. */
  public Optional<N> owner(String key, Predicate<? super N> alive) {
    return aliveAt(hash.hash(key), alive);
  }

  private Optional<N> aliveAt(long position, Predicate<? super N> alive) {
    int slot = tokens.wrapped(tokens.find(position));
    int last = -1;
    for (int step = 0; step < tokens.count(); step++) {
      if (step == nodes.size() && areDead(alive)) {
        break;
      }
      int place = tokens.placeAt(slot);
      if (place != last && alive.test(nodes.get(place).node())) {
        return Optional.of(nodes.get(place).node());
      }
      last = place;
      slot = tokens.after(slot);
    }
    return Optional.empty();
  }

  private boolean areDead(Predicate<? super N> alive) {
    for (RingNode<N> node : nodes) {
      if (alive.test(node.node())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The owner with a bounded load ("Consistent Hashing with Bounded Loads", Mirrokni, Thorup and
   * Zadimoghaddam, 2016): the first node behind the key whose load is below {@code factor} times
   * its fair part of all load with the key's, rounded up. If none is, because loads change while
   * this reads them, the one that has the least for its weight.
   *
   * <p>Takes nodes/(nodes with room) steps on average; if none has room, three times as many as
   * there are nodes at most.
   *
   * @param factor how much more than its part a node may have, 1.25 for instance; from 1. The
   *     nearer to 1, the more keys are moved by the load of others.
   * @throws IllegalStateException if there is no node
   */
  public N owner(long key, Loads<? super N> loads, double factor) {
    return boundedAt(hash.hash(key), loads, factor);
  }

  /** As {@link #owner(long, Loads, double)}. */
  public N owner(byte[] key, Loads<? super N> loads, double factor) {
    return boundedAt(hash.hash(key), loads, factor);
  }

  /** As {@link #owner(long, Loads, double)}. */
  public N owner(String key, Loads<? super N> loads, double factor) {
    return boundedAt(hash.hash(key), loads, factor);
  }

  private N boundedAt(long position, Loads<? super N> loads, double factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException(
          "a bound of " + factor + " times the fair part can not be held by all; choose 1 or more");
    }
    int slot = tokens.wrapped(find(position));
    double load = factor * (loads.total() + 1.0);
    int last = -1;
    for (int step = 0; step < tokens.count(); step++) {
      if (step == nodes.size() && areFull(loads, load)) {
        break;
      }
      int place = tokens.placeAt(slot);
      if (place != last && hasRoom(nodes.get(place), loads, load)) {
        return nodes.get(place).node();
      }
      last = place;
      slot = tokens.after(slot);
    }
    return leastLoaded(loads);
  }

  /** Rounded once, and last: a quotient first would lift some bounds by one. */
  private boolean hasRoom(RingNode<N> node, Loads<? super N> loads, double load) {
    return loads.of(node.node()) < Math.ceil(load * node.weight() / totalWeight);
  }

  private boolean areFull(Loads<? super N> loads, double load) {
    for (RingNode<N> node : nodes) {
      if (hasRoom(node, loads, load)) {
        return false;
      }
    }
    return true;
  }

  private N leastLoaded(Loads<? super N> loads) {
    RingNode<N> least = nodes.get(0);
    double load = Double.POSITIVE_INFINITY;
    for (RingNode<N> node : nodes) {
      double own = (double) loads.of(node.node()) / node.weight();
      if (own < load) {
        least = node;
        load = own;
      }
    }
    return least.node();
  }

  /**
   * The nodes that hold a key: the owner and those behind it, all different. Where there are
   * several zones, the first node behind the key in each of them, before a second in any.
   *
   * @param count how many; fewer come if there are fewer nodes
   * @throws IllegalArgumentException if that is below 0
   */
  public List<N> replicas(long key, int count) {
    return replicasAt(hash.hash(key), count);
  }

  /** As {@link #replicas(long, int)}. */
  public List<N> replicas(byte[] key, int count) {
    return replicasAt(hash.hash(key), count);
  }

  /** As {@link #replicas(long, int)}. */
  public List<N> replicas(String key, int count) {
    return replicasAt(hash.hash(key), count);
  }

  private List<N> replicasAt(long position, int count) {
    return new Replicas<>(owners, places(tokens.find(position), count));
  }

  private int checkedCount(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(count + " replicas; there are 0 or more");
    }
    return Math.min(count, owners.length);
  }

  /** The places of the replicas of all hashes that this slot's token is the first one behind. */
  int[] places(int slot, int count) {
    int size = checkedCount(count);
    int from = tokens.wrapped(slot);
    if (zones != null) {
      int[] places = new int[size];
      zones.replicas(from, places);
      return places;
    }
    return size == USUAL ? threePlaces(from) : places(new int[size], from);
  }

  private int[] places(int[] places, int from) {
    int slot = from;
    for (int found = 0; found < places.length; slot = tokens.after(slot)) {
      int place = tokens.placeAt(slot);
      if (!Zones.contains(places, found, place)) {
        places[found++] = place;
      }
    }
    return places;
  }

  /** The same for as many as most keep: without loops over those found it takes half the time. */
  private int[] threePlaces(int from) {
    int first = tokens.placeAt(from);
    int slot = from;
    int second;
    do {
      slot = tokens.after(slot);
      second = tokens.placeAt(slot);
    } while (second == first);
    int third;
    do {
      slot = tokens.after(slot);
      third = tokens.placeAt(slot);
    } while (third == first || third == second);
    return new int[] {first, second, third};
  }

  // ---- changes ----

  /** With a node of weight 1 more, in the zone without a name. */
  public Ring<N> with(N node) {
    return with(node, 1);
  }

  /** With a node more, in the zone without a name. */
  public Ring<N> with(N node, int weight) {
    return with(node, weight, "");
  }

  /**
   * With a node more. Keys move to it and nowhere else. Takes time in proportion to the tokens.
   *
   * @throws IllegalArgumentException if there is one with its id, or for what {@link
   *     RingBuilder#add} and {@link RingBuilder#build} refuse
   */
  public Ring<N> with(N node, int weight, String zone) {
    RingNode<N> added = new RingNode<>(node, idOf.apply(node), checkedWeight(weight), zone);
    int found = Collections.binarySearch(nodes, added, RingNode.BY_ID);
    if (found >= 0) {
      throw duplicate(added.id());
    }
    List<RingNode<N>> changed = new ArrayList<>(nodes);
    changed.add(-found - 1, added);
    checkSize(changed, tokens.perWeight());
    return new Ring<>(idOf, hash, tokens.with(-found - 1, changed), List.copyOf(changed));
  }

  /**
   * Without a node. Its keys move, and no others.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public Ring<N> without(N node) {
    int place = place(node);
    List<RingNode<N>> changed = new ArrayList<>(nodes);
    changed.remove(place);
    return new Ring<>(
        idOf, hash, tokens.without(place, nodes.get(place).weight()), List.copyOf(changed));
  }

  /**
   * With another weight for a node. Keys move to it, or from it, and between no others.
   *
   * @throws IllegalArgumentException if it is not here, or for what {@link RingBuilder#add} and
   *     {@link RingBuilder#build} refuse
   */
  public Ring<N> reweight(N node, int weight) {
    int place = place(node);
    RingNode<N> before = nodes.get(place);
    List<RingNode<N>> changed = new ArrayList<>(nodes);
    changed.set(place, before.withWeight(checkedWeight(weight)));
    checkSize(changed, tokens.perWeight());
    Tokens after =
        weight > before.weight()
            ? tokens.grown(place, before.weight(), changed)
            : tokens.shrunk(place, before, changed);
    return new Ring<>(idOf, hash, after, List.copyOf(changed));
  }

  /**
   * What moves on the way to another ring.
   *
   * @param replicas how many nodes hold a key
   * @throws IllegalArgumentException if the two do not hash alike, or that is below 1
   */
  public RingDiff<N> diff(Ring<N> next, int replicas) {
    if (hash != next.hash) {
      throw new IllegalArgumentException(
          "one ring hashes keys with " + hash + ", the other with " + next.hash);
    }
    return RingDiff.of(this, next, replicas);
  }

  // ---- what it is made of ----

  /** In the order of their ids, byte by byte. */
  @Override
  public List<N> nodes() {
    return List.of(owners);
  }

  /**
   * A node's weight.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public int weight(N node) {
    return nodes.get(place(node)).weight();
  }

  /**
   * A node's zone.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public String zone(N node) {
    return nodes.get(place(node)).zone();
  }

  /**
   * What part of all hashes the node owns, from 0 to 1; exact but for the last bits. Takes time in
   * proportion to the tokens.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public double share(N node) {
    int place = place(node);
    long width = 0;
    for (int slot = 0; slot < tokens.end(); slot++) {
      width += tokens.placeAt(slot) == place ? tokens.widthOf(slot) : 0;
    }
    return width / SPACE;
  }

  private int place(N node) {
    String id = idOf.apply(node);
    int found = Collections.binarySearch(nodes, new RingNode<>(node, id, 1, ""), RingNode.BY_ID);
    if (found < 0) {
      throw new IllegalArgumentException("there is no node " + id);
    }
    return found;
  }

  Tokens tokens() {
    return tokens;
  }

  KeyHash hash() {
    return hash;
  }

  List<RingNode<N>> ringNodes() {
    return nodes;
  }

  RingNode<N> ringNode(int place) {
    return nodes.get(place);
  }

  int size() {
    return nodes.size();
  }

  // ---- between processes ----

  /**
   * The ring as bytes, for another process: what it is made of, not its tokens. docs/ring.md says
   * how; later versions read what this one writes.
   */
  public byte[] encode() {
    return RingWire.encode(this);
  }

  /**
   * The ring that {@link #encode} wrote, of nodes that are their ids.
   *
   * <p>A few bytes may ask for 2^28 tokens, and a fingerprint is no signature: for rings from those
   * you trust.
   *
   * @throws IllegalArgumentException if the bytes are no ring, damaged, or of a later version
   */
  public static Ring<String> decode(byte[] encoded) {
    return decode(encoded, id -> id, id -> id);
  }

  /**
   * The ring that {@link #encode} wrote; see {@link #decode(byte[])}.
   *
   * @param node finds a node by its id
   * @param id as in {@link #builder(Function)}
   * @throws IllegalArgumentException if the bytes are no ring, damaged, or of a later version
   */
  public static <N> Ring<N> decode(
      byte[] encoded, Function<String, ? extends N> node, Function<? super N, String> id) {
    return RingWire.decode(encoded, node, id);
  }

  /**
   * The same for equal rings, in all processes; another one, but for a chance of 2^-64, for others.
   */
  public long fingerprint() {
    return RingWire.fingerprint(encode());
  }

  /** Whether the other maps each key to a node of the same id, by construction. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Ring<?> that)
        || hash != that.hash
        || tokens.perWeight() != that.tokens.perWeight()
        || nodes.size() != that.nodes.size()) {
      return false;
    }
    for (int place = 0; place < nodes.size(); place++) {
      if (!nodes.get(place).isLike(that.nodes.get(place))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fingerprint());
  }

  @Override
  public String toString() {
    return String.format(
        "ring of %,d nodes with %,d tokens, %s, fingerprint %016x",
        nodes.size(), tokens.count(), hash, fingerprint());
  }
}
