package io.quorate.benchmarks.ring;

import com.dynatrace.hash4j.consistent.ConsistentBucketHasher;
import com.dynatrace.hash4j.consistent.ConsistentHashing;
import com.dynatrace.hash4j.random.PseudoRandomGeneratorProvider;
import com.google.common.hash.Hashing;
import io.quorate.ring.Jump;
import io.quorate.ring.KeyHash;
import io.quorate.ring.Ring;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The owner of a {@code long}: random keys, none of them waiting for the owner of another. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LongKeys {
  static final int KEYS = 1 << 16;

  /** How many nodes. */
  @Param({"10", "100", "1000", "10000"})
  public int nodes;

  private final long[] keys = new SplittableRandom(17).longs(KEYS).toArray();
  private final ConsistentBucketHasher jumpBack =
      ConsistentHashing.jumpBackHash(PseudoRandomGeneratorProvider.splitMix64_V1());
  private final TreeMap<Long, String> tree = new TreeMap<>();
  private Ring<String> ring = Servers.ring(1);
  private Jump<String> jump = Jump.of(Servers.names(1));
  private long[] positions = new long[0];
  private String[] owners = new String[0];
  private long[] slots = new long[0];
  private String[] names = new String[0];
  private int next;

  /** The same number of tokens for all that have tokens. */
  @Setup
  public void build() {
    ring = Servers.ring(nodes);
    jump = Jump.of(Servers.names(nodes));
    int tokens = nodes * Servers.TOKENS;
    SplittableRandom random = new SplittableRandom(42);
    positions = random.longs(tokens).sorted().toArray();
    owners = new String[tokens];
    for (int i = 0; i < tokens; i++) {
      owners[i] = Servers.name(random.nextInt(nodes));
      tree.put(positions[i], owners[i]);
    }
    slots = random.longs(tokens / 5 * 8L, 0, nodes).toArray();
    names = Servers.names(nodes).toArray(String[]::new);
  }

  private long key() {
    return keys[next++ & (KEYS - 1)];
  }

  /** Quorate's ring. */
  @Benchmark
  public String ring() {
    return ring.owner(key());
  }

  /**
   * What no ring can leave out: the key's hash, one load from an array as large as the ring's, the
   * reference of the node.
   */
  @Benchmark
  public String floor() {
    long hash = KeyHash.XXH3.hash(key());
    return names[(int) slots[(int) (((hash >>> 32) * slots.length) >>> 32)]];
  }

  /** One load from an array of as many tokens, and nothing else. */
  @Benchmark
  public long load() {
    return positions[(int) (((key() >>> 32) * positions.length) >>> 32)];
  }

  /** A sorted array of positions, without a hash of the key. */
  @Benchmark
  public String binarySearch() {
    int at = Arrays.binarySearch(positions, key());
    int place = at >= 0 ? at : -at - 1;
    return owners[place == positions.length ? 0 : place];
  }

  /** What most rings are made of, without a hash of the key. */
  @Benchmark
  public String treeMapAndLock() {
    synchronized (tree) {
      Map.Entry<Long, String> entry = tree.ceilingEntry(key());
      return (entry == null ? tree.firstEntry() : entry).getValue();
    }
  }

  /** Quorate's jump hash. */
  @Benchmark
  public String jump() {
    return jump.owner(key());
  }

  /** Guava's, of which jump is the equal. */
  @Benchmark
  public int guava() {
    return Hashing.consistentHash(key(), nodes);
  }

  /** hash4j's JumpBackHash. */
  @Benchmark
  public int hash4j() {
    return jumpBack.getBucket(key(), nodes);
  }
}
