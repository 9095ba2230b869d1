package io.quorate.ring;

import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * Nodes as a look-up has found them, not copied for the list.
 *
 * @param <N> what stands for a node
 */
final class Replicas<N> extends AbstractList<N> implements RandomAccess {
  private final Object[] nodes;

  Replicas(Object[] nodes) {
    this.nodes = nodes;
  }

  @Override
  @SuppressWarnings("unchecked") // Only nodes are put there.
  public N get(int index) {
    return (N) nodes[index];
  }

  @Override
  public int size() {
    return nodes.length;
  }
}
