package io.quorate.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which nodes hold what a token is the first one behind, by their places: all different. */
final class ReplicaPlaces {
  /** How many replicas are found in the shortest time. */
  private static final int USUAL = 3;

  private final Tokens tokens;
  private final int size;
  private final @Nullable Zones zones;

  /** Of nodes in the order of their places. */
  ReplicaPlaces(Tokens tokens, List<? extends RingNode<?>> nodes) {
    this.tokens = tokens;
    size = nodes.size();
    boolean zoned = nodes.stream().map(RingNode::zone).distinct().count() > 1;
    zones = zoned ? new Zones(tokens, nodes) : null;
  }

  /** In their order; as many as there are if that is fewer. */
  int[] of(int slot, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(count + " replicas; there are 0 or more");
    }
    int found = Math.min(count, size);
    int from = tokens.wrapped(slot);
    if (zones != null) {
      int[] places = new int[found];
      zones.replicas(from, places);
      return places;
    }
    return found == USUAL ? three(from) : walked(from, new int[found]);
  }

  private int[] walked(int from, int[] places) {
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
  private int[] three(int from) {
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
}
