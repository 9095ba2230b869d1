package io.quorate.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The nodes of a ring, in the order of their ids: a node's place in it is what its tokens carry.
 * Immutable; a change makes another list, if that is one a ring can hold.
 *
 * @param <N> what stands for a node
 */
final class RingNodes<N> {
  private final List<RingNode<N>> all;

  private RingNodes(List<RingNode<N>> all) {
    this.all = List.copyOf(all);
  }

  /** Of nodes in any order, none of them twice. */
  static <N> RingNodes<N> of(List<RingNode<N>> nodes, int perWeight) {
    List<RingNode<N>> sorted = new ArrayList<>(nodes);
    sorted.sort(RingNode.BY_ID);
    for (int i = 1; i < sorted.size(); i++) {
      if (RingNode.BY_ID.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
        throw duplicate(sorted.get(i).id());
      }
    }
    checkSize(sorted, perWeight);
    return new RingNodes<>(sorted);
  }

  List<RingNode<N>> all() {
    return all;
  }

  int size() {
    return all.size();
  }

  RingNode<N> at(int place) {
    return all.get(place);
  }

  /** Where the node with this id is; there has to be one. */
  int placeOf(String id) {
    int found = Collections.binarySearch(all, new RingNode<>(id, id, 1, ""), RingNode.BY_ID);
    if (found < 0) {
      throw new IllegalArgumentException("there is no node " + id);
    }
    return found;
  }

  /** Where a node will be that is not here yet. */
  int placeFor(RingNode<N> added) {
    int found = Collections.binarySearch(all, added, RingNode.BY_ID);
    if (found >= 0) {
      throw duplicate(added.id());
    }
    return -found - 1;
  }

  RingNodes<N> with(int place, RingNode<N> added, int perWeight) {
    List<RingNode<N>> changed = new ArrayList<>(all);
    changed.add(place, added);
    checkSize(changed, perWeight);
    return new RingNodes<>(changed);
  }

  RingNodes<N> without(int place) {
    List<RingNode<N>> changed = new ArrayList<>(all);
    changed.remove(place);
    return new RingNodes<>(changed);
  }

  RingNodes<N> reweighted(int place, int weight, int perWeight) {
    List<RingNode<N>> changed = new ArrayList<>(all);
    changed.set(place, all.get(place).withWeight(weight));
    checkSize(changed, perWeight);
    return new RingNodes<>(changed);
  }

  /** Whether the two have the same ids, weights and zones. */
  boolean areLike(RingNodes<?> that) {
    if (all.size() != that.all.size()) {
      return false;
    }
    for (int place = 0; place < all.size(); place++) {
      if (!all.get(place).isLike(that.all.get(place))) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException duplicate(String id) {
    return new IllegalArgumentException(
        "there is a node " + id + " already; reweight changes its weight");
  }

  private static void checkSize(List<? extends RingNode<?>> nodes, int perWeight) {
    double count = 0; // What nodes ask for may be more than a long holds; exact up to 2^53.
    for (RingNode<?> node : nodes) {
      count += (double) node.weight() * perWeight;
    }
    if (nodes.size() >= Tokens.NODES_MAX || count > Tokens.TOKENS_MAX) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%,d nodes with %,.0f tokens; a ring holds fewer than %,d and at most %,d: use"
                  + " smaller weights, or fewer tokens a unit",
              nodes.size(),
              count,
              Tokens.NODES_MAX,
              Tokens.TOKENS_MAX));
    }
  }
}
