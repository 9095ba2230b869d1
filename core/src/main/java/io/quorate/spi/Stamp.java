package io.quorate.spi;

/**
 * Sixteen bytes that an engine puts on every entry and that the engine alone interprets: Raft keeps
 * its term in {@code high}, Paxos the round in {@code high} and the member of the ballot in {@code
 * low}.
 *
 * <p>Core and storage store a stamp and hand it back. Storage never compares two; core compares
 * only through {@link Protocol#compareStamps}.
 */
public record Stamp(long high, long low) {
  /** Below the stamp of every entry that an engine writes. */
  public static final Stamp NONE = new Stamp(0, 0);

  /** How many bytes a stamp takes in a record. */
  public static final int BYTES = 16;

  @Override
  public String toString() {
    return low == 0 ? Long.toString(high) : high + "." + low;
  }
}
