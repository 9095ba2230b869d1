package io.quorate.benchmarks.ring;

import com.sun.management.ThreadMXBean;
import io.quorate.ring.Ring;
import io.quorate.ring.RingBuilder;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What a change of a ring costs: CPU time of the one thread that makes it, in milliseconds. */
final class Changes {
  private static final int ROUNDS = 21;

  /** In which the JVM compiles what is to be measured. */
  private static final int WARM_UP_ROUNDS = 30;

  private static final int REPLICAS = 3;
  private static final double MILLIS = 1e-6;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Changes() {}

  /** The medians for a ring of so many nodes, by what was done. */
  static Map<String, Double> of(int nodes) {
    Ring<String> ring = Servers.ring(nodes);
    String joining = Servers.name(nodes);
    Ring<String> joined = ring.with(joining);
    byte[] encoded = ring.encode();
    Map<String, Double> millis = new LinkedHashMap<>();
    millis.put("build", median(() -> Servers.ring(nodes)));
    millis.put("with", median(() -> ring.with(joining)));
    millis.put("without", median(() -> joined.without(joining)));
    millis.put("reweight", median(() -> ring.reweight(Servers.name(0), 2)));
    millis.put("diff", median(() -> ring.diff(joined, 1)));
    millis.put("diff of 3 replicas", median(() -> ring.diff(joined, REPLICAS)));
    millis.put("encode", median(ring::encode));
    millis.put("decode", median(() -> Ring.decode(encoded)));
    return millis;
  }

  /** The same for spymemcached's ring. */
  static double spymemcached(int nodes) {
    return median(() -> Servers.spymemcached(nodes));
  }

  private static double median(Supplier<?> change) {
    double[] millis = new double[ROUNDS];
    int sink = 0;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      sink += System.identityHashCode(change.get());
    }
    for (int round = 0; round < ROUNDS; round++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      sink += System.identityHashCode(change.get());
      millis[round] = (THREADS.getCurrentThreadCpuTime() - begin) * MILLIS;
    }
    Arrays.sort(millis);
    if (sink == 0) {
      throw new AssertionError("nothing was made");
    }
    return millis[ROUNDS / 2];
  }

  /** Bytes for each token that a ring of so many nodes of one weight keeps, nodes included. */
  static double bytesPerToken(int nodes) {
    Runtime runtime = Runtime.getRuntime();
    Ring<?>[] kept = new Ring<?>[4];
    long before = used(runtime);
    for (int i = 0; i < kept.length; i++) {
      kept[i] = Servers.ring(nodes);
    }
    double bytes = used(runtime) - before;
    return bytes / kept.length / kept[0].nodes().size() / Servers.TOKENS;
  }

  private static long used(Runtime runtime) {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The largest share of a node times their number, and the deviation of all of them. */
  static double[] balance(int nodes, int tokens) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(tokens);
    Servers.names(nodes).forEach(builder::add);
    Ring<String> ring = builder.build();
    double[] shares = ring.nodes().stream().mapToDouble(node -> nodes * ring.share(node)).toArray();
    double variance = Arrays.stream(shares).map(share -> (share - 1) * (share - 1)).sum() / nodes;
    return new double[] {Arrays.stream(shares).max().orElseThrow(), Math.sqrt(variance)};
  }
}
