package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
  private static Ring<String> ring(int nodes, int tokens) {
    RingBuilder<String> builder = Ring.<String>builder().tokens(tokens);
    IntStream.range(0, nodes).forEach(i -> builder.add("node-" + i));
    return builder.build();
  }

  // ---- keys ----

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "key1", "Zürich", "北京", "smile 😀", "lone \ud800 half", "ÿ", "߿ࠀ"})
  @DisplayName("a text is hashed as its bytes in UTF-8 are, however long it is")
  void textsAreBytes(String text) {
    for (KeyHash hash : KeyHash.values()) {
      for (String key : List.of(text, text.repeat(13), text.repeat(40))) {
        assertEquals(hash.hash(key.getBytes(UTF_8)), hash.hash(key));
      }
    }
    Ring<String> ring = ring(10, 64);
    assertEquals(ring.owner(text.getBytes(UTF_8)), ring.owner(text));
    assertEquals(ring.replicas(text.getBytes(UTF_8), 3), ring.replicas(text, 3));
  }

  @Test
  @DisplayName("a number is hashed as its eight bytes are, the lowest first")
  void numbersAreBytes() {
    for (long key : new long[] {0, 1, -1, 0x0123456789ABCDEFL}) {
      byte[] bytes = ByteBuffer.allocate(8).putLong(Long.reverseBytes(key)).array();
      for (KeyHash hash : KeyHash.values()) {
        assertEquals(hash.hash(bytes), hash.hash(key));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2d06800538d394c2, 0000000000000000",
    "a, e6c632b61e964e1f, 85555565f6597889",
    "abc, 78af5f94892f3950, b4963f3f3fad7867"
  })
  @DisplayName("T12: the hashes are the published functions")
  void publishedHashes(String text, String xxh3, String murmur3) {
    assertEquals(Long.parseUnsignedLong(xxh3, 16), KeyHash.XXH3.hash(text));
    assertEquals(Long.parseUnsignedLong(murmur3, 16), KeyHash.MURMUR3.hash(text));
  }

  @Test
  @DisplayName("T11: a look-up allocates nothing")
  void nothingIsAllocated() {
    Ring<String> ring = ring(100, 160);
    byte[] bytes = "customer-17".getBytes(UTF_8);
    assertEquals(0, allocated(() -> ring.owner(17L)));
    assertEquals(0, allocated(() -> ring.owner(bytes)));
    assertEquals(0, allocated(() -> ring.owner("customer-17")));
    String latin = "Zürich".repeat(10);
    assertEquals(0, allocated(() -> ring.owner(latin)));
  }

  private static long allocated(Supplier<String> lookUp) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int sink = 0;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 40; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        sink += lookUp.get().length();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(sink > 0);
    return least;
  }

  // ---- nodes ----

  @Test
  @DisplayName("1.1: an id that ends like the number of a token is no other node's token")
  void idsAndNumbersStayApart() {
    Ring<String> ring = Ring.<String>builder().tokens(200).add("node1").add("node11").build();
    assertEquals(400, Rings.owners(ring).stream().distinct().count());
    assertEquals(0.5, ring.share("node1"), 0.1);
  }

  @Test
  @DisplayName("1.7: shares of 100 nodes are within 30 % at 160 tokens a node, 15 % at 512 (T9)")
  void balance() {
    assertTrue(worst(100, 160) <= 1.30, () -> "max/mean " + worst(100, 160));
    assertTrue(worst(100, 512) <= 1.15, () -> "max/mean " + worst(100, 512));
    assertTrue(deviation(100, 160) <= 1.1 / Math.sqrt(160));
    assertTrue(deviation(100, 512) <= 1.1 / Math.sqrt(512));
  }

  private static double worst(int nodes, int tokens) {
    Ring<String> ring = ring(nodes, tokens);
    return nodes * ring.nodes().stream().mapToDouble(ring::share).max().orElseThrow();
  }

  private static double deviation(int nodes, int tokens) {
    Ring<String> ring = ring(nodes, tokens);
    return Math.sqrt(
        ring.nodes().stream()
            .mapToDouble(node -> Math.pow(nodes * ring.share(node) - 1, 2))
            .average()
            .orElseThrow());
  }

  @Test
  @DisplayName("1.2: a node of weight 3 has three times the share, and nobody's tokens are thinned")
  void weights() {
    Ring<String> ring = ring(9, 512);
    Ring<String> heavy = ring.with("heavy", 3);
    assertEquals(3.0 / 12, heavy.share("heavy"), 0.02);
    assertEquals(9 * 512 + 3 * 512, heavy.tokens().count());
  }

  @Test
  @DisplayName("T6: a token takes at most 16 bytes with the index")
  void memory() {
    for (int nodes : new int[] {1, 3, 10, 100, 1_000}) {
      Tokens tokens = ring(nodes, 160).tokens();
      assertTrue(tokens.bytes() <= 16L * tokens.count(), () -> tokens.bytes() + " bytes");
    }
  }

  @Test
  @DisplayName("1.10: keys of a dead node go to those behind it, and come back with it")
  void theDeadArePassedOver() {
    Ring<String> ring = ring(5, 64);
    for (long key = 0; key < 1_000; key++) {
      String owner = ring.owner(key);
      assertEquals(owner, ring.owner(key, node -> true).orElseThrow());
      String next = ring.owner(key, node -> !node.equals(owner)).orElseThrow();
      assertEquals(ring.replicas(key, 2).get(1), next);
    }
    assertTrue(ring.owner(1L, node -> false).isEmpty());
  }

  @Test
  @DisplayName("1.5: where all are above their bound the least loaded is taken, and nothing thrown")
  void allFull() {
    Ring<String> ring = Ring.<String>builder().add("a").add("b", 2).build();
    Loads<String> full =
        new Loads<>() {
          @Override
          public long of(String node) {
            return node.equals("a") ? 90 : 100;
          }

          @Override
          public long total() {
            return 10; // An old one.
          }
        };
    for (long key = 0; key < 100; key++) {
      assertEquals("b", ring.owner(key, full, 1.25), "50 a unit of weight against 90");
    }
    assertThrows(IllegalArgumentException.class, () -> ring.owner(1, full, 0.99));
    assertThrows(IllegalArgumentException.class, () -> ring.owner(1, full, Double.NaN));
  }

  @Test
  @DisplayName("1.8: look-ups while rings are exchanged see one ring or the other")
  void lookUpsDuringChanges() throws InterruptedException, ExecutionException {
    Ring<String> small = ring(20, 64);
    Ring<String> large = small.with("more");
    Published holder = new Published(small);
    ExecutorService readers = Executors.newFixedThreadPool(2);
    List<Future<Integer>> looking = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      looking.add(readers.submit(() -> strangers(holder, small, large)));
    }
    for (int i = 0; i < 2_000; i++) {
      holder.ring = i % 2 == 0 ? small.with("more") : large.without("more");
    }
    for (Future<Integer> each : looking) {
      assertEquals(0, each.get());
    }
    readers.shutdown();
    assertEquals(small, holder.ring);
  }

  private static final class Published {
    volatile Ring<String> ring;

    Published(Ring<String> ring) {
      this.ring = ring;
    }
  }

  private static int strangers(Published holder, Ring<String> small, Ring<String> large) {
    int strangers = 0;
    for (long key = 0; key < 100_000; key++) {
      String owner = holder.ring.owner(key);
      strangers += owner.equals(small.owner(key)) || owner.equals(large.owner(key)) ? 0 : 1;
    }
    return strangers;
  }

  // ---- what is refused ----

  @Test
  @DisplayName("bad input is refused with what to do")
  void refused() {
    Ring<String> ring = Ring.<String>builder().add("a").build();
    assertEquals(
        "there is a node a already; reweight changes its weight", refusal(() -> ring.with("a")));
    assertEquals("there is no node b", refusal(() -> ring.without("b")));
    assertEquals(
        "a weight of 0; the least is 1, and without() removes a node",
        refusal(() -> ring.reweight("a", 0)));
    assertTrue(refusal(() -> ring.with("b", Integer.MAX_VALUE)).contains("use smaller weights"));
    assertTrue(refusal(() -> Ring.<String>builder().tokens(0).build()).contains("1 to 65536"));
    assertTrue(refusal(() -> Ring.<String>builder().add("a").add("a").build()).contains("already"));
    assertTrue(
        refusal(() -> Ring.<Object>builder().add(new Object()).build())
            .contains("Ring.builder(node -> ...)"));
    assertThrows(IllegalArgumentException.class, () -> ring.replicas(1, -1));
  }

  private static String refusal(Supplier<Object> call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call::get).getMessage());
  }

  @Test
  @DisplayName("a ring without nodes owns nothing, and says so")
  void empty() {
    Ring<String> none = Ring.<String>builder().build();
    assertThrows(IllegalStateException.class, () -> none.owner(1));
    assertTrue(none.owner(1, node -> true).isEmpty());
    assertEquals(List.of(), none.replicas(1, 3));
    assertEquals(List.of(), none.nodes());
    assertEquals(none, ring(1, 256).without("node-0"));
    assertEquals("a", none.with("a").owner(1));
  }

  @Test
  @DisplayName("nodes of any kind have the name that is said")
  void named() {
    Ring<byte[]> ring =
        Ring.<byte[]>builder(bytes -> new String(bytes, UTF_8)).add("x".getBytes(UTF_8)).build();
    assertEquals("x", new String(ring.owner(1), UTF_8));
    assertEquals(1, ring.weight("x".getBytes(UTF_8)));
    assertEquals("", ring.zone("x".getBytes(UTF_8)));
  }

  // ---- between processes ----

  @Test
  @DisplayName("1.9: a ring that was encoded comes back the same, and no other has its fingerprint")
  void wire() {
    Ring<String> ring =
        Ring.<String>builder().tokens(7).add("é", 2, "z").add("b").hash(KeyHash.MURMUR3).build();
    Ring<String> back = Ring.decode(ring.encode());
    assertEquals(ring, back);
    assertEquals(ring.fingerprint(), back.fingerprint());
    assertEquals(ring.hashCode(), back.hashCode());
    assertEquals(ring.toString(), back.toString());
    assertEquals(Rings.owners(ring), Rings.owners(back));
    List<Ring<String>> others =
        List.of(
            ring.reweight("b", 2),
            ring.with("c"),
            Ring.<String>builder().tokens(8).add("é", 2, "z").add("b").build(),
            Ring.<String>builder().tokens(7).add("é", 2, "z").add("b").build(),
            Ring.<String>builder().tokens(7).add("é", 2).add("b").hash(KeyHash.MURMUR3).build());
    for (Ring<String> other : others) {
      assertNotEquals(ring, other);
      assertNotEquals(ring.fingerprint(), other.fingerprint());
    }
  }

  @Test
  @DisplayName("1.9: a fingerprint is computed once, and the ring's text is short")
  void fingerprints() {
    Ring<String> ring = ring(100, 7);
    assertEquals("ring of 100 nodes with 700 tokens, XXH3, fingerprint ", text(ring));
    assertEquals(Long.hashCode(ring.fingerprint()), ring.hashCode());
    assertEquals(0, allocated(() -> ring.hashCode() == ring.fingerprint() ? "one" : "other"));
  }

  private static String text(Ring<String> ring) {
    String text = ring.toString();
    assertTrue(text.endsWith(String.format("%016x", ring.fingerprint())), text);
    return text.substring(0, text.length() - 16);
  }

  @Test
  @DisplayName("1.9: an id for which no node is found is named")
  void unknownNodes() {
    byte[] encoded = ring(2, 4).encode();
    Map<String, String> known = new HashMap<>(Map.of("node-0", "node-0"));
    assertEquals(
        "no ring: there is no node for \"node-1\"",
        refusal(() -> Ring.<String>decode(encoded, known::get, id -> id)));
  }

  @Test
  @DisplayName("1.9: the wire form is the documented one")
  void wireBytes() {
    byte[] bytes = Ring.<String>builder().tokens(258).add("ab", 3, "z").build().encode();
    byte[] expected = {
      1, 1, 0, 0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 2, 'a', 'b', 0, 0, 0, 3, 0, 0, 0, 1, 'z'
    };
    assertEquals(expected.length + 8, bytes.length);
    assertEquals(Arrays.toString(expected), Arrays.toString(Arrays.copyOf(bytes, expected.length)));
    assertEquals(KeyHash.XXH3.hash(expected), ByteBuffer.wrap(bytes).getLong(expected.length));
  }

  @Test
  @DisplayName(
      "1.9: no damaged or shortened ring is read, and none takes memory for what is not there")
  void damaged() {
    byte[] bytes = ring(3, 4).encode();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(refusal(() -> Ring.decode(flipped)).startsWith("no ring: "));
    }
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertTrue(refusal(() -> Ring.decode(cut)).startsWith("no ring: "));
    }
    byte[] many =
        ByteBuffer.allocate(18).put((byte) 1).put((byte) 1).putInt(1).putInt(1 << 30).array();
    ByteBuffer.wrap(many).putLong(10, KeyHash.XXH3.hash(many, 10));
    assertEquals("no ring: 1073741824 nodes in 0 bytes", refusal(() -> Ring.decode(many)));
  }

  @Test
  @DisplayName("1.11: a change merges: a node more costs no hash of another node's tokens")
  void changesMerge() {
    int[] hashed = new int[1];
    RingBuilder<String> builder =
        Ring.<String>builder()
            .tokens(100)
            .tokenHash(
                bytes -> {
                  hashed[0]++;
                  return KeyHash.XXH3.hash(bytes);
                });
    IntStream.range(0, 50).forEach(i -> builder.add("node-" + i));
    Ring<String> ring = builder.build();
    assertEquals(5_000, hashed[0]);
    Ring<String> more = ring.with("another", 2);
    assertEquals(5_200, hashed[0]);
    Ring<String> lighter = more.reweight("another", 1);
    assertEquals(5_300, hashed[0], "the tokens that go are looked for by their positions");
    assertEquals(ring, lighter.without("another"));
    assertEquals(5_300, hashed[0]);
  }
}
