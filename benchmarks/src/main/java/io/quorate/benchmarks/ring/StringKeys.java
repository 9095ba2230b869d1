package io.quorate.benchmarks.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quorate.ring.Ketama;
import io.quorate.ring.KeyHash;
import io.quorate.ring.Ring;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.KetamaNodeLocator;
import org.apache.pekko.routing.ConsistentHash;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The owner of a String of 20 characters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StringKeys {
  private static final int KEYS = 1 << 12;
  private static final int PEKKO_DEFAULT = 10;

  /** How many nodes. */
  @Param({"10", "100", "1000"})
  public int nodes;

  private final String[] keys =
      new SplittableRandom(17)
          .longs(KEYS)
          .mapToObj(key -> String.format("%020d", key >>> 1))
          .toArray(String[]::new);
  private final byte[][] bytes =
      Arrays.stream(keys).map(key -> key.getBytes(US_ASCII)).toArray(byte[][]::new);
  private final MessageDigest md5 = newMd5();
  private final byte[] digest = new byte[16];
  private Ring<String> ring = Servers.ring(1);
  private Ketama ketama = Ketama.of(Ketama.Dialect.SPYMEMCACHED, Servers.weights(1));
  private KetamaNodeLocator spymemcached = Servers.spymemcached(1);
  private ConsistentHash<String> pekko = ConsistentHash.create(Servers.names(1), 1);
  private int next;

  /** The same nodes for all. */
  @Setup
  public void build() {
    ring = Servers.ring(nodes);
    ketama = Ketama.of(Ketama.Dialect.SPYMEMCACHED, Servers.weights(nodes));
    spymemcached = Servers.spymemcached(nodes);
    pekko = ConsistentHash.create(Servers.names(nodes), PEKKO_DEFAULT);
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  private String key() {
    return keys[next++ & (KEYS - 1)];
  }

  /** The floor of the ring. */
  @Benchmark
  public long hash() {
    return KeyHash.XXH3.hash(key());
  }

  /** Quorate's ring. */
  @Benchmark
  public String ring() {
    return ring.owner(key());
  }

  /** The floor of Ketama: the keys are bytes already, and the digest is at hand. */
  @Benchmark
  public byte[] md5() throws DigestException {
    md5.update(bytes[next++ & (KEYS - 1)]);
    md5.digest(digest, 0, digest.length);
    return digest;
  }

  /** Quorate's Ketama, as spymemcached's default. */
  @Benchmark
  public String ketama() {
    return ketama.owner(key());
  }

  /** spymemcached's Ketama. */
  @Benchmark
  public Object spymemcached() {
    return spymemcached.getPrimary(key());
  }

  /** Pekko's ring with its default of 10 tokens a node. */
  @Benchmark
  public String pekko() {
    return pekko.nodeFor(key());
  }
}
