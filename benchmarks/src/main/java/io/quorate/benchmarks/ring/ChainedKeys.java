package io.quorate.benchmarks.ring;

import io.quorate.ring.KeyHash;
import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Each key depends on the owner of the last one, so what is measured is latency. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainedKeys {
  private static final int NODES = 1_000;

  private Ring<Integer> ring = Ring.<Integer>builder().build();
  private long[] positions = new long[0];
  private Integer[] owners = new Integer[0];
  private long key;

  /** An array as large as the ring's. */
  @Setup
  public void build() {
    RingBuilder<Integer> builder = Ring.<Integer>builder().tokens(Servers.TOKENS);
    for (int node = 0; node < NODES; node++) {
      builder.add(node);
    }
    ring = builder.build();
    owners = ring.nodes().toArray(new Integer[1 << 10]);
    Arrays.setAll(owners, place -> place < NODES ? owners[place] : owners[place - NODES]);
    positions = new SplittableRandom(42).longs(NODES * Servers.TOKENS).sorted().toArray();
  }

  /** The ring. */
  @Benchmark
  public long ring() {
    key = mixed(key + ring.owner(key));
    return key;
  }

  /** What no ring can leave out: the key's hash, one token, the reference of its node, the node. */
  @Benchmark
  public long floor() {
    long hash = KeyHash.XXH3.hash(key);
    long found = positions[(int) (((hash >>> 32) * positions.length) >>> 32)];
    key = mixed(key + owners[(int) found & (owners.length - 1)]);
    return key;
  }

  /** A load that waits for the one before, and nothing else. */
  @Benchmark
  public long load() {
    long found = positions[(int) (((mixed(key) >>> 32) * positions.length) >>> 32)];
    key = mixed(key + (found & 7));
    return key;
  }

  private static long mixed(long key) {
    long mixed = (key ^ (key >>> 32)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }
}
