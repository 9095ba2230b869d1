package io.quorate.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Jump consistent hash: buckets numbered from 0, of which only the last comes and goes. For shards
 * that are never taken away out of turn; what takes away any of them is {@link Buckets}.
 *
 * <pre>{@code
 * Jump<Shard> shards = Jump.of(List.of(first, second, third));
 * Shard owner = shards.owner("customer-17");
 * Jump<Shard> more = shards.with(fourth); // a quarter of the keys moves, all of it to the fourth
 * }</pre>
 *
 * <p>A {@code long} key is taken as it is, and its bucket is that of Guava's {@code
 * Hashing.consistentHash(long, int)}, bit for bit. Bytes and text are hashed first, by {@link
 * KeyHash}, and the hash is that key.
 *
 * <p><b>Threads, bounds.</b> Immutable, and so for any thread. A look-up takes about ln(n) steps
 * for n buckets and allocates nothing. The nodes are all that is kept.
 *
 * @param <N> what stands for a node; one may stand at several numbers
 */
public final class Jump<N> implements Mapping<N> {
  /*
   * Lamping and Veach, A Fast, Minimal Memory, Consistent Hash Algorithm (2014). A key starts in
   * bucket 0 and, as buckets are added one by one, jumps to bucket b with probability 1/(b+1).
   * Rather than tossing for each b, one draw of a linear congruential generator tells where the
   * next jump is. The generator is seeded with the key, and is a part of what both sides have to
   * agree on.
   */
  private static final long MULTIPLIER = 2862933555777941757L;

  private final List<N> nodes;
  private final KeyHash hash;

  private Jump(List<N> nodes, KeyHash hash) {
    this.nodes = nodes;
    this.hash = hash;
  }

  /** Bucket i is the i-th of these nodes; bytes and text are hashed by {@link KeyHash#XXH3}. */
  public static <N> Jump<N> of(List<? extends N> nodes) {
    return of(nodes, KeyHash.XXH3);
  }

  /** Bucket i is the i-th of these nodes; bytes and text are hashed by {@code hash}. */
  public static <N> Jump<N> of(List<? extends N> nodes, KeyHash hash) {
    return new Jump<>(List.copyOf(nodes), Objects.requireNonNull(hash));
  }

  /**
   * The bucket of a key, from 0 to {@code buckets - 1}; what Guava's {@code
   * Hashing.consistentHash(key, buckets)} answers.
   *
   * @throws IllegalArgumentException if there is not one bucket
   */
  public static int bucket(long key, int buckets) {
    if (buckets < 1) {
      throw new IllegalArgumentException("there is no bucket among " + buckets);
    }
    long state = key;
    int bucket = 0;
    while (true) {
      state = MULTIPLIER * state + 1;
      int draw = (int) (state >>> 33);
      if (draw == Integer.MAX_VALUE) {
        // Where the paper jumps to the next bucket, Guava's sum overflows, and it stays.
        return bucket;
      }
      int next = (int) ((bucket + 1) / ((draw + 1) / 0x1p31));
      if (next >= buckets) {
        return bucket;
      }
      bucket = next;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The key is not hashed: it is the seed, as in Guava.
   */
  @Override
  public N owner(long key) {
    if (nodes.isEmpty()) {
      throw new IllegalStateException("there is no node");
    }
    return nodes.get(bucket(key, nodes.size()));
  }

  @Override
  public N owner(byte[] key) {
    return owner(hash.hash(key));
  }

  @Override
  public N owner(String key) {
    return owner(hash.hash(key));
  }

  /** The nodes by number. */
  @Override
  public List<N> nodes() {
    return nodes;
  }

  /** One bucket more, at the end. Of n buckets then, each gives 1/n of its keys to the new one. */
  public Jump<N> with(N node) {
    List<N> more = new ArrayList<>(nodes);
    more.add(node);
    return of(more, hash);
  }

  /**
   * One bucket less, the last. Its keys are spread over the others; no other key moves.
   *
   * @throws IllegalStateException if there is no node
   */
  public Jump<N> withoutLast() {
    if (nodes.isEmpty()) {
      throw new IllegalStateException("there is no node");
    }
    return of(nodes.subList(0, nodes.size() - 1), hash);
  }

  /** Whether the other has equal nodes at the same numbers, and the same hash. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Jump<?> that && hash == that.hash && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(nodes, hash.code());
  }

  @Override
  public String toString() {
    return "Jump" + nodes;
  }
}
