package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DurabilityTest {
  @Test
  @DisplayName("R12: a late ticket of a truncated entry says nothing of what replaced it")
  void aba() {
    Durability disk = new Durability(0);
    disk.written(1, 1);
    disk.written(2, 2);
    disk.truncated(3, 2);
    disk.written(4, 2);
    disk.durable(2);
    assertEquals(1, disk.position());
    disk.durable(3);
    assertEquals(1, disk.position());
    disk.durable(4);
    assertEquals(2, disk.position());
  }

  @Test
  @DisplayName("truncating takes the durable position back, until the new entries are durable")
  void truncation() {
    Durability disk = new Durability(5);
    disk.truncated(1, 3);
    assertEquals(2, disk.position());
    disk.written(2, 3);
    disk.durable(1);
    assertEquals(2, disk.position());
    disk.durable(2);
    assertEquals(3, disk.position());
  }

  @Test
  @DisplayName("R11: completions out of order and twice are a running maximum")
  void monotone() {
    Durability disk = new Durability(0);
    for (int i = 1; i <= 4; i++) {
      disk.written(i, i);
    }
    disk.durable(3);
    disk.durable(1);
    assertEquals(3, disk.position());
    assertTrue(disk.covers(3));
    disk.durable(3);
    assertEquals(3, disk.position());
    assertFalse(disk.covers(4));
  }

  @Test
  @DisplayName("ID1: a ticket that was never issued is a broken runtime")
  void unknownTicket() {
    Durability disk = new Durability(0);
    disk.written(7, 1);
    assertThrows(IllegalStateException.class, () -> disk.durable(8));
    assertThrows(IllegalStateException.class, () -> disk.written(7, 2));
  }

  /** A model that keeps every write for ever. */
  private record Op(long ticket, long index, boolean truncates) {}

  @Property(tries = 2000)
  @Label("R11, R12: the durable position is that of a log replayed from what is durable")
  void againstAModel(@ForAll List<Byte> draws) {
    Durability disk = new Durability(0);
    List<Op> ops = new ArrayList<>();
    long last = 0;
    long ticket = 0;
    long reached = 0;
    for (byte draw : draws) {
      ticket += 1 + (draw & 1);
      if (draw % 5 == 0 && last > 0) {
        long from = 1 + Math.floorMod(draw * 31, last);
        ops.add(new Op(ticket, from, true));
        disk.truncated(ticket, from);
        last = from - 1;
      } else if (draw % 7 == 0) {
        disk.saved(ticket);
      } else {
        last++;
        ops.add(new Op(ticket, last, false));
        disk.written(ticket, last);
      }
      if (draw % 3 == 0) {
        reached = Math.max(reached, ticket - Math.floorMod(draw, 4));
        disk.durable(Math.max(0, reached));
      }
      assertEquals(model(ops, reached), disk.position());
    }
  }

  /**
   * The longest prefix of the log as written whose every entry was written with a durable ticket.
   */
  private static long model(List<Op> ops, long reached) {
    List<Long> tickets = new ArrayList<>();
    for (Op op : ops) {
      if (op.truncates()) {
        tickets.subList((int) op.index() - 1, tickets.size()).clear();
      } else {
        tickets.add(op.ticket());
      }
    }
    int position = 0;
    while (position < tickets.size() && tickets.get(position) <= reached) {
      position++;
    }
    return position;
  }
}
