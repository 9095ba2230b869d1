package io.quorate.spi;

import java.nio.ByteBuffer;

/**
 * The value of a LEAD entry, a new leader's first own one: batches of this epoch whose origin is an
 * earlier stamp, and that are applied after the entry, count for nothing. A LEAD entry with an
 * empty value is a no-op and fences nothing.
 *
 * @param epoch in which the leader leads
 * @param origin the stamp under which it did so first; it stays when the entry is written again
 *     under another stamp
 */
public record Lead(long epoch, Stamp origin) {
  private static final int FORMAT = 1;
  private static final int BYTES = 1 + Long.BYTES + Stamp.BYTES;

  /** The value of the entry that carries this. */
  public Payload encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put((byte) FORMAT).putLong(epoch).putLong(origin.high()).putLong(origin.low());
    return Payload.of(out.flip());
  }

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are none that this version knows, or there are
   *     none
   */
  public static Lead decode(Payload value) {
    ByteBuffer in = value.buffer();
    int format = in.hasRemaining() ? in.get() : FORMAT;
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a lead of format " + format + "; this version reads format " + FORMAT);
    }
    if (value.length() != BYTES) {
      throw new IllegalArgumentException("a lead of " + value.length() + " bytes; it has " + BYTES);
    }
    return new Lead(in.getLong(), new Stamp(in.getLong(), in.getLong()));
  }
}
