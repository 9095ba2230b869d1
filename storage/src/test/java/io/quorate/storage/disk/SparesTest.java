package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SparesTest {
  private final Spares spares = new Spares(8192);

  @Test
  void fourAreKeptWhetherTheyAreRenamedAlreadyOrAboutToBe() throws IOException {
    Segment segment = segment(8192);
    spares.add("1.old");
    spares.add("2.old");
    assertTrue(spares.wants(segment, 1));
    assertFalse(spares.wants(segment, 2));
    assertEquals("1.old", spares.take());
    assertTrue(spares.wants(segment, 2));
    assertEquals("2.old", spares.take());
    assertNull(spares.take());
  }

  @Test
  void oneThatWasMadeForALargeRecordIsNone() throws IOException {
    assertFalse(spares.wants(segment(16_384), 0));
  }

  private static Segment segment(int size) throws IOException {
    return new Segment(7, new SectorFile(new MemoryDisk().create(Segment.name(7)), 7), size);
  }
}
