package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ring.Ketama.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the originals said where keys are; src/test/ketama has the programs that asked them. */
class KetamaVectorsTest {
  /** A set of servers; without weights if they have none. */
  private record Vector(
      String name, Map<String, Integer> servers, String digest, List<Integer> owners) {
    Ketama ketama(Dialect dialect) {
      return servers.values().stream().anyMatch(weight -> weight >= 0)
          ? Ketama.of(dialect, servers)
          : Ketama.of(dialect, List.copyOf(servers.keySet()));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("1.6: each dialect of Ketama maps 30,000 keys as its original does")
  void equalsItsOriginal(Dialect dialect) throws IOException {
    List<Vector> vectors = read(dialect);
    assertTrue(vectors.size() >= 23, "vectors: " + vectors.size());
    for (Vector vector : vectors) {
      Ketama ketama = vector.ketama(dialect);
      List<String> servers = List.copyOf(vector.servers().keySet());
      for (int i = 0; i < vector.owners().size(); i++) {
        String expected = servers.get(vector.owners().get(i));
        assertEquals(expected, ketama.owner(key(i)), vector.name() + ", " + key(i));
      }
      assertEquals(vector.digest(), digest(ketama), vector.name());
    }
  }

  @Test
  @DisplayName("1.6: no two dialects are one")
  void theDialectsDiffer() throws IOException {
    Map<List<String>, Dialect> seen = new LinkedHashMap<>();
    for (Dialect dialect : Dialect.values()) {
      List<String> digests =
          read(dialect).stream()
              .filter(vector -> !vector.name().equals("a-weight-of-0")) // not in all
              .map(vector -> vector.name() + " " + vector.digest())
              .toList();
      assertEquals(null, seen.put(digests, dialect), dialect.name());
    }
  }

  @Test
  @DisplayName("1.6: without rounding and points that meet, pairs of originals agree")
  void whereTheyAreEqual() throws IOException {
    assertEquals(
        new TreeSet<>(
            List.of(
                "eleven-weighted-where-floats-round",
                "five-weighted-where-floats-round",
                "named",
                "seven-weighted-where-floats-round",
                "sixty-one",
                "twenty-five-of-weight-7",
                "two-meet-by-digests",
                "two-meet-by-digests-other-order")),
        differing(Dialect.LIBKETAMA, Dialect.SPYMEMCACHED));
    assertEquals(
        new TreeSet<>(
            List.of(
                "a-weight-of-0",
                "hundred",
                "sixty-one",
                "twenty-five",
                "two-meet-by-digests",
                "two-meet-by-digests-other-order")),
        differing(Dialect.LIBMEMCACHED_WEIGHTED, Dialect.SPYMEMCACHED_LIBMEMCACHED));
  }

  private static Set<String> differing(Dialect one, Dialect other) throws IOException {
    Map<String, String> digests =
        read(one).stream().collect(Collectors.toMap(Vector::name, Vector::digest));
    return read(other).stream()
        .filter(vector -> digests.containsKey(vector.name()))
        .filter(vector -> !vector.digest().equals(digests.get(vector.name())))
        .map(Vector::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String digest(Ketama ketama) {
    long digest = 0xcbf29ce484222325L;
    for (int i = 0; i < 30_000; i++) {
      for (byte b : (ketama.owner(key(i)) + "\n").getBytes(UTF_8)) {
        digest = (digest ^ (b & 0xff)) * 0x100000001b3L;
      }
    }
    return "%016x".formatted(digest);
  }

  private static String key(int i) {
    return switch (i % 3) {
      case 0 -> "key-" + i;
      case 1 -> "user:" + i + ":profile/of-a-person-with-a-long-name";
      default -> "schl\u00fcssel-" + i;
    };
  }

  private static List<Vector> read(Dialect dialect) throws IOException {
    String name = "/ketama/" + dialect + ".txt";
    List<Vector> vectors = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(KetamaVectorsTest.class.getResourceAsStream(name), name)) {
      String set = "";
      String digest = "";
      Map<String, Integer> servers = new LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "set" -> set = words[1];
          case "server" -> servers.put(words[1], words.length < 3 ? -1 : Integer.valueOf(words[2]));
          case "digest" -> digest = words[1];
          case "owners" -> {
            List<Integer> owners =
                IntStream.range(1, words.length).mapToObj(i -> Integer.valueOf(words[i])).toList();
            vectors.add(new Vector(set, servers, digest, owners));
            servers = new LinkedHashMap<>();
          }
          default -> assertTrue(line.isEmpty() || line.startsWith("#"), line);
        }
      }
    }
    return vectors;
  }
}
