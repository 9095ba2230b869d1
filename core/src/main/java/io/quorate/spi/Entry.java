package io.quorate.spi;

/**
 * One place in a group's log. An engine gives it its index and stamp; the value never changes after
 * its first proposal, though the entry may be written again under a later stamp.
 *
 * @param epoch number of the link in the group's chain of epochs (DESIGN: the log address is
 *     (epoch, index)); 1 for a new group
 * @param index the place, from 1; dense in Raft, with holes in an engine that writes slot by slot
 * @param stamp who proposed it last, in the engine's own terms
 * @param value the encoded batch or configuration; empty for some kinds
 */
public record Entry(long epoch, long index, Kind kind, Stamp stamp, Payload value) {
  /** What an entry carries. The codes are part of the formats on disk and on the wire. */
  public enum Kind {
    /** Commands, encoded once; opaque to an engine. */
    BATCH(1),
    /** A change of members inside an epoch. */
    CONFIGURATION(2),
    /**
     * A new leader's first own entry: its value is a {@link Lead}, which fences what earlier
     * leaders proposed. With an empty value a no-op, which fences nothing. No command.
     */
    LEAD(3),
    /** Seals its epoch and names the next one. */
    STOP(4),
    /** The first entry of a group: the cluster id and every founding voter. */
    FOUNDING(5);

    private static final Kind[] BY_CODE = {BATCH, CONFIGURATION, LEAD, STOP, FOUNDING};
    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The kind's number in records and messages. */
    public int code() {
      return code;
    }

    /**
     * The kind with that number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(int code) {
      if (code < 1 || code > BY_CODE.length) {
        throw new IllegalArgumentException("no entry kind has the code " + code);
      }
      return BY_CODE[code - 1];
    }
  }

  /** Checks the address. */
  public Entry {
    Check.that(epoch > 0 && index > 0, "an entry's epoch and index are above 0", epoch, index);
  }

  /** The bytes that this entry counts for in windows, tails and batches. */
  public int weight() {
    return value.length() + OVERHEAD;
  }

  private static final int OVERHEAD = 64;
}
