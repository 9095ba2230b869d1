package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The wire form tells rings apart, and each ring has one. */
class RingWireTest {
  private static RingBuilder<String> nodes(int count) {
    RingBuilder<String> builder = Ring.builder();
    IntStream.range(0, count).forEach(i -> builder.add("node-" + i));
    return builder;
  }

  @Test
  @DisplayName("1.9: ids and zones that UTF-8 can not tell apart are refused")
  void halvesOfPairs() {
    for (String bad : List.of("a\ud800", "\udc00", "\udc00\ud800")) {
      assertThrows(IllegalArgumentException.class, () -> Ring.<String>builder().add(bad));
      assertThrows(IllegalArgumentException.class, () -> Ring.<String>builder().add("a", 1, bad));
    }
    assertEquals("😀", Ring.<String>builder().add("😀").build().owner(1));
  }

  @Test
  @DisplayName("1.9: a ring has one wire form: what is read is what it writes again")
  void oneWireForm() {
    byte[] ring = nodes(3).tokens(4).build().encode();
    int read = 0;
    for (int bit = 0; bit < (ring.length - 8) * 8; bit++) {
      byte[] changed = ring.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      if (isHighOfNumber(bit / 8)) {
        continue; // May be a ring of more tokens than a test wants to make.
      }
      ByteBuffer.wrap(changed)
          .putLong(ring.length - 8, KeyHash.XXH3.hash(changed, ring.length - 8));
      try {
        Ring<String> back = Ring.decode(changed);
        assertEquals(ByteBuffer.wrap(changed), ByteBuffer.wrap(back.encode()));
        assertNotEquals(Ring.decode(ring), back);
        read++;
      } catch (IllegalArgumentException e) {
        assertTrue(String.valueOf(e.getMessage()).length() > 10);
      }
    }
    assertTrue(read > 30, "some of them are rings: " + read);
  }

  /** Of tokens a unit, or of a weight: 10 bytes of head, and 18 for each node. */
  private static boolean isHighOfNumber(int at) {
    return at < 10 ? at >= 2 && at < 5 : (at - 10) % 18 >= 10 && (at - 10) % 18 < 13;
  }

  @Test
  @DisplayName("1.9: nodes in another order, or one twice, are refused")
  void theOrderIsPartOfTheForm() {
    for (String ids : List.of("ba", "aa")) {
      byte[] bytes = Ring.<String>builder().add("a").add("b").build().encode();
      bytes[14] = (byte) ids.charAt(0);
      bytes[14 + 13] = (byte) ids.charAt(1);
      int end = bytes.length - 8;
      ByteBuffer.wrap(bytes).putLong(end, KeyHash.XXH3.hash(bytes, end));
      String why =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> Ring.decode(bytes)).getMessage());
      assertTrue(why.startsWith("no ring: \"" + ids.charAt(1) + "\""), why);
    }
  }
}
