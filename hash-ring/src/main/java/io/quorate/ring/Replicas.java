package io.quorate.ring;

import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * Nodes as a look-up has found them: their places, and the ring's own array.
 *
 * @param <N> what stands for a node
 */
final class Replicas<N> extends AbstractList<N> implements RandomAccess {
  private final N[] nodes;
  private final int[] places;

  Replicas(N[] nodes, int[] places) {
    this.nodes = nodes;
    this.places = places;
  }

  @Override
  public N get(int index) {
    return nodes[places[index]];
  }

  @Override
  public int size() {
    return places.length;
  }
}
