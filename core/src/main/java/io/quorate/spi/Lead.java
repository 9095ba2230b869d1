package io.quorate.spi;

public record Lead(long epoch, Stamp origin) {
  public Payload encode() { return Payload.of(java.nio.ByteBuffer.allocate(25).put((byte)1).putLong(epoch).putLong(origin.high()).putLong(origin.low()).flip()); }
}
