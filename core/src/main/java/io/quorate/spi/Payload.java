package io.quorate.spi;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * An immutable run of bytes with its CRC-32C. The same bytes and the same checksum go to the
 * leader's disk, over the wire, to the followers' disks and back at recovery.
 *
 * <p>Whether the bytes stand on the heap or outside is a choice of the implementation: use {@link
 * #buffer()} and assume nothing. Whoever makes a payload gives the bytes away and may not write to
 * them again.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Payload {
  /** No bytes. */
  public static final Payload EMPTY = of(ByteBuffer.allocate(0));

  private final ByteBuffer bytes;
  private final int crc;

  private Payload(ByteBuffer bytes, int crc) {
    this.bytes = bytes;
    this.crc = crc;
  }

  /** Takes over {@code bytes} and computes their checksum. */
  public static Payload of(byte[] bytes) {
    return of(ByteBuffer.wrap(bytes));
  }

  /** Takes over the bytes between position and limit and computes their checksum. */
  public static Payload of(ByteBuffer bytes) {
    return new Payload(bytes.slice().asReadOnlyBuffer(), crc32c(bytes.slice()));
  }

  /**
   * Takes over the bytes between position and limit, which came with a checksum.
   *
   * @throws CorruptPayloadException if the bytes do not have that checksum
   */
  public static Payload received(ByteBuffer bytes, int crc) {
    int actual = crc32c(bytes.slice());
    if (actual != crc) {
      throw new CorruptPayloadException(
          String.format(
              "%d bytes have the checksum %08x where %08x was told: they changed on the way",
              bytes.remaining(), actual, crc));
    }
    return new Payload(bytes.slice().asReadOnlyBuffer(), crc);
  }

  /** How many bytes. */
  public int length() {
    return bytes.remaining();
  }

  /** CRC-32C over all bytes. */
  public int crc() {
    return crc;
  }

  /** A read-only view with a cursor of its own, big endian. */
  public ByteBuffer buffer() {
    return bytes.duplicate();
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && crc == that.crc && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return crc;
  }

  @Override
  public String toString() {
    return length() + " bytes";
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Bytes that are not what their checksum says. */
  public static final class CorruptPayloadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptPayloadException(String message) {
      super(message);
    }
  }
}
