package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.runtime.Residents.Resident;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What has left memory leads to nothing that is still there: else one dead entry in the old
 * generation keeps all that were written after it from being collected with the young.
 */
class ResidentsTest {
  private static final int COUNT = 200; // So many that buckets have more than one at some time.

  private final Residents residents = new Residents();

  @BeforeEach
  void fill() {
    for (long index = 1; index <= COUNT; index++) {
      residents.put(entry(index), index);
    }
  }

  @Test
  void whatIsEvictedLeadsToNoOther() {
    Resident first = held(1);
    Resident second = held(2);
    residents.evict((long) (COUNT - 2) * entry(1).weight(), COUNT, COUNT);
    assertFalse(first.isLinked());
    assertFalse(second.isLinked());
    assertTrue(held(3).isLinked());
  }

  @Test
  void whatASnapshotTakesThePlaceOfLeadsToNoOther() {
    Resident[] gone = new Resident[100];
    for (int i = 0; i < gone.length; i++) {
      gone[i] = held(i + 1);
    }
    residents.removeTo(gone.length);
    for (Resident one : gone) {
      assertFalse(one.isLinked());
    }
    assertTrue(held(gone.length + 1).isLinked());
  }

  private Resident held(long index) {
    Resident held = residents.find(index);
    assertNotNull(held);
    return held;
  }

  private static Entry entry(long index) {
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), Payload.EMPTY);
  }
}
