package io.quorate.ring;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of memcached's clients, key for key: for caches that others fill or read too, and
 * for moving away from such a client without losing a cache. "Ketama" is not one mapping but
 * several that agree on few keys, so each has its name in {@link Dialect}. Where nobody else looks
 * on, the ring is better in all respects.
 *
 * <pre>{@code
 * Ketama cache = Ketama.of(Dialect.LIBMEMCACHED_WEIGHTED, List.of("10.0.0.1:11211", "10.0.0.2:11211"));
 * String server = cache.owner("session:17");
 * }</pre>
 *
 * <p>Servers are given in the order in which the original is told of them. It decides only who gets
 * a point that two servers have, of which a thousand servers have about three.
 *
 * <p>Keys are text, as with memcached: bytes are those of text, and a {@code long} stands for its
 * decimal digits. A key prefix ("namespace") is hashed by some clients and not by others; one that
 * is to be hashed belongs in front of the key.
 *
 * <p><b>Threads, bounds.</b> Immutable, and so for any thread. A look-up is an MD5 of the key plus
 * a few nanoseconds, and allocates nothing for keys of up to 256 ASCII characters, but for one
 * digest a thread. Memory: at most 16 bytes a point. Where there are weights, a change of one, or
 * of the number of servers, moves keys between servers that did not change: so do the originals.
 */
public final class Ketama implements Mapping<String> {
  /** Which client's mapping. All of them compare points and hashes as 32 bits without sign. */
  public enum Dialect {
    /**
     * Last.fm's libketama, the first of them. 40 times weight / (average weight), rounded down,
     * digests of {@code name-k} give four points each; the name of a server is the text as given,
     * usually {@code ip:port}. Keys by MD5. Where points meet, the server given first has it.
     *
     * <p>A server's part of the weights is a float, multiplied as a double and rounded to float
     * again: with 61 equal servers each has 39 digests and not 40; fewer equal servers all have 40,
     * and the original has room for no more than 117. A weight is at least 1.
     */
    LIBKETAMA(true, 160),

    /**
     * spymemcached 2.12 with {@code KetamaNodeKeyFormatter.Format.SPYMEMCACHED}, its default. Equal
     * to {@link #LIBKETAMA} in names and hashes. Without weights each server has 160 points. With
     * weights, even if all are equal, the number is computed in float throughout: with 25, 47, 50,
     * 55, 61, 71, 94, 100 ... equal weights each server has 156. Where points meet, the server
     * given last has it. A weight of 0 gives no point.
     *
     * <p>The name is what {@code InetSocketAddress.toString} says, without a slash in front: {@code
     * 10.0.0.1:11211}, but {@code cache1/10.0.0.1:11211} where a host name was resolved. Give it
     * that way.
     */
    SPYMEMCACHED(true, 160),

    /**
     * spymemcached 2.12 with {@code KetamaNodeKeyFormatter.Format.LIBMEMCACHED}: {@link
     * #SPYMEMCACHED}, but the name is the host name alone where the port is 11211. Given weights
     * above 0 it is {@link #LIBMEMCACHED_WEIGHTED}, except where points meet.
     */
    SPYMEMCACHED_LIBMEMCACHED(true, 160),

    /**
     * libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED}; php-memcached's {@code
     * OPT_LIBKETAMA_COMPATIBLE}. 40 digests for the average weight, four points each, of {@code
     * host:port-k}, or {@code host-k} where the port is 11211. Keys by MD5. Where points meet, the
     * server given first has it (in 1.1; in 1.0 that is left to the C library's {@code qsort}).
     *
     * <p>The number of points is computed in float, without weights too: 25, 47, 50, 55, 61, 71,
     * 94, 100 ... equal servers have 156 points each and not 160. A weight of 0 counts as 1.
     */
    LIBMEMCACHED_WEIGHTED(true, 160),

    /**
     * libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA} alone: 100 points a server, one for each
     * of {@code host:port-k} or {@code host-k}, with keys and points by Jenkins' one-at-a-time hash
     * (its documentation says MD5, its code does not). Where points meet, the server given first
     * has it.
     *
     * <p>A weight above 1 makes libmemcached change over to the points of {@link
     * #LIBMEMCACHED_WEIGHTED}, while keys are still hashed by one-at-a-time; so does this one. (If
     * its servers are added before the behavior is set, it ignores weights: give none then.)
     *
     * <p>Bytes above 127 are hashed as on machines whose {@code char} has a sign, as x86.
     */
    LIBMEMCACHED(false, 100),

