package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TailTest {
  private static final int WEIGHT = entry(1, 1).weight();

  @Test
  void anEntryThatDoesNotFollowTheLastOneIsRefused() {
    Tail tail = new Tail(recovered(List.of()), 1000);
    assertThrows(IllegalStateException.class, () -> tail.append(entry(2, 1), 1));
    tail.append(entry(1, 1), 1);
    assertThrows(IllegalStateException.class, () -> tail.append(entry(1, 1), 2));
  }

  @Test
  void whatIsNotDurableStaysInMemoryWhateverTheBound() {
    Tail tail = new Tail(recovered(List.of()), 3L * WEIGHT);
    for (int i = 1; i <= 5000; i++) {
      tail.append(entry(i, 1), i);
    }
    assertNotNull(tail.resident(1));
    tail.durable(10);
    assertNull(tail.resident(10));
    assertNotNull(tail.resident(11));
    tail.durable(5000);
    assertNull(tail.resident(4997));
    assertNotNull(tail.resident(4998));
    assertNotNull(tail.resident(5000));
    assertTrue(tail.holds(1));
  }

  @Test
  void theLastEntryStaysInMemoryEvenIfItAloneIsAboveTheBound() {
    Tail tail = new Tail(recovered(List.of()), 1);
    tail.append(entry(1, 1), 1);
    tail.durable(1);
    assertNotNull(tail.resident(1));
  }

  @Test
  void whatWasRecoveredIsHeldButNotInMemory() {
    Tail tail = new Tail(recovered(List.of(new Stamp(1, 0), new Stamp(3, 0))), 1000);
    assertEquals(1, tail.first());
    assertEquals(2, tail.last());
    assertNull(tail.resident(2));
    assertEquals(new Stamp(3, 0), tail.stampAt(2));
    assertEquals(Stamp.NONE, tail.stampAt(0));
    assertThrows(IllegalStateException.class, () -> tail.stampAt(3));
  }

  @Property(tries = 300)
  void anyHistoryAgreesWithAList(@ForAll long seed) {
    Random random = new Random(seed);
    List<Stamp> stamps = new ArrayList<>();
    long term = 1;
    for (int i = random.nextInt(5); i > 0; i--) {
      stamps.add(new Stamp(term += random.nextInt(2), 0));
    }
    int recovered = stamps.size();
    Tail tail = new Tail(recovered(stamps), 20L * WEIGHT);
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= recovered; i++) {
      entries.add(entry(i, 0));
    }
    long ticket = 0;
    for (int step = 0; step < 300; step++) {
      int choice = random.nextInt(10);
      if (choice == 0 && !stamps.isEmpty()) {
        int from = 1 + random.nextInt(stamps.size());
        ticket++;
        tail.truncate(from);
        stamps.subList(from - 1, stamps.size()).clear();
        entries.subList(from - 1, entries.size()).clear();
        recovered = Math.min(recovered, from - 1);
        term++;
      } else if (choice == 1) {
        tail.durable(ticket - random.nextInt(3));
      } else {
        term += random.nextInt(8) == 0 ? 1 : 0;
        Entry entry = entry(stamps.size() + 1, term);
        tail.append(entry, ++ticket);
        stamps.add(entry.stamp());
        entries.add(entry);
      }
      assertEquals(stamps.size(), tail.last());
      for (int i = 1; i <= stamps.size(); i++) {
        assertEquals(stamps.get(i - 1), tail.stampAt(i));
        Entry resident = tail.resident(i);
        if (resident != null) {
          assertSame(entries.get(i - 1), resident);
        }
      }
      assertNull(tail.resident(stamps.size() + 1));
    }
  }

  private static Entry entry(long index, long term) {
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(term, 0), Payload.of(new byte[36]));
  }

  private static Recovered recovered(List<Stamp> stamps) {
    List<StampRun> runs = new ArrayList<>();
    for (int i = 0; i < stamps.size(); i++) {
      if (i == 0 || !stamps.get(i).equals(stamps.get(i - 1))) {
        runs.add(new StampRun(i + 1, stamps.get(i)));
      }
    }
    return new Recovered(1, true, null, 1, 1, stamps.size(), runs, List.of(), List.of());
  }
}
