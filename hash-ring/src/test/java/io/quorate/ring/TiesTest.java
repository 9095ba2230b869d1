package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tokens that agree in 40 bits: their order is that of RingPropertyTest; here, what it costs. */
class TiesTest {
  private static RingBuilder<String> nodes(int count) {
    RingBuilder<String> builder = Ring.builder();
    IntStream.range(0, count).forEach(i -> builder.add("node-" + i));
    return builder;
  }

  @Test
  @DisplayName("1.11: nodes with ties are hashed once each, in however many ties they are")
  void tiesCostOneHashATokenAtMost() {
    AtomicInteger hashed = new AtomicInteger();
    RingBuilder<String> builder =
        nodes(50)
            .tokens(100)
            .tokenHash(
                bytes -> {
                  hashed.incrementAndGet();
                  return Rings.Places.NEAR.hash.applyAsLong(bytes);
                });
    Ring<String> ring = builder.build();
    assertTrue(hashed.get() <= 2 * 5_000, () -> "hashed: " + hashed);
    hashed.set(0);
    Ring<String> more = ring.with("another", 2);
    assertTrue(hashed.get() <= 5_000 + 2 * 200, () -> "hashed: " + hashed);
    hashed.set(0);
    assertEquals(Rings.owners(ring), Rings.owners(more.without("another")));
    assertEquals(0, hashed.get());
  }

  @Test
  @DisplayName("1.11: ties of others cost a node that joins nothing")
  void tiesOfOthersAreLeftAlone() {
    AtomicInteger hashed = new AtomicInteger();
    Ring<String> ring =
        nodes(50)
            .tokens(100)
            .tokenHash(
                bytes -> {
                  hashed.incrementAndGet();
                  long hash = KeyHash.XXH3.hash(bytes);
                  return bytes.length == 9 // An id of one letter.
                      ? hash | Long.MIN_VALUE
                      : hash & 0x7000_0000_0000_00FFL;
                })
            .build();
    hashed.set(0);
    Ring<String> joined = ring.with("x");
    assertEquals(100, hashed.get());
    assertEquals(Rings.owners(ring), Rings.owners(joined.without("x")));
  }
}
