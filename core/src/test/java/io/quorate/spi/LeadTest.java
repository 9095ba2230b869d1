package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LeadTest {
  private static final byte[] WHOLE = new Lead(3, new Stamp(7, 2)).encode().toByteArray();

  @Property(tries = 100)
  void whatIsEncodedIsDecoded(@ForAll long epoch, @ForAll long high, @ForAll long low) {
    Lead lead = new Lead(epoch, new Stamp(high, low));
    assertEquals(lead, Lead.decode(lead.encode()));
  }

  @Test
  void bytesOfAnotherLengthAreRefused() {
    for (int length = 0; length <= WHOLE.length + 1; length++) {
      Payload cut = Payload.of(Arrays.copyOf(WHOLE, length));
      if (length != WHOLE.length) {
        assertTrue(refusal(cut).contains("of " + length + " bytes"), refusal(cut));
      }
    }
  }

  @Test
  void anotherFormatIsRefusedByItsNumber() {
    byte[] later = WHOLE.clone();
    later[0] = 2;
    assertEquals("a lead of format 2; this version reads format 1", refusal(Payload.of(later)));
  }

  @Test
  void theBytesAreThoseOfTheFormatsPage() {
    assertEquals(25, WHOLE.length);
    assertEquals(1, WHOLE[0]);
    assertEquals(3, WHOLE[8]);
    assertEquals(7, WHOLE[16]);
    assertEquals(2, WHOLE[24]);
  }

  private static String refusal(Payload value) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Lead.decode(value)).getMessage());
  }
}
