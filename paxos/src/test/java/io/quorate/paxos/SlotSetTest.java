package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@link SlotSet} and {@link SlotRange}, against sets and lists of single slots. */
class SlotSetTest {
  @Property(tries = 2000)
  @Label("a set of slots is what a set of numbers is, whatever the order")
  void againstASetOfNumbers(@ForAll List<@IntRange(min = 1, max = 40) Integer> draws) {
    SlotSet slots = new SlotSet();
    TreeSet<Long> model = new TreeSet<>();
    for (int draw : draws) {
      if (draw % 7 == 0 && !model.isEmpty()) {
        long first = slots.first();
        long end = first;
        while (model.contains(end)) {
          model.remove(end++);
        }
        assertEquals(end - 1, slots.removeFrom(first), "a range is as long as may be");
      } else {
        slots.add(draw);
        model.add((long) draw);
      }
      assertEquals(model.isEmpty(), slots.isEmpty());
      assertTrue(model.isEmpty() || model.first() == slots.first());
      for (long slot = 0; slot <= 42; slot++) {
        assertEquals(model.contains(slot), slots.contains(slot), "slot " + slot);
      }
    }
  }

  @Test
  @DisplayName("where a set does not begin nothing is removed")
  void removesFromItsBeginningOnly() {
    SlotSet slots = new SlotSet();
    assertEquals(4, slots.removeFrom(5), "empty");
    slots.add(6);
    slots.add(7);
    assertEquals(4, slots.removeFrom(5));
    assertEquals(6, slots.removeFrom(7));
    assertTrue(slots.contains(6) && slots.contains(7));
    assertEquals(7, slots.removeFrom(6));
    assertTrue(slots.isEmpty());
  }

  @Property(tries = 2000)
  @Label("ranges tell the slots that were gathered, in that order, as few as may be")
  void gatherer(@ForAll List<@IntRange(min = 1, max = 6) Integer> draws) {
    SlotRange.Gatherer gatherer = new SlotRange.Gatherer();
    for (int round = 0; round < 2; round++) {
      assertTrue(gatherer.isEmpty());
      List<Long> told = new ArrayList<>();
      long slot = 1;
      for (int draw : draws) {
        slot = draw <= 3 ? slot + 1 : draw; // Mostly on the heels of the last, else anywhere.
        gatherer.add(slot);
        told.add(slot);
        assertFalse(gatherer.isEmpty());
      }
      List<Long> gathered = new ArrayList<>();
      long last = -1;
      for (SlotRange range : gatherer.take()) {
        assertTrue(range.from() != last + 1, "two ranges that are one");
        for (long in = range.from(); in <= range.to(); in++) {
          gathered.add(in);
          assertTrue(range.contains(in));
        }
        assertFalse(range.contains(range.from() - 1) || range.contains(range.to() + 1));
        last = range.to();
      }
      assertEquals(told, gathered);
    }
  }

  @Test
  @DisplayName("a range begins above 0 and does not end before it begins")
  void whatIsNoRange() {
    assertThrows(IllegalStateException.class, () -> new SlotRange(0, 3));
    assertThrows(IllegalStateException.class, () -> new SlotRange(3, 2));
  }
}
