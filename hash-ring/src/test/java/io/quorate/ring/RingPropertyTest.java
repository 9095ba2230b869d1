package io.quorate.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ring.Oracle.Spec;
import io.quorate.ring.Rings.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every ring, also where tokens meet in one place. */
class RingPropertyTest {
  @Provide
  Arbitrary<Plan> plans() {
    return Rings.plans();
  }

  @Provide
  Arbitrary<Spec> specs() {
    return Rings.specs();
  }

  @Property
  @Label("owners are those of a sorted list of tokens")
  void owners(@ForAll("plans") Plan plan) {
    Ring<String> ring = plan.ring();
    Oracle oracle = plan.oracle();
    for (long hash : Rings.hashes()) {
      assertEquals(oracle.owner(hash), Rings.ownerAt(ring, hash));
    }
    for (long key = 0; key < 20; key++) {
      assertEquals(oracle.owner(KeyHash.XXH3.hash(key)), ring.owner(key));
    }
  }

  @Property
  @Label("1.4: replicas differ, and the k-th node of each zone comes before the next of any")
  void replicas(@ForAll("plans") Plan plan, @ForAll @IntRange(min = 0, max = 9) int count) {
    Ring<String> ring = plan.ring();
    Oracle oracle = plan.oracle();
    for (long hash : Rings.hashes()) {
      assertEquals(oracle.replicas(hash, count), Rings.replicasAt(ring, hash, count));
    }
    for (long key = 0; key < 20; key++) {
      assertEquals(oracle.replicas(KeyHash.XXH3.hash(key), count), ring.replicas(key, count));
    }
  }

  @Property
  @Label("the order in which nodes come counts for nothing")
  void order(@ForAll("plans") Plan plan, @ForAll Random random) {
    List<Spec> shuffled = new ArrayList<>(plan.specs());
    Collections.shuffle(shuffled, random);
    Ring<String> ring = plan.ringOf(List.of());
    for (Spec spec : shuffled) {
      ring = ring.with(spec.id(), spec.weight(), spec.zone());
    }
    assertEquals(plan.ring(), ring);
    assertEquals(plan.ring().fingerprint(), ring.fingerprint());
    assertEquals(Rings.owners(plan.ring()), Rings.owners(ring), "merged as built");
  }

  @Property
  @Label("1.1: who joins and leaves again leaves each token as it was, also one in the same place")
  void joinAndLeave(@ForAll("plans") Plan plan, @ForAll("specs") Spec joining) {
    Assume.that(plan.specs().stream().noneMatch(spec -> spec.id().equals(joining.id())));
    Ring<String> ring = plan.ring();
    Ring<String> joined = ring.with(joining.id(), joining.weight(), joining.zone());
    assertEquals(Rings.owners(plan.with(joining).ring()), Rings.owners(joined));
    assertEquals(Rings.owners(ring), Rings.owners(joined.without(joining.id())));
    assertEquals(ring, joined.without(joining.id()));
  }

  @Property
  @Label("keys move to who joins, from who leaves, and nowhere else")
  void minimalDisruption(@ForAll("plans") Plan plan, @ForAll("specs") Spec joining) {
    Assume.that(plan.specs().stream().noneMatch(spec -> spec.id().equals(joining.id())));
    Ring<String> ring = plan.ring();
    Ring<String> joined = ring.with(joining.id(), joining.weight(), joining.zone());
    for (long hash : Rings.hashes()) {
      String before = Rings.ownerAt(ring, hash);
      String after = Rings.ownerAt(joined, hash);
      assertTrue(after.equals(before) || after.equals(joining.id()), "no stray (T8)");
    }
    for (RingDiff.Move<String> move : ring.diff(joined, 1).moves()) {
      assertEquals(joining.id(), move.after());
    }
    for (RingDiff.Move<String> move : joined.diff(ring, 1).moves()) {
      assertEquals(joining.id(), move.before());
    }
  }

