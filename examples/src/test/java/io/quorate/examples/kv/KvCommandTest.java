package io.quorate.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvCommandTest {
  private static final List<KvCommand> ALL =
      List.of(
          new KvCommand.Put("AX", "Åland Islands"),
          new KvCommand.Put("empty", ""),
          new KvCommand.Delete("AX"),
          new KvCommand.CompareAndSet("AX", "Åland Islands", "Åland"));

  @Test
  void everyCommandIsReadAsItWasWritten() {
    for (KvCommand command : ALL) {
      assertEquals(command, KvCommand.decode(ByteBuffer.wrap(command.encode())));
    }
  }

  @Test
  void everyQueryIsReadAsItWasWritten() {
    for (KvQuery query :
        List.of(new KvQuery.Get("k"), new KvQuery.Scan("p", ""), new KvQuery.Digest())) {
      assertEquals(query, KvQuery.decode(ByteBuffer.wrap(query.encode())));
    }
  }

  @Test
  void noCutOffCommandIsReadAsOne() {
    for (KvCommand command : ALL) {
      byte[] whole = command.encode();
      for (int length = 0; length < whole.length; length++) {
        ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, length));
        assertThrows(IllegalArgumentException.class, () -> KvCommand.decode(part));
      }
    }
  }

  @Test
  void bytesLeftOverAreAnError() {
    byte[] whole = new KvCommand.Delete("k").encode();
    ByteBuffer more = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 3));
    Exception no = assertThrows(IllegalArgumentException.class, () -> KvCommand.decode(more));
    assertEquals("3 bytes are left over", no.getMessage());
  }

  @Test
  void anUnknownTagIsNamed() {
    Exception no =
        assertThrows(
            IllegalArgumentException.class,
            () -> KvCommand.decode(ByteBuffer.wrap(new byte[] {9})));
    assertEquals("its tag is 9, not P, D or C", no.getMessage());
  }

  @Test
  void aHugeLengthIsRefusedBeforeAnythingIsAllocated() {
    ByteBuffer bytes = ByteBuffer.allocate(9).put((byte) 'D').putInt(Integer.MAX_VALUE);
    bytes.rewind();
    Exception no = assertThrows(IllegalArgumentException.class, () -> KvCommand.decode(bytes));
    assertEquals("a field of 2147483647 bytes with 4 left; at most 1024", no.getMessage());
  }

  @Test
  void aKeyThatIsEmptyOrTooLongIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new KvCommand.Delete(""));
    assertThrows(IllegalArgumentException.class, () -> new KvCommand.Delete("k".repeat(1025)));
  }
}
