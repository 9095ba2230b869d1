package io.quorate.benchmarks.ring;

import io.quorate.ring.Jump;
import io.quorate.ring.Ketama;
import io.quorate.ring.Mapping;
import io.quorate.ring.Rendezvous;
import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How many keys move when a node joins, and how many of them between nodes that were there before.
 *
 * @param moved part of all keys
 * @param strays part of all keys that went somewhere else than to the new node
 */
record Movement(double moved, double strays) {
  private static final int KEYS = 200_000;

  /** Every other node has a weight of 2, where there are weights; the new one has its turn's. */
  private static final Map<String, IntFunction<Mapping<String>>> MAPPINGS = new LinkedHashMap<>();

  static {
    MAPPINGS.put("ring", Movement::ring);
    MAPPINGS.put("rendezvous", Movement::rendezvous);
    MAPPINGS.put("jump, without weights", nodes -> Jump.of(Servers.names(nodes)));
    MAPPINGS.put("Ketama as spymemcached, weighted", Movement::ketama);
  }

  static List<String> names() {
    return List.copyOf(MAPPINGS.keySet());
  }

  static Movement of(String name, int nodes) {
    IntFunction<Mapping<String>> mapping = MAPPINGS.getOrDefault(name, Movement::ring);
    Mapping<String> before = mapping.apply(nodes);
    Mapping<String> after = mapping.apply(nodes + 1);
    List<String> old = before.nodes();
    int moved = 0;
    int strays = 0;
    for (int i = 0; i < KEYS; i++) {
      String key = "key-" + i;
      String owner = after.owner(key);
      if (!owner.equals(before.owner(key))) {
        moved++;
        strays += old.contains(owner) ? 1 : 0;
      }
    }
    return new Movement((double) moved / KEYS, (double) strays / KEYS);
  }

  private static int weight(int number) {
    return 1 + number % 2;
  }

  private static Mapping<String> ring(int nodes) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(Servers.TOKENS);
    for (int i = 0; i < nodes; i++) {
      builder.add(Servers.name(i), weight(i));
    }
    return builder.build();
  }

  private static Mapping<String> rendezvous(int nodes) {
    Rendezvous<String> mapping = Rendezvous.empty();
    for (int i = 0; i < nodes; i++) {
      mapping = mapping.with(Servers.name(i), weight(i));
    }
    return mapping;
  }

  private static Mapping<String> ketama(int nodes) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (int i = 0; i < nodes; i++) {
      weights.put(Servers.name(i) + ":11211", weight(i));
    }
    return Ketama.of(Ketama.Dialect.SPYMEMCACHED, weights);
  }
}
