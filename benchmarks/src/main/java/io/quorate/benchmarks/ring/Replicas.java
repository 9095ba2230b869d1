package io.quorate.benchmarks.ring;

import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Three replicas of a {@code long} among a hundred nodes: in no zones, even zones, skewed ones. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Replicas {
  private static final int NODES = 100;
  private static final int KEYS = 1 << 16;

  private final long[] keys = new SplittableRandom(17).longs(KEYS).toArray();
  private final Ring<String> plain = Servers.ring(NODES);
  private final Ring<String> even = zoned(34, 33);
  private final Ring<String> skewed = zoned(98, 1);
  private int next;

  /** So many nodes in zone a, so many in b, the others in c. */
  private static Ring<String> zoned(int inA, int inB) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(Servers.TOKENS);
    for (int i = 0; i < NODES; i++) {
      builder.add(Servers.name(i), 1, i < inA ? "a" : i < inA + inB ? "b" : "c");
    }
    return builder.build();
  }

  private long key() {
    return keys[next++ & (KEYS - 1)];
  }

  /** The first replica alone. */
  @Benchmark
  public String owner() {
    return plain.owner(key());
  }

  /** Three, without zones. */
  @Benchmark
  public List<String> three() {
    return plain.replicas(key(), 3);
  }

  /** Three in as many zones of the same size. */
  @Benchmark
  public List<String> threeInEvenZones() {
    return even.replicas(key(), 3);
  }

  /** Three in as many zones, of which two have one or two nodes. */
  @Benchmark
  public List<String> threeInSkewedZones() {
    return skewed.replicas(key(), 3);
  }
}
