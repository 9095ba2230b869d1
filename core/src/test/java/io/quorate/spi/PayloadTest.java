package io.quorate.spi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload.CorruptPayloadException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void theChecksumIsCrc32c() {
    assertEquals(0xe3069283, Payload.of("123456789".getBytes(US_ASCII)).crc());
    assertEquals(0, Payload.EMPTY.crc());
  }

  @Property(tries = 100)
  void bytesThatChangedOnTheWayAreFound(@ForAll @Size(min = 1) byte[] bytes, @ForAll int bit) {
    Payload sent = Payload.of(bytes.clone());
    assertEquals(sent, Payload.received(ByteBuffer.wrap(bytes), sent.crc()));
    bytes[Math.floorMod(bit, bytes.length)] ^= (byte) (1 << Math.floorMod(bit, 8));
    Throwable no =
        assertThrows(
            CorruptPayloadException.class,
            () -> Payload.received(ByteBuffer.wrap(bytes), sent.crc()));
    assertTrue(String.valueOf(no.getMessage()).contains("changed on the way"));
  }

  @Test
  void onlyTheBytesBetweenPositionAndLimitCount() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);
    Payload payload = Payload.of(buffer);
    assertEquals(2, payload.length());
    assertArrayEquals(new byte[] {1, 2}, payload.toByteArray());
    assertEquals(1, buffer.position());
    assertEquals(Payload.of(new byte[] {1, 2}), payload);
  }

  @Test
  void aViewIsReadOnlyBigEndianAndHasACursorOfItsOwn() {
    Payload payload =
        Payload.of(ByteBuffer.wrap(new byte[] {0, 0, 0, 1}).order(ByteOrder.LITTLE_ENDIAN));
    ByteBuffer view = payload.buffer();
    assertTrue(view.isReadOnly());
    assertEquals(1, view.getInt());
    assertEquals(1, payload.buffer().getInt());
  }

  @Test
  void directBytesAreBytesLikeAnyOther() {
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) 1).put((byte) 2).flip();
    assertEquals(Payload.of(new byte[] {1, 2}), Payload.of(direct));
    assertArrayEquals(new byte[] {1, 2}, Payload.of(direct).toByteArray());
  }
}
