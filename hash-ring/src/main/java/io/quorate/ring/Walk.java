package io.quorate.ring;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A walk from a key along the ring, to the first node that will do. The ring stays as it is.
 *
 * @param <N> what stands for a node
 */
/* A walk passes each token once at most. Where most nodes will not do, that would be long: after as many
 * steps as there are nodes all are asked, and it goes on only if one of them will do.
 */
final class Walk<N> {
  private final Tokens tokens;
  private final List<RingNode<N>> nodes;
  private final long totalWeight;

  /** Nodes by place. */
  Walk(Tokens tokens, List<RingNode<N>> nodes) {
    this.tokens = tokens;
    this.nodes = nodes;
    totalWeight = nodes.stream().mapToLong(RingNode::weight).sum();
  }

  // ---- past the dead ----

  Optional<N> firstAlive(int from, Predicate<? super N> alive) {
    int slot = tokens.wrapped(from);
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

  // ---- past the full ----

  /** If there is none, the one that has the least for its weight. */
  N firstWithRoom(int from, Loads<? super N> loads, double factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException(
          "a bound of " + factor + " times the fair part can not be held by all; choose 1 or more");
    }
    int slot = tokens.wrapped(from);
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
}
