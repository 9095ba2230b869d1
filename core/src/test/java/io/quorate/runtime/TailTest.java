package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.LogView;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TailTest {
  private static final int WEIGHT = entry(1, 1).weight();

  @Test
  void aHoleHoldsNothing() {
    Tail tail = new Tail(recovered(List.of()), 1000);
    tail.write(entry(10_000_000, 2), 1);
    assertEquals(10_000_000, tail.first());
    tail.write(entry(1, 1), 2);
    assertEquals(1, tail.first());
    assertEquals(10_000_000, tail.last());
    assertFalse(tail.holds(2));
    assertNull(tail.resident(2));
    assertThrows(IllegalStateException.class, () -> tail.stampAt(2));
    assertEquals(new Stamp(2, 0), tail.stampAt(10_000_000));
    assertNotNull(tail.resident(1));
    assertFalse(tail.isWhole(1, 2));
    assertEquals(1, tail.heldUpTo(9_999_999));
  }

  @Test
  void whatNobodyLacksLeavesMemoryWhenThereIsMoreThanAQuarterOfTheBound() {
    Tail tail = new Tail(recovered(List.of()), 8L * WEIGHT);
    for (int i = 1; i <= 7; i++) {
      tail.write(entry(i, 1), i);
    }
    tail.durable(7, 4);
    assertNull(tail.resident(3));
    assertNotNull(tail.resident(4), "somebody lacks it");
    tail.durable(7, 8);
    assertNull(tail.resident(5));
    assertNotNull(tail.resident(6), "two of eight may stay");
  }

  @Test
  void whatSomebodyLacksLeavesMemoryAtTheBoundAllTheSame() {
    Tail tail = new Tail(recovered(List.of()), 8L * WEIGHT);
    for (int i = 1; i <= 9; i++) {
      tail.write(entry(i, 1), i);
      tail.durable(i, 1);
    }
    assertNull(tail.resident(1));
    assertNotNull(tail.resident(2));
  }

  @Test
  void theTicketOfAnEntryThatWasWrittenAgainDoesNotEvictTheNewOne() {
    Tail tail = new Tail(recovered(List.of()), 2L * WEIGHT);
    tail.write(entry(1, 1), 1);
    tail.write(entry(2, 1), 2);
    tail.write(entry(1, 2), 3);
    tail.write(entry(3, 2), 4);
    tail.durable(2, 0);
    assertNull(tail.resident(2));
    Entry again = tail.resident(1);
    assertNotNull(again);
    assertEquals(new Stamp(2, 0), again.stamp());
    tail.write(entry(4, 2), 5);
    assertNotNull(tail.resident(1));
    tail.durable(3, 0);
    assertNull(tail.resident(1));
    assertEquals(new Stamp(2, 0), tail.stampAt(1));
  }

  @Test
  void whatIsNotDurableStaysInMemoryWhateverTheBound() {
    Tail tail = new Tail(recovered(List.of()), 3L * WEIGHT);
    for (int i = 1; i <= 5000; i++) {
      tail.write(entry(i, 1), i);
    }
    assertNotNull(tail.resident(1));
    tail.durable(10, 0);
    assertNull(tail.resident(10));
    assertNotNull(tail.resident(11));
    tail.durable(5000, 0);
    assertNull(tail.resident(4997));
    assertNotNull(tail.resident(4998));
    assertNotNull(tail.resident(5000));
    assertTrue(tail.holds(1));
  }

  @Test
  void theLastEntryStaysInMemoryEvenIfItAloneIsAboveTheBound() {
    Tail tail = new Tail(recovered(List.of()), 1);
    tail.write(entry(1, 1), 1);
    tail.durable(1, 0);
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
        tail.durable(ticket - random.nextInt(3), 0);
      } else {
        term += random.nextInt(8) == 0 ? 1 : 0;
        Entry entry = entry(stamps.size() + 1, term);
        tail.write(entry, ++ticket);
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

  /** As an engine does that agrees slot by slot. */
  @Property(tries = 300)
  void anyHistoryWithHolesAgreesWithAMap(@ForAll long seed) {
    Random random = new Random(seed);
    Tail tail = new Tail(recovered(List.of()), 20L * WEIGHT);
    TreeMap<Long, Entry> entries = new TreeMap<>();
    TreeMap<Long, Long> tickets = new TreeMap<>();
    long durable = 0;
    long ticket = 0;
    for (int step = 0; step < 300; step++) {
      if (random.nextInt(6) == 0) {
        durable = Math.max(durable, ticket - random.nextInt(30));
        tail.durable(durable, 0);
      } else {
        long index = random.nextInt(4) == 0 ? 1 + random.nextInt(3000) : 1 + random.nextInt(60);
        Entry entry = entry(index, 1 + random.nextInt(4));
        tail.write(entry, ++ticket);
        entries.put(index, entry);
        tickets.put(index, ticket);
      }
      long bytes = 0;
      for (long index = 1; index <= 3000; index++) {
        Entry resident = tail.resident(index);
        Entry held = entries.get(index);
        assertEquals(held != null, tail.holds(index));
        if (held != null) {
          assertEquals(held.stamp(), tail.stampAt(index));
          boolean isDurable = tickets.getOrDefault(index, 0L) <= durable;
          if (resident != null || !isDurable) {
            assertSame(held, resident);
          }
          bytes += resident != null && isDurable ? WEIGHT : 0;
        } else {
          assertNull(resident);
        }
      }
      assertTrue(bytes <= 20L * WEIGHT);
    }
  }

  @Test
  @DisplayName("D8: a damaged entry is held, and not whole, until it is written again or removed")
  void aDamagedEntryIsHeld() {
    List<StampRun> runs = List.of(new StampRun(1, new Stamp(1, 0)));
    Tail tail =
        new Tail(
            new Recovered(
                1, false, null, 1, 1, 9, runs, List.of(), List.of(3L, 7L), null, List.of()),
            99);
    assertTrue(tail.holds(3) && tail.isFaulty(3) && !tail.isFaulty(4));
    assertEquals(new Stamp(1, 0), tail.stampAt(3));
    assertTrue(tail.isWhole(1, 2) && tail.isWhole(4, 6) && !tail.isWhole(1, 3));
    assertEquals(3, tail.firstFaulty());
    tail.write(entry(3, 1), 1);
    assertEquals(7, tail.firstFaulty());
    assertTrue(tail.isWhole(1, 6));
    assertFalse(tail.damaged(3), "it is in memory");
    assertTrue(tail.damaged(5));
    assertFalse(tail.damaged(5), "that is no news");
    assertFalse(tail.damaged(10), "there is none");
    tail.truncate(6);
    assertFalse(tail.isFaulty(7));
    assertEquals(5, tail.firstFaulty());
    tail.truncate(5);
    assertEquals(LogView.NONE_FAULTY, tail.firstFaulty());
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
    return new Recovered(
        1, true, null, 1, 1, stamps.size(), runs, List.of(), List.of(), null, List.of());
  }
}
