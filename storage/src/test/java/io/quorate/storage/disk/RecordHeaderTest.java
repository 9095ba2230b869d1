package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RecordHeaderTest {
  @Property
  void aHeaderIsDecodedAsItWasEncoded(@ForAll("headers") RecordHeader header) {
    ByteBuffer bytes = encoded(header);
    assertEquals(header, RecordHeader.decode(bytes, 3, header.position()));
  }

  @Property(tries = 20)
  void aHeaderWithAnyFlippedBitIsNotDecoded(@ForAll("headers") RecordHeader header) {
    ByteBuffer bytes = encoded(header);
    for (int bit = 0; bit < RecordHeader.BYTES * 8; bit++) {
      int at = 3 + bit / 8;
      byte intact = bytes.get(at);
      bytes.put(at, (byte) (intact ^ (1 << (bit % 8))));
      assertNull(RecordHeader.decode(bytes, 3, header.position()));
      bytes.put(at, intact);
    }
  }

  @Property
  void aHeaderOfAnotherPlaceIsNotDecoded(@ForAll("headers") RecordHeader header) {
    assertNull(RecordHeader.decode(encoded(header), 3, header.position() + 8));
  }

  @Property
  void noHeaderCrossesTheBorderOfASector(@ForAll @IntRange(max = 1 << 30) int offset) {
    int place = Sectors.place(offset);
    assertTrue(place >= offset && place < offset + RecordHeader.BYTES + 8);
    assertEquals(place / Sectors.BYTES, (place + RecordHeader.BYTES - 1) / Sectors.BYTES);
    assertEquals(place, Sectors.place(place));
  }

  private static ByteBuffer encoded(RecordHeader header) {
    ByteBuffer bytes = ByteBuffer.allocate(3 + RecordHeader.BYTES).position(3);
    header.encode(bytes);
    assertEquals(0, bytes.remaining());
    return bytes;
  }

  @Provide
  Arbitrary<RecordHeader> headers() {
    Arbitrary<Long> numbers = Arbitraries.longs();
    Arbitrary<Integer> counts = Arbitraries.integers().greaterOrEqual(0);
    return Combinators.combine(
            Arbitraries.of(RecordHeader.Type.values()),
            Arbitraries.integers().between(1, 5),
            numbers.list().ofSize(8),
            counts.list().ofSize(4))
        .as(
            (type, kind, longs, ints) ->
                new RecordHeader(
                    type,
                    kind,
                    ints.get(0),
                    type == RecordHeader.Type.DROPPED ? 0 : longs.get(0) | 1,
                    longs.get(1),
                    longs.get(2),
                    longs.get(3),
                    new Stamp(longs.get(4), longs.get(5)),
                    longs.get(6),
                    longs.get(7),
                    ints.get(1)));
  }
}