  @Property
  @Label("1.2: a weight that changes moves keys to or from its node only, and none both ways")
  void reweight(
      @ForAll("plans") Plan plan,
      @ForAll @IntRange(min = 1, max = 6) int weight,
      @ForAll Random random) {
    Spec spec = plan.specs().get(random.nextInt(plan.specs().size()));
    Ring<String> ring = plan.ring();
    Ring<String> changed = ring.reweight(spec.id(), weight);
    List<Spec> anew = new ArrayList<>(plan.specs());
    anew.replaceAll(other -> other.equals(spec) ? new Spec(spec.id(), weight, spec.zone()) : other);
    assertEquals(Rings.owners(plan.ringOf(anew)), Rings.owners(changed), "merged as built");
    for (RingDiff.Move<String> move : ring.diff(changed, 1).moves()) {
      assertEquals(spec.id(), weight > spec.weight() ? move.after() : move.before());
    }
  }

  @Property
  @Label("who is dead is passed over, as if it had left, and the ring is unchanged")
  void aliveOnly(@ForAll("plans") Plan plan, @ForAll Random random, @ForAll long key) {
    List<String> dead =
        plan.specs().stream().map(Spec::id).filter(id -> random.nextInt(3) == 0).toList();
    Ring<String> ring = plan.ring();
    Ring<String> rest = ring;
    for (String id : dead) {
      rest = rest.without(id);
    }
    if (dead.size() == plan.specs().size()) {
      assertTrue(ring.owner(key, node -> !dead.contains(node)).isEmpty());
    } else {
      assertEquals(rest.owner(key), ring.owner(key, node -> !dead.contains(node)).orElseThrow());
    }
  }

  @Property
  @Label("the tokens' parts fill the whole space, each belonging to one node")
  void shares(@ForAll("plans") Plan plan) {
    Ring<String> ring = plan.ring();
    assertEquals(1, ring.nodes().stream().mapToDouble(ring::share).sum(), 1e-12);
    Ring<String> none = plan.ringOf(List.of());
    for (String node : ring.nodes()) {
      double moved =
          none.diff(ring, 1).moves().stream()
              .filter(move -> node.equals(move.after()))
              .mapToDouble(RingPropertyTest::width)
              .sum();
      assertEquals(moved, ring.share(node), 1e-9);
    }
  }

  private static double width(RingDiff.Move<String> move) {
    double space = 0x1p64;
    double from = move.from() >= 0 ? move.from() : move.from() + space;
    double to = move.to() >= 0 ? move.to() : move.to() + space;
    return (to - from) / space;
  }

  @Property(tries = 300)
  @Label("1.9: what is encoded comes back: nodes, weights, zones, hash and each owner")
  void wireRoundTrip(@ForAll("plans") Plan plan, @ForAll KeyHash hash) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(plan.perWeight()).hash(hash);
    plan.specs().forEach(spec -> builder.add(spec.id(), spec.weight(), spec.zone()));
    Ring<String> ring = builder.build();
    Ring<String> back = Ring.decode(ring.encode());
    assertEquals(ring, back);
    assertEquals(ring.fingerprint(), back.fingerprint());
    assertEquals(Rings.owners(ring), Rings.owners(back));
    for (Spec spec : plan.specs()) {
      assertEquals(spec.weight(), back.weight(spec.id()));
      assertEquals(spec.zone(), back.zone(spec.id()));
    }
  }

  @Property(tries = 200)
  @Label("1.5: with bounded loads nobody has more than its part, and nobody is without an owner")
  void boundedLoads(
      @ForAll("plans") Plan plan,
      @ForAll @IntRange(min = 100, max = 300) int percent,
      @ForAll Random random) {
    Ring<String> ring = plan.ring();
    Map<String, Long> loads = new HashMap<>();
    Loads<String> view =
        new Loads<>() {
          @Override
          public long of(String node) {
            return loads.getOrDefault(node, 0L);
          }

          @Override
          public long total() {
            return loads.values().stream().mapToLong(Long::longValue).sum();
          }
        };
    long weights = ring.nodes().stream().mapToInt(ring::weight).sum();
    double factor = percent / 100.0;
    IntStream.range(0, 200)
        .forEach(
            i -> {
              String owner = ring.owner(random.nextLong(), view, factor);
              long load = view.of(owner) + 1;
              loads.put(owner, load);
              double cap = Math.ceil(factor * view.total() * ring.weight(owner) / weights);
              assertTrue(load <= cap, () -> loads + " above " + cap);
            });
  }
}
