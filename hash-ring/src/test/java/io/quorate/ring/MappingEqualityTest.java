package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quorate.ring.Ketama.Dialect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Mappings are values: equal if they say the same owner of each key, by construction. */
class MappingEqualityTest {
  private static void assertEqual(Object one, Object other) {
    assertEquals(one, other);
    assertEquals(one.hashCode(), other.hashCode());
    assertEquals(one.toString(), other.toString());
  }

  private static void assertDiffer(Object one, Object... others) {
    assertNotEquals(one, null);
    assertNotEquals(one, "another kind");
    for (Object other : others) {
      assertNotEquals(one, other);
      assertNotEquals(one.hashCode(), other.hashCode());
    }
  }

  @Test
  @DisplayName("jumps are equal if their nodes and hash are")
  void jump() {
    Jump<String> jump = Jump.of(List.of("a", "b"));
    assertEqual(jump, Jump.of(List.of("a")).with("b"));
    assertEqual(jump, jump.with("c").withoutLast());
    assertDiffer(
        jump,
        Jump.of(List.of("b", "a")),
        jump.with("c"),
        Jump.of(List.of("a", "b"), KeyHash.MURMUR3));
  }

  @Test
  @DisplayName("buckets are equal if their numbers have the same nodes, and the hash is one")
  void buckets() {
    Buckets<String> buckets = Buckets.of(List.of("a", "b", "c")).without(1);
    assertEqual(buckets, Buckets.of(List.of("a", "x", "c")).without(1));
    assertDiffer(
        buckets,
        buckets.with("b"),
        Buckets.of(List.of("a", "c")),
        Buckets.of(List.of("a", "c", "b")).without(2),
        Buckets.of(List.of("a", "b", "c"), KeyHash.MURMUR3).without(1));
  }

  private record Named(String name, int other) {}

  @Test
  @DisplayName(
      "rendezvous are equal if ids and weights are, whatever else nodes carry, as rings are")
  void rendezvous() {
    Rendezvous<String> nodes = Rendezvous.<String>empty().with("a").with("b", 2);
    assertEqual(nodes, Rendezvous.<String>empty().with("b", 3).with("a").reweight("b", 2));
    assertDiffer(
        nodes,
        nodes.with("c"),
        nodes.reweight("b", 1),
        nodes.without("b").with("c", 2),
        Rendezvous.<String>empty(id -> id, KeyHash.MURMUR3).with("a").with("b", 2));
    Rendezvous<Named> none = Rendezvous.empty(Named::name);
    assertEqual(none.with(new Named("a", 1)), none.with(new Named("a", 2)));
    RingBuilder<Named> ring = Ring.builder(Named::name);
    assertEqual(
        ring.add(new Named("a", 1)).build(),
        Ring.builder(Named::name).add(new Named("a", 2)).build());
  }

  @Test
  @DisplayName("Ketamas are equal if their dialects are and their points have the same servers")
  void ketama() {
    List<String> servers = List.of("a:1", "b:1", "c:1");
    Ketama ketama = Ketama.of(Dialect.SPYMEMCACHED, servers);
    assertEqual(ketama, Ketama.of(Dialect.SPYMEMCACHED, servers));
    Ketama otherOrder = Ketama.of(Dialect.SPYMEMCACHED, List.of("c:1", "b:1", "a:1"));
    assertEquals(ketama, otherOrder, "no points meet, so the order counts for nothing");
    assertEquals(ketama.hashCode(), otherOrder.hashCode());
    Map<String, Integer> weights = new LinkedHashMap<>();
    servers.forEach(server -> weights.put(server, 1));
    assertEqual(ketama, Ketama.of(Dialect.SPYMEMCACHED, weights));
    assertDiffer(
        ketama,
        Ketama.of(Dialect.LIBKETAMA, servers),
        Ketama.of(Dialect.SPYMEMCACHED, List.of("a:1", "b:1")),
        Ketama.of(Dialect.SPYMEMCACHED, List.of("a:1", "b:1", "d:1")));
    weights.put("a:1", 2);
    assertNotEquals(ketama, Ketama.of(Dialect.SPYMEMCACHED, weights));
    assertNotEquals(
        Ketama.of(Dialect.SPYMEMCACHED, KetamaTest.MEETING),
        Ketama.of(
            Dialect.SPYMEMCACHED, List.of(KetamaTest.MEETING.get(1), KetamaTest.MEETING.get(0))),
        "where points meet, the order says whose they are");
    assertEqual(Ketama.of(Dialect.LIBKETAMA, List.of()), Ketama.of(Dialect.LIBKETAMA, Map.of()));
  }
}
