package io.quorate.ring;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** For each zone its tokens, so that a small zone among large ones is found without a walk. */
/* Nodes of a zone are taken in the order in which a walk along the ring meets them; of several zones,
 * the first node of each comes before the second of any. So replicas are spread over as many zones as
 * there are, evenly, and a zone that joins or leaves moves nothing between the others.
 * Most look-ups find their zones within a few steps along the ring. Only those that do not, because
 * zones are small or a second round is asked for, search each zone for itself.
 */
final class Zones {
  /** Three zones of one size are met within so many steps by 995 look-ups of 1,000. */
  private static final int STEPS_MAX = 16;

  private final Tokens tokens;
  private final int[] zoneOf;
  private final int[][] tokensOf;
  private final int[] nodesOf;

  /** Of nodes in the order of their places. */
  Zones(Tokens tokens, List<? extends RingNode<?>> nodes) {
    this.tokens = tokens;
    List<String> names = List.copyOf(new TreeSet<>(nodes.stream().map(RingNode::zone).toList()));
    zoneOf =
        nodes.stream().mapToInt(node -> Collections.binarySearch(names, node.zone())).toArray();
    nodesOf = new int[names.size()];
    Arrays.stream(zoneOf).forEach(zone -> nodesOf[zone]++);
    int[] sizes = new int[names.size()];
    for (int slot = 0; slot < tokens.end(); slot++) {
      sizes[zoneOf[tokens.placeAt(slot)]] += tokens.own(slot);
    }
    tokensOf = new int[names.size()][];
    for (int zone = 0; zone < sizes.length; zone++) {
      tokensOf[zone] = new int[sizes[zone]];
    }
    Arrays.fill(sizes, 0);
    for (int slot = 0; slot < tokens.end(); slot++) {
      int zone = zoneOf[tokens.placeAt(slot)];
      if (tokens.own(slot) == 1) {
        tokensOf[zone][sizes[zone]++] = slot;
      }
    }
  }

  int count() {
    return tokensOf.length;
  }

  /** A walk along one zone's tokens. */
  private final class Walk {
    private final int zone;
    private final int[] own;
    private int at;
    private int left;

    Walk(int zone, int from) {
      this.zone = zone;
      own = tokensOf[zone];
      int found = Arrays.binarySearch(own, from);
      at = found >= 0 ? found : -found - 1;
      left = nodesOf[zone];
      wrap();
    }

    private void wrap() {
      at = at == own.length ? 0 : at;
    }

    /** How far behind the beginning of the look-up the walk stands, in slots. */
    int distance(int from) {
      int distance = own[at] - from;
      return distance < 0 ? distance + tokens.end() : distance;
    }

    /** The next node that was not taken; there has to be one. */
    void seek(int[] taken, int count) {
      while (contains(taken, count, tokens.placeAt(own[at]))) {
        at++;
        wrap();
      }
    }

    int take() {
      left--;
      return tokens.placeAt(own[at]);
    }
  }

  /** Fills {@code places} with different nodes, from the token at which the look-up begins. */
  void replicas(int from, int[] places) {
    if (places.length > count() || !walked(from, places)) {
      searched(from, places);
    }
  }

  /** Whether a few steps along the ring met a zone for each of the places. */
  private boolean walked(int from, int[] places) {
    int found = 0;
    int token = from;
    for (int step = 0; step < STEPS_MAX && found < places.length; step++) {
      int place = tokens.placeAt(token);
      if (!isServed(places, found, zoneOf[place])) {
        places[found++] = place;
      }
      token = tokens.after(token);
    }
    return found == places.length;
  }

  private boolean isServed(int[] places, int count, int zone) {
    for (int i = 0; i < count; i++) {
      if (zoneOf[places[i]] == zone) {
        return true;
      }
    }
    return false;
  }

  private void searched(int from, int[] places) {
    Walk[] walks = new Walk[count()];
    for (int zone = 0; zone < walks.length; zone++) {
      walks[zone] = new Walk(zone, from);
    }
    boolean[] served = new boolean[walks.length];
    int count = 0;
    while (count < places.length) {
      Walk next = nearest(walks, served, from);
      if (next == null) {
        Arrays.fill(served, false);
        for (Walk walk : walks) {
          if (walk.left > 0) {
            walk.seek(places, count);
          }
        }
        continue;
      }
      served[next.zone] = true;
      places[count++] = next.take();
    }
  }

  /** The zone whose next node comes first, of those that have one and gave none in this round. */
  private static @Nullable Walk nearest(Walk[] walks, boolean[] served, int from) {
    Walk nearest = null;
    for (Walk walk : walks) {
      if (!served[walk.zone]
          && walk.left > 0
          && (nearest == null || walk.distance(from) < nearest.distance(from))) {
        nearest = walk;
      }
    }
    return nearest;
  }

  static boolean contains(int[] places, int count, int place) {
    for (int i = 0; i < count; i++) {
      if (places[i] == place) {
        return true;
      }
    }
    return false;
  }
}
