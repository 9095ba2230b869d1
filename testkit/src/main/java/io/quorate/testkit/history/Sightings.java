package io.quorate.testkit.history;

import java.util.TreeSet;

/** The values that anybody has looked at. */
final class Sightings {
  private final TreeSet<String> values = new TreeSet<>();
  private final boolean everything;

  private Sightings(boolean everything) {
    this.everything = everything;
  }

  static Sightings nothing() {
    return new Sightings(false);
  }

  /** Of a register that cannot know who will look. */
  static Sightings everything() {
    return new Sightings(true);
  }

  void add(String value) {
    values.add(value);
  }

  /** In order, what begins with a value comes right after it. */
  boolean anyBeginsWith(String value) {
    String next = values.ceiling(value);
    return everything || (next != null && next.startsWith(value));
  }
}
