package io.quorate.examples.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ring.Ring;
import io.quorate.ring.RingDiff;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The first lines of docs/ring.md. */
class RingInFiveLinesTest {
  private record Shard(String name) {}

  @Test
  void theLinesDoWhatThePageSays() {
    Shard a = new Shard("a");
    Shard b = new Shard("b");
    Shard c = new Shard("c");
    String key = "customer-17";

    Ring<Shard> ring = Ring.builder(Shard::name).add(a).add(b, 2, "zone-1").build();
    Shard owner = ring.owner(key); // A long, a byte[] or a String.
    List<Shard> replicas = ring.replicas(key, 3); // All different, and in different zones.
    Ring<Shard> next = ring.with(c); // Another ring; this one stays as it is.
    RingDiff<Shard> moves = ring.diff(next, 3); // What c has to be sent, and by whom.

    assertEquals(owner, replicas.get(0));
    assertEquals(Set.of(a, b), Set.copyOf(replicas));
    assertEquals(1, moves.moved(), 1e-9, "c has a replica of everything");
    assertTrue(moves.transfers().stream().allMatch(each -> each.to().equals(c)));
  }
}
