package io.quorate.testkit.history;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Which operations have been put in order so far, and the state they lead to. Immutable. */
final class Configuration<S> {
  /* The set of known operations is "all below low, and these few beyond": whatever is beyond low
   * overlaps it in time. A set so written is as long as the history is wide, not as it is long. */

  /** What two configurations have in common that differ in the unknown operations they took. */
  record Place<S>(int low, BitSet beyond, S state) {}

  /** The operation that was put last, by its place among the known or the unknown ones. */
  record Last(boolean known, int index) {}

  private final @Nullable Configuration<S> parent;
  private final @Nullable Last last;
  private final Place<S> place;
  private final BitSet unknown;
  private final int knownCount;
  private final int unknownCount;

  private Configuration(
      @Nullable Configuration<S> parent, @Nullable Last last, Place<S> place, BitSet unknown) {
    this.parent = parent;
    this.last = last;
    this.place = place;
    this.unknown = unknown;
    knownCount = place.low + place.beyond.cardinality();
    unknownCount = unknown.cardinality();
  }

  /** Nothing has happened. */
  static <S> Configuration<S> initial(S state) {
    return new Configuration<>(null, null, new Place<>(0, new BitSet(), state), new BitSet());
  }

  Configuration<S> withKnown(int index, S state) {
    int low = place.low;
    BitSet beyond;
    if (index == low) {
      int free = place.beyond.nextClearBit(1);
      beyond = place.beyond.get(free, Math.max(free, place.beyond.length()));
      low += free;
    } else {
      beyond = (BitSet) place.beyond.clone();
      beyond.set(index - low);
    }
    Last step = new Last(true, index);
    return new Configuration<>(this, step, new Place<>(low, beyond, state), unknown);
  }

  Configuration<S> withUnknown(int index, S state) {
    BitSet more = (BitSet) unknown.clone();
    more.set(index);
    Last step = new Last(false, index);
    return new Configuration<>(this, step, new Place<>(place.low, place.beyond, state), more);
  }

  S state() {
    return place.state;
  }

  Place<S> place() {
    return place;
  }

  /** The unknown operations that were taken to have happened. */
  BitSet unknown() {
    return unknown;
  }

  /** The first known operation that has not been put in order. */
  int low() {
    return place.low;
  }

  boolean hasKnown(int index) {
    return index < place.low || place.beyond.get(index - place.low);
  }

  boolean hasUnknown(int index) {
    return unknown.get(index);
  }

  int knownCount() {
    return knownCount;
  }

  int unknownCount() {
    return unknownCount;
  }

  /** What was put, first to last. */
  Deque<Last> path() {
    Deque<Last> path = new ArrayDeque<>();
    for (Configuration<S> at = this; at != null && at.last != null; at = at.parent) {
      path.addFirst(at.last);
    }
    return path;
  }
}
