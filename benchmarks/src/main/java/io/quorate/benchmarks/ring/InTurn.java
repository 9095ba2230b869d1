package io.quorate.benchmarks.ring;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Look-ups measured in turn in one virtual machine, 20 ms each, and ratios of what one round has
 * measured.
 *
 * <p>A large ring's array lives in a cache that other machines of the host use, too. What they
 * leave changes from second to second, and the time of a look-up with it, by a factor of three; so
 * contestants that run for seconds, one behind the other, meet different machines. Those of a round
 * meet the same.
 */
/* Each contestant has a loop of its own, so the compiler sees it as if it were alone, and each looks up
 * for as long before it is measured: the one before has taken its place in the cache. */
final class InTurn {
  private static final int ROUNDS = 41;

  /** In which the JVM compiles what is to be measured. */
  private static final int WARM_UP_PASSES = 100;

  /** How many nanoseconds a contestant is measured for in a round, about. */
  private static final double SLICE = 20e6;

  /** One look-up of each key; what it returns keeps the compiler from leaving them out. */
  private interface Pass {
    long over(LongKeys keys);
  }

  private static final Map<String, Pass> CONTESTANTS = new LinkedHashMap<>();

  static {
    CONTESTANTS.put("floor", InTurn::floor);
    CONTESTANTS.put("ring", InTurn::ring);
    CONTESTANTS.put("binarySearch", InTurn::binarySearch);
    CONTESTANTS.put("treeMapAndLock", InTurn::treeMapAndLock);
  }

  private final Map<String, double[]> nanos = new LinkedHashMap<>();

  private InTurn() {}

  /** Measures a ring of so many nodes beside the others. */
  static InTurn among(int nodes) {
    LongKeys keys = new LongKeys();
    keys.nodes = nodes;
    keys.build();
    InTurn measured = new InTurn();
    CONTESTANTS.forEach((name, pass) -> measured.nanos.put(name, new double[ROUNDS]));
    long sink = 0;
    Map<String, Integer> passes = new LinkedHashMap<>();
    for (Map.Entry<String, Pass> each : CONTESTANTS.entrySet()) {
      for (int i = 0; i < WARM_UP_PASSES; i++) {
        sink += each.getValue().over(keys);
      }
      long begin = System.nanoTime();
      sink += each.getValue().over(keys);
      double one = System.nanoTime() - begin;
      passes.put(each.getKey(), (int) Math.max(1, Math.round(SLICE / one)));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, Pass> each : CONTESTANTS.entrySet()) {
        int count = passes.getOrDefault(each.getKey(), 1);
        for (int i = 0; i < count; i++) {
          sink += each.getValue().over(keys);
        }
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
          sink += each.getValue().over(keys);
        }
        double time = System.nanoTime() - begin;
        measured.of(each.getKey())[round] = time / count / LongKeys.KEYS;
      }
    }
    if (sink == 0) {
      throw new AssertionError("nothing was looked up");
    }
    return measured;
  }

  static Set<String> contestants() {
    return CONTESTANTS.keySet();
  }

  private double[] of(String name) {
    return nanos.getOrDefault(name, new double[0]);
  }

  /** The least, the median and the most of all rounds. */
  double[] nanos(String name) {
    return spread(of(name).clone());
  }

  /** The same of what the one took for what the other took in the same round. */
  double[] ratio(String name, String other) {
    double[] ratios = of(name).clone();
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] /= of(other)[round];
    }
    return spread(ratios);
  }

  private static double[] spread(double[] values) {
    Arrays.sort(values);
    return new double[] {values[0], values[values.length / 2], values[values.length - 1]};
  }

  private static long ring(LongKeys keys) {
    long found = 0;
    for (int i = 0; i < LongKeys.KEYS; i++) {
      found += Objects.nonNull(keys.ring()) ? 1 : 0;
    }
    return found;
  }

  private static long floor(LongKeys keys) {
    long found = 0;
    for (int i = 0; i < LongKeys.KEYS; i++) {
      found += Objects.nonNull(keys.floor()) ? 1 : 0;
    }
    return found;
  }

  private static long binarySearch(LongKeys keys) {
    long found = 0;
    for (int i = 0; i < LongKeys.KEYS; i++) {
      found += Objects.nonNull(keys.binarySearch()) ? 1 : 0;
    }
    return found;
  }

  private static long treeMapAndLock(LongKeys keys) {
    long found = 0;
    for (int i = 0; i < LongKeys.KEYS; i++) {
      found += Objects.nonNull(keys.treeMapAndLock()) ? 1 : 0;
    }
    return found;
  }
}
