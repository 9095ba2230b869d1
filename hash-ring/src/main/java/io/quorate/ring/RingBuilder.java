package io.quorate.ring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Gathers the nodes of a first {@link Ring}.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * @param <N> what stands for a node
 */
public final class RingBuilder<N> {
  private static final int TOKENS_EACH_MAX = 1 << 16;

  private final Function<? super N, String> idOf;
  private final List<RingNode<N>> nodes = new ArrayList<>();
  private KeyHash hash = KeyHash.XXH3;
  private ToLongFunction<byte[]> tokenHash = hash::hash;
  private int perWeight = 256;

  RingBuilder(Function<? super N, String> idOf) {
    this.idOf = Objects.requireNonNull(idOf);
  }

  /** A node of weight 1, in the zone without a name. */
  public RingBuilder<N> add(N node) {
    return add(node, 1);
  }

  /** A node in the zone without a name. */
  public RingBuilder<N> add(N node, int weight) {
    return add(node, weight, "");
  }

  /**
   * A node.
   *
   * @param weight how many times the share of a node of weight 1 it gets; from 1
   * @param zone what fails together: replicas are spread over as many zones as there are
   * @throws IllegalArgumentException if the weight is below 1
   */
  public RingBuilder<N> add(N node, int weight, String zone) {
    nodes.add(new RingNode<>(node, idOf.apply(node), weight, zone));
    return this;
  }

  /**
   * How many tokens a node has for each unit of its weight; 256 if this is not said. With more of
   * them shares are more even (the deviation is about one by the root of it), changes cost more,
   * and so does memory (13 bytes a token, 17 with several zones). Another number makes another
   * ring, in which most keys have other owners.
   *
   * @throws IllegalArgumentException if it is not from 1 to 65,536
   */
  public RingBuilder<N> tokens(int each) {
    if (each < 1 || each > TOKENS_EACH_MAX) {
      throw new IllegalArgumentException(
          each + " tokens a unit of weight; choose from 1 to " + TOKENS_EACH_MAX);
    }
    perWeight = each;
    return this;
  }

  /** How keys and tokens are hashed; {@link KeyHash#XXH3} if this is not said. */
  public RingBuilder<N> hash(KeyHash function) {
    hash = function;
    tokenHash = function::hash;
    return this;
  }

  /** Tests put tokens where they like. */
  RingBuilder<N> tokenHash(ToLongFunction<byte[]> function) {
    tokenHash = function;
    return this;
  }

  /**
   * The ring. One without nodes is allowed, and owns nothing.
   *
   * @throws IllegalArgumentException if two nodes have one id, or there are more nodes or tokens
   *     than a ring can hold
   */
  public Ring<N> build() {
    RingNodes<N> all = RingNodes.of(nodes, perWeight);
    return new Ring<>(idOf, hash, Tokens.of(tokenHash, perWeight, all.all()), all);
  }
}