    /**
     * libmemcached with {@code MEMCACHED_BEHAVIOR_KETAMA}, and {@code MEMCACHED_BEHAVIOR_HASH} set
     * to {@code MEMCACHED_HASH_MD5}: {@link #LIBMEMCACHED} with keys and points by MD5. With a
     * weight above 1 it is {@link #LIBMEMCACHED_WEIGHTED}.
     */
    LIBMEMCACHED_MD5(true, 100);

    /** Else one-at-a-time. */
    final boolean md5;

    /** Where weights play no part; at 160, four points a digest. */
    final int pointsEach;

    Dialect(boolean md5, int pointsEach) {
      this.md5 = md5;
      this.pointsEach = pointsEach;
    }

    boolean isSpymemcached() {
      return this == SPYMEMCACHED || this == SPYMEMCACHED_LIBMEMCACHED;
    }

    boolean dropsDefaultPort() {
      return this != LIBKETAMA && this != SPYMEMCACHED;
    }
  }

  private final Dialect dialect;
  private final String[] servers;
  private final List<String> nodes;
  private final KetamaPoints points;

  private Ketama(Dialect dialect, String[] servers, KetamaPoints points) {
    this.dialect = dialect;
    this.servers = servers;
    this.points = points;
    this.nodes = Arrays.stream(servers).sorted().toList();
  }

  /**
   * Servers without weights, in the original's order, as {@code host:port}.
   *
   * @throws IllegalArgumentException if one of them stands there twice, or is not of that form
   *     where the dialect has to know its port
   */
  public static Ketama of(Dialect dialect, List<String> servers) {
    String[] names = servers.toArray(String[]::new);
    if (List.of(names).stream().distinct().count() < names.length) {
      throw new IllegalArgumentException("a server stands there twice: " + servers);
    }
    return new Ketama(dialect, names, KetamaPoints.of(dialect, names, null));
  }

  /**
   * Servers, as {@code host:port}, to weights. The map's order is the original's; it has one if it
   * is a {@link LinkedHashMap} or {@link SortedMap}.
   *
   * @throws IllegalArgumentException if a weight is out of the dialect's bounds or all together are
   *     above {@link Integer#MAX_VALUE}; if no server has a point, or one is not of that form where
   *     the dialect has to know its port; or if points meet and the map has no order to say whose
   *     they are
   */
  public static Ketama of(Dialect dialect, Map<String, Integer> servers) {
    Map<String, Integer> copy = new LinkedHashMap<>(servers);
    String[] names = copy.keySet().toArray(String[]::new);
    int[] weights = copy.values().stream().mapToInt(Integer::intValue).toArray();
    KetamaPoints points = KetamaPoints.of(dialect, names, weights);
    if (points.haveMet() && !(servers instanceof LinkedHashMap || servers instanceof SortedMap)) {
      throw new IllegalArgumentException(
          "points of two servers meet, and whose it is depends on their order:"
              + " give a LinkedHashMap, in the order of the other clients");
    }
    return new Ketama(dialect, names, points);
  }

  /** The dialect. */
  public Dialect dialect() {
    return dialect;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The key is its decimal digits, with a sign in front if negative.
   */
  @Override
  public String owner(long key) {
    return at(KetamaHash.of(dialect.md5, key));
  }

  @Override
  public String owner(byte[] key) {
    return at(KetamaHash.of(dialect.md5, key));
  }

  @Override
  public String owner(String key) {
    return at(KetamaHash.of(dialect.md5, key));
  }

  /** The servers, in the order of their names as strings. */
  @Override
  public List<String> nodes() {
    return nodes;
  }

  /**
   * Whether the other has the same dialect and servers, and the same one at each point: then it has
   * for each key.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ketama that
        && dialect == that.dialect
        && nodes.equals(that.nodes)
        && points.areLike(servers, that.points, that.servers);
  }

  @Override
  public int hashCode() {
    return 31 * nodes.hashCode() + dialect.name().hashCode();
  }

  @Override
  public String toString() {
    return "Ketama[" + dialect + ", " + String.join(", ", servers) + "]";
  }

  private String at(int hash) {
    if (servers.length == 0) {
      throw new IllegalStateException("there is no node");
    }
    return servers[points.serverAt(hash)];
  }
}
