package io.quorate.testkit.history;

import org.jspecify.annotations.Nullable;

/** The state of one key: a value or none. */
final class Register {
  /*
   * A value matters only if somebody looked at it: read it, or compared with it. What looked has an
   * outcome on record that says so, whether or not the look came true. Now a value that is not the
   * beginning of anything that was ever looked at, is not and never becomes, however much is
   * appended, a value that was looked at. Nothing on record can tell two such values apart: every
   * read of them contradicts its answer, every comparison fails. So they are equal.
   *
   * Without this, each order of u unknown appends is a state of its own, and there are u! of them.
   */
  private final @Nullable String value;
  private final Sightings sightings;
  private final boolean seen;

  private Register(@Nullable String value, Sightings sightings) {
    this.value = value;
    this.sightings = sightings;
    seen = value == null || sightings.anyBeginsWith(value);
  }

  static Register absent(Sightings sightings) {
    return new Register(null, sightings);
  }

  Register with(String next) {
    return new Register(next, sightings);
  }

  boolean isAbsent() {
    return value == null;
  }

  boolean holds(String expected) {
    return expected.equals(value);
  }

  /** The value; empty if absent. */
  String value() {
    return value == null ? "" : value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Register that) || seen != that.seen || isAbsent() != that.isAbsent()) {
      return false;
    }
    return !seen || value().equals(that.value());
  }

  @Override
  public int hashCode() {
    return seen ? value().hashCode() : 1;
  }

  @Override
  public String toString() {
    return value == null ? "absent" : "\"" + value + "\"";
  }
}
