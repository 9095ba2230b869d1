package io.quorate.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.quorate.ring.Ketama.Dialect;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Counted by the virtual machine, for this thread. */
class MappingsAllocateNothingTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int KEYS = 1000;
  private static final String[] TEXTS =
      IntStream.range(0, KEYS)
          .mapToObj(i -> "user:%08d:profile".formatted(i))
          .toArray(String[]::new);
  private static final byte[][] BYTES =
      IntStream.range(0, KEYS).mapToObj(i -> TEXTS[i].getBytes(US_ASCII)).toArray(byte[][]::new);

  static List<Mapping<String>> mappings() {
    List<String> nodes = IntStream.range(0, 30).mapToObj(i -> "10.0.0." + i + ":11211").toList();
    Buckets<String> fewer = Buckets.of(nodes);
    for (int number = 0; number < 27; number++) {
      fewer = fewer.without(number);
    }
    Rendezvous<String> rendezvous = Rendezvous.empty();
    for (String node : nodes) {
      rendezvous = rendezvous.with(node, 1 + node.length() % 3);
    }
    List<Mapping<String>> all = new ArrayList<>();
    all.addAll(List.of(Jump.of(nodes), Buckets.of(nodes), fewer, rendezvous));
    for (Dialect dialect : Dialect.values()) {
      all.add(Ketama.of(dialect, nodes));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("mappings")
  @DisplayName("T11: owner(long) allocates nothing")
  void numbers(Mapping<String> mapping) {
    assertEquals(0, allocated(i -> mapping.owner(i * 0x9e3779b97f4a7c15L)));
  }

  @ParameterizedTest
  @MethodSource("mappings")
  @DisplayName("T11: owner(byte[]) allocates nothing")
  void bytes(Mapping<String> mapping) {
    assertEquals(0, allocated(i -> mapping.owner(BYTES[i])));
  }

  @ParameterizedTest
  @MethodSource("mappings")
  @DisplayName("T11: owner(String) allocates nothing for ASCII")
  void text(Mapping<String> mapping) {
    assertEquals(0, allocated(i -> mapping.owner(TEXTS[i])));
  }

  @Test
  @DisplayName("the count sees what is allocated")
  void theCountWorks() {
    assertTrue(allocated(i -> TEXTS[i].replace('u', (char) ('a' + i % 20))) >= 16L * KEYS);
  }

  /** The least of a few rounds: what the virtual machine does of its own is not in all of them. */
  private static long allocated(IntFunction<String> call) {
    long least = Long.MAX_VALUE;
    int sum = 0;
    for (int round = 0; round < 40; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < KEYS; i++) {
        sum += call.apply(i).length();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(sum != 0);
    return least;
  }
}
