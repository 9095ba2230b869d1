package io.quorate.ring;

import java.util.List;
import java.util.Locale;
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

  private final Function<? super N, String> idOf;
  private final KeyHash hash;
  private final Tokens tokens;
  private final RingNodes<N> nodes;
  private final Walk<N> walk;
  private final ReplicaPlaces replicas;

  /** The nodes themselves, by place: a look-up ends here. */
  private final N[] owners;

  /** Once it was asked for; 0 before. */
  private volatile long fingerprint;

  @SuppressWarnings("unchecked") // Nobody but this package sees the array.
  Ring(Function<? super N, String> idOf, KeyHash hash, Tokens tokens, RingNodes<N> nodes) {
    this.idOf = idOf;
    this.hash = hash;
    this.tokens = tokens;
    this.nodes = nodes;
    owners = (N[]) nodes.all().stream().map(RingNode::node).toArray();
    walk = new Walk<>(tokens, nodes.all());
    replicas = new ReplicaPlaces(tokens, nodes.all());
  }

  /**
   * For nodes that {@code toString} names, always in the same way: strings, numbers, records of
   * them.
   */
  public static <N> RingBuilder<N> builder() {
    return new RingBuilder<>(RingNode::nameOf);
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
    return walk.firstAlive(tokens.find(hash.hash(key)), alive);
  }

  /** As {@link #owner(long, Predicate)}. */
  public Optional<N> owner(byte[] key, Predicate<? super N> alive) {
    return walk.firstAlive(tokens.find(hash.hash(key)), alive);
  }

  /** As {@link #owner(long, Predicate)}. */
  public Optional<N> owner(String key, Predicate<? super N> alive) {
    return walk.firstAlive(tokens.find(hash.hash(key)), alive);
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
    return walk.firstWithRoom(find(position), loads, factor);
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

  /** The places of the replicas of all hashes that this slot's token is the first one behind. */
  int[] places(int slot, int count) {
    return replicas.of(slot, count);
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
    RingNode<N> added = new RingNode<>(node, idOf.apply(node), weight, zone);
    int place = nodes.placeFor(added);
    RingNodes<N> more = nodes.with(place, added, tokens.perWeight());
    return new Ring<>(idOf, hash, tokens.with(place, more.all()), more);
  }

  /**
   * Without a node. Its keys move, and no others.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public Ring<N> without(N node) {
    int place = place(node);
    int weight = nodes.at(place).weight();
    return new Ring<>(idOf, hash, tokens.without(place, weight), nodes.without(place));
  }

  /**
   * With another weight for a node. Keys move to it, or from it, and between no others.
   *
   * @throws IllegalArgumentException if it is not here, or for what {@link RingBuilder#add} and
   *     {@link RingBuilder#build} refuse
   */
  public Ring<N> reweight(N node, int weight) {
    int place = place(node);
    RingNode<N> before = nodes.at(place);
    RingNodes<N> changed = nodes.reweighted(place, weight, tokens.perWeight());
    Tokens after =
        weight > before.weight()
            ? tokens.grown(place, before.weight(), changed.all())
            : tokens.shrunk(place, before, changed.all());
    return new Ring<>(idOf, hash, after, changed);
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
    return nodes.at(place(node)).weight();
  }

  /**
   * A node's zone.
   *
   * @throws IllegalArgumentException if it is not here
   */
  public String zone(N node) {
    return nodes.at(place(node)).zone();
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
    return nodes.placeOf(idOf.apply(node));
  }

  Tokens tokens() {
    return tokens;
  }

  KeyHash hash() {
    return hash;
  }

  RingNodes<N> ringNodes() {
    return nodes;
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
   * @param node finds a node by its id; null if there is none, which is refused
   * @param id as in {@link #builder(Function)}
   * @throws IllegalArgumentException if the bytes are no ring, damaged, or of a later version
   */
  public static <N> Ring<N> decode(
      byte[] encoded, Function<String, ? extends N> node, Function<? super N, String> id) {
    return RingWire.decode(encoded, node, id);
  }

  /**
   * The same for equal rings, in all processes; another one, but for a chance of 2^-64, for others.
   * Takes time in proportion to the nodes, once.
   */
  public long fingerprint() {
    long known = fingerprint;
    if (known == 0) {
      known = RingWire.fingerprint(encode());
      fingerprint = known;
    }
    return known;
  }

  /** Whether the other maps each key to a node of the same id, by construction. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ring<?> that
        && hash == that.hash
        && tokens.perWeight() == that.tokens.perWeight()
        && nodes.areLike(that.nodes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fingerprint());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "ring of %,d nodes with %,d tokens, %s, fingerprint %016x",
        owners.length,
        tokens.count(),
        hash,
        fingerprint());
  }
}
