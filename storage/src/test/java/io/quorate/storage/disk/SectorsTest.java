package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.storage.disk.Sectors.Thin;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SectorsTest {
  /** Where the value starts: its first 424 bytes share a sector with the header. */
  private static final int OFFSET = 512 + 88;

  @Test
  void onlySectorsBetweenTheHeadersAndTheEndsAreCounted() {
    byte[] value = new byte[424 + 512 + 512 + 10];
    assertEquals(new Thin(2, 0), count(value));
    value[0] = 1;
    value[424 + 1024 + 9] = 1;
    assertEquals(new Thin(2, 0), count(value));
    value[424] = 1;
    assertEquals(new Thin(1, 1), count(value));
    value[424 + 511] = 1;
    assertEquals(new Thin(1, 0), count(value));
  }

  @Test
  void aValueThatEndsInTheHeadersSectorOrTheNextHasNoOther() {
    assertEquals(Thin.NONE, count(new byte[0]));
    assertEquals(Thin.NONE, count(new byte[424]));
    assertEquals(Thin.NONE, count(new byte[424 + 511]));
    assertEquals(new Thin(1, 0), count(new byte[424 + 512]));
  }

  @Test
  void aValueThatStartsASectorIsCountedFromThere() {
    assertEquals(new Thin(2, 0), Sectors.count(ByteBuffer.allocate(1024), 512));
  }

  @Test
  void anUnwrittenSectorIsSeen() {
    byte[] value = filled();
    Thin written = count(value);
    Arrays.fill(value, 424, 936, (byte) 0);
    assertTrue(written.lacksSector(count(value)));
  }

  @Test
  void aSectorThatWasBlankByNatureDoesNotLookUnwritten() {
    byte[] value = filled();
    Arrays.fill(value, 424, 936, (byte) 0);
    Thin written = count(value);
    value[0] ^= 4;
    assertFalse(written.lacksSector(count(value)));
  }

  @Test
  void noSingleFlippedBitMakesASectorLookUnwritten() {
    byte[] value = filled();
    Arrays.fill(value, 424, 936, (byte) 0);
    Arrays.fill(value, 936, 1448, (byte) 0);
    value[1000] = 64;
    Thin written = count(value);
    for (int bit = 0; bit < value.length * 8; bit++) {
      value[bit / 8] ^= (byte) (1 << (bit % 8));
      assertFalse(written.lacksSector(count(value)));
      value[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  private static byte[] filled() {
    byte[] value = new byte[424 + 3 * 512];
    Arrays.fill(value, (byte) 0x55);
    return value;
  }

  private static Thin count(byte[] value) {
    return Sectors.count(ByteBuffer.wrap(value), OFFSET);
  }
}
