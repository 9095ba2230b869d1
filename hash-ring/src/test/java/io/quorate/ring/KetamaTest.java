package io.quorate.ring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ring.Ketama.Dialect;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class KetamaTest {
  /** Their points meet, as src/test/ketama/sets.txt says. */
  static final List<String> MEETING = List.of("10.2.4.188:11212", "10.2.6.126:11212");

  @Property(tries = 60)
  @Label("the index finds what a TreeMap finds, at points and between them")
  void equalsTheTreeMap(
      @ForAll @IntRange(min = 1, max = 150) int count, @ForAll @IntRange(max = 60_000) int port)
      throws NoSuchAlgorithmException {
    List<String> servers = servers(count, port);
    TreeMap<Long, Integer> tree = new TreeMap<>();
    for (int server = 0; server < count; server++) {
      for (int k = 0; k < 40; k++) {
        byte[] text = (servers.get(server) + "-" + k).getBytes(US_ASCII);
        byte[] digest = MessageDigest.getInstance("MD5").digest(text);
        for (int h = 0; h < 16; h += 4) {
          long point = 0;
          for (int i = 3; i >= 0; i--) {
            point = point << 8 | (digest[h + i] & 0xff);
          }
          tree.put(point, server);
        }
      }
    }
    KetamaPoints points =
        KetamaPoints.of(Dialect.SPYMEMCACHED, servers.toArray(String[]::new), null);
    for (long point : tree.keySet()) {
      for (long hash = Math.max(0, point - 1); hash <= Math.min(point + 1, 0xffffffffL); hash++) {
        assertEquals(owner(tree, hash), points.serverAt((int) hash));
      }
    }
    assertEquals(owner(tree, 0), points.serverAt(0));
    assertEquals(owner(tree, 0xffffffffL), points.serverAt(-1));
  }

  private static int owner(NavigableMap<Long, Integer> tree, long hash) {
    var entry = tree.ceilingEntry(hash);
    return entry == null ? tree.firstEntry().getValue() : entry.getValue();
  }

  @Property(tries = 500)
  @Label("text is its bytes in UTF-8, and a number its digits")
  void keysOfEachKind(
      @ForAll @StringLength(max = 600) String key, @ForAll long number, @ForAll Dialect dialect) {
    Ketama ketama = Ketama.of(dialect, servers(10, 11211));
    assertEquals(ketama.owner(key.getBytes(UTF_8)), ketama.owner(key));
    String ascii = "k".repeat(key.length());
    assertEquals(ketama.owner(ascii.getBytes(UTF_8)), ketama.owner(ascii));
    for (long each : new long[] {number, 0, -1, 10, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertEquals(ketama.owner(Long.toString(each)), ketama.owner(each));
    }
  }

  @Example
  @Label("where points meet, a map without an order is refused; with one, the order decides")
  void pointsThatMeet() {
    for (Dialect dialect : List.of(Dialect.LIBKETAMA, Dialect.SPYMEMCACHED)) {
      Map<String, Integer> ordered = new LinkedHashMap<>();
      MEETING.forEach(server -> ordered.put(server, 1));
      assertMessage(
          "points of two servers meet, and whose it is depends on their order:"
              + " give a LinkedHashMap, in the order of the other clients",
          () -> Ketama.of(dialect, new HashMap<>(ordered)));
      Ketama one = Ketama.of(dialect, ordered);
      Ketama other = Ketama.of(dialect, List.of(MEETING.get(1), MEETING.get(0)));
      assertEquals(one.nodes(), other.nodes());
      long moved =
          IntStream.range(0, 100_000).filter(i -> !one.owner(i).equals(other.owner(i))).count();
      assertTrue(moved > 0 && moved < 5_000, "moved: " + moved);
      assertEquals(2, Ketama.of(dialect, new TreeMap<>(ordered)).nodes().size());
    }
    assertEquals(
        List.of("a:1", "b:1"), Ketama.of(Dialect.LIBKETAMA, Map.of("b:1", 1, "a:1", 2)).nodes());
  }

  @Example
  @Label("a weight above 1 turns LIBMEMCACHED_MD5 into LIBMEMCACHED_WEIGHTED, 1 does not")
  void weightsOfLibmemcached() {
    Map<String, Integer> servers = new LinkedHashMap<>();
    servers(10, 11211).forEach(server -> servers.put(server, 1));
    assertEquals(
        owners(Ketama.of(Dialect.LIBMEMCACHED_MD5, servers(10, 11211))),
        owners(Ketama.of(Dialect.LIBMEMCACHED_MD5, servers)));
    servers.put("10.0.0.4:11211", 3);
    assertEquals(
        owners(Ketama.of(Dialect.LIBMEMCACHED_WEIGHTED, servers)),
        owners(Ketama.of(Dialect.LIBMEMCACHED_MD5, servers)));
  }

  private static List<String> owners(Ketama ketama) {
    return IntStream.range(0, 1000).mapToObj(i -> ketama.owner("key" + i)).toList();
  }

  @Example
  @Label("what no original could serve is refused in words")
  void refused() {
    assertMessage(
        "a server stands there twice: [a:1, a:1]",
        () -> Ketama.of(Dialect.LIBKETAMA, List.of("a:1", "a:1")));
    for (String name : List.of("a", "a:", ":1", "a:b", "a:123456")) {
      assertMessage(
          "not host:port, but " + name,
          () -> Ketama.of(Dialect.LIBMEMCACHED_WEIGHTED, List.of(name)));
      assertEquals(name, Ketama.of(Dialect.LIBKETAMA, List.of(name)).owner("key"));
    }
    assertMessage("a weight of -1", () -> Ketama.of(Dialect.SPYMEMCACHED, Map.of("a:1", -1)));
    assertMessage("a weight of 0", () -> Ketama.of(Dialect.LIBKETAMA, Map.of("a:1", 0)));
    assertMessage(
        "with these weights no server has a point",
        () -> Ketama.of(Dialect.SPYMEMCACHED, Map.of("a:1", 0)));
    assertMessage(
        "the weights add up to 2147483648, above 2^31 - 1",
        () -> Ketama.of(Dialect.SPYMEMCACHED, Map.of("a:1", Integer.MAX_VALUE, "b:1", 1)));
  }

  @Example
  @Label("without servers there is no owner")
  void empty() {
    for (Dialect dialect : Dialect.values()) {
      Ketama none = Ketama.of(dialect, List.of());
      assertThrows(IllegalStateException.class, () -> none.owner("a"));
      assertThrows(IllegalStateException.class, () -> none.owner(1));
      assertThrows(IllegalStateException.class, () -> Ketama.of(dialect, Map.of()).owner("a"));
      assertEquals(List.of(), none.nodes());
      assertEquals("Ketama[" + dialect + ", ]", none.toString());
      assertEquals(dialect, none.dialect());
    }
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static List<String> servers(int count, int port) {
    return IntStream.range(0, count).mapToObj(i -> "10.0.0." + i + ":" + port).toList();
  }
}
