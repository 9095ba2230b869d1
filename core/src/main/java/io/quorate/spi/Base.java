package io.quorate.spi;

/**
 * Where a log begins: all entries up to this one are in a snapshot, committed for ever, and not
 * looked at any more.
 *
 * @param index of the last entry that is not needed; 0 for a log from the beginning
 * @param stamp that entry's
 */
public record Base(long index, Stamp stamp) {
  /** Of a log that has all entries. */
  public static final Base NONE = new Base(0, Stamp.NONE);
}
