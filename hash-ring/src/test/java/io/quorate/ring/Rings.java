package io.quorate.ring;

import io.quorate.ring.Oracle.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Rings to try things on, many of them with tokens in the same place. */
final class Rings {
  /** How tokens are put. */
  enum Places {
    /** As in use. */
    EVERYWHERE(KeyHash.XXH3::hash),
    /** Many agree in the upper 40 bits, and differ below. */
    NEAR(bytes -> KeyHash.XXH3.hash(bytes) & 0xE000_0000_0000_00FFL),
    /** Many agree in all bits. */
    SAME(bytes -> KeyHash.XXH3.hash(bytes) & 0xF000_0000_0000_0000L),
    /** All do, in the last place. */
    ONE(bytes -> -1L);

    @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
    final ToLongFunction<byte[]> hash;

    Places(ToLongFunction<byte[]> hash) {
      this.hash = hash;
    }
  }

  /** What a ring is made of. */
  record Plan(List<Spec> specs, int perWeight, Places places) {
    Ring<String> ring() {
      return ringOf(specs);
    }

    Ring<String> ringOf(Collection<Spec> some) {
      RingBuilder<String> builder = Ring.<String>builder().tokens(perWeight).tokenHash(places.hash);
      some.forEach(spec -> builder.add(spec.id(), spec.weight(), spec.zone()));
      return builder.build();
    }

    Oracle oracle() {
      return new Oracle(specs, perWeight, places.hash);
    }

    Plan with(Spec spec) {
      List<Spec> more = new ArrayList<>(specs);
      more.add(spec);
      return new Plan(more, perWeight, places);
    }
  }

  private Rings() {}

  static Arbitrary<Spec> specs() {
    return Combinators.combine(
            Arbitraries.of(
                    "a", "b", "1", "é", "\uff5e", "😀") // The last two: UTF-16 has them reversed.
                .list()
                .ofMaxSize(3)
                .map(letters -> String.join("", letters)),
            Arbitraries.integers().between(1, 4),
            Arbitraries.of("", "", "x", "y", "z", "é"))
        .as(Spec::new);
  }

  /** From one node to eight, whose ids differ. */
  static Arbitrary<Plan> plans() {
    return Combinators.combine(
            specs().list().ofMinSize(1).ofMaxSize(8).map(Rings::distinct),
            Arbitraries.integers().between(1, 9),
            Arbitraries.of(Places.class))
        .as(Plan::new);
  }

  private static List<Spec> distinct(List<Spec> specs) {
    Map<String, Spec> byId = new LinkedHashMap<>();
    specs.forEach(spec -> byId.putIfAbsent(spec.id(), spec));
    return List.copyOf(byId.values());
  }

  /** Hashes near what matters: ends, tokens of the narrow functions, and any. */
  static long[] hashes() {
    SplittableRandom random = new SplittableRandom(5);
    long[] hashes = new long[68];
    for (int i = 0; i < hashes.length; i++) {
      long near = ((long) i % 16) << 60;
      hashes[i] =
          switch (i % 4) {
            case 0 -> near;
            case 1 -> near - 1;
            case 2 -> near + (random.nextLong() & 0x1FF_FFFFL);
            default -> random.nextLong();
          };
    }
    hashes[64] = 0;
    hashes[65] = -1;
    hashes[66] = Long.MIN_VALUE;
    hashes[67] = Long.MAX_VALUE;
    return hashes;
  }

  /** The owner of a hash, whatever key has it. */
  static String ownerAt(Ring<String> ring, long hash) {
    return ring.ringNodes().at(ring.places(ring.tokens().find(hash), 1)[0]).node();
  }

  static List<String> replicasAt(Ring<String> ring, long hash, int count) {
    List<String> replicas = new ArrayList<>();
    for (int place : ring.places(ring.tokens().find(hash), count)) {
      replicas.add(ring.ringNodes().at(place).node());
    }
    return replicas;
  }

  /** Token by token the same, in order. */
  static List<String> owners(Ring<String> ring) {
    List<String> owners = new ArrayList<>();
    Tokens tokens = ring.tokens();
    for (int slot = 0; slot < tokens.end(); slot++) {
      if (tokens.own(slot) == 1) {
        owners.add(tokens.endOf(slot) + " " + ring.ringNodes().at(tokens.placeAt(slot)).id());
      }
    }
    return owners;
  }
}
