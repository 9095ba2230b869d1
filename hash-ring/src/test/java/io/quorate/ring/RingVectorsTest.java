package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What another program, written from docs/ring.md alone, says of rings; see src/test/wire. */
class RingVectorsTest {
  @Test
  @DisplayName("1.9: a stranger reads the wire form and finds the same replicas, today and later")
  void aStrangerFindsTheSame() throws IOException {
    Ring<String> ring = Ring.<String>builder().build();
    int rings = 0;
    int keys = 0;
    for (String line : lines()) {
      if (line.startsWith("ring ")) {
        byte[] encoded = HexFormat.of().parseHex(line.substring(5));
        ring = Ring.decode(encoded);
        assertArrayEquals(encoded, ring.encode());
        rings++;
      } else {
        String key = line.substring(line.indexOf(' ') + 1, line.indexOf(':'));
        List<String> expected = List.of(line.substring(line.indexOf(':') + 1).split(",", -1));
        int count = expected.size();
        boolean text = line.startsWith("text ");
        String owner = text ? ring.owner(key) : ring.owner(Long.parseLong(key));
        List<String> replicas =
            text ? ring.replicas(key, count) : ring.replicas(Long.parseLong(key), count);
        assertEquals(expected, replicas, line);
        assertEquals(ring.nodes().size(), count);
        assertEquals(expected.get(0), owner, line);
        keys++;
      }
    }
    assertEquals(4, rings);
    assertEquals(4 * 72, keys);
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RingVectorsTest.class.getResourceAsStream("/ring/vectors.txt"), "vectors.txt")) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
