package io.quorate.benchmarks.log;

import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.SplittableRandom;

/** What is written: bytes that no disk can make smaller. */
final class Records {
  private static final Stamp STAMP = new Stamp(1, 0);

  private Records() {}

  static byte[] value(int bytes, long seed) {
    byte[] value = new byte[bytes];
    new SplittableRandom(seed).nextBytes(value);
    return value;
  }

  static Entry entry(long index, Payload value) {
    return new Entry(1, index, Entry.Kind.BATCH, STAMP, value);
  }
}
