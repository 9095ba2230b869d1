package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.ring.Ketama.Dialect;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The circle of 32 bits, and which server has each of its points. */
final class KetamaPoints {
  /*
   * A point is a long: its place on the circle in bits 31 to 62, the number of its server below.
   * They stand in a hash table that is in order: eight slots for five points, and each point in the
   * slot that is as far along the table as its place is along the circle, its home, or in the next
   * free one behind that. A slot without a point of its own holds a copy of the next one, and those
   * behind the last say whose the first is. So nothing before a hash's home is at the hash or behind
   * it, and what is in its home and a few slots on, in one line of the cache mostly, decides.
   */
  private static final int SERVER_BITS = 31;

  /** How many slots a look-up compares without a branch. */
  private static final int AT_ONCE = 4;

  private final long[] slots;
  private final int homes;
  private final boolean met;

  /** Points in order, no place twice. */
  private KetamaPoints(long[] points, int count, int first, boolean met) {
    this.met = met;
    homes = Math.toIntExact(8L * count / 5 + 1);
    int end = 0;
    for (int i = 0; i < count; i++) {
      end = Math.max(home(points[i]), end) + 1;
    }
    slots = new long[Math.max(homes, end) + AT_ONCE];
    int next = 0;
    for (int i = 0; i < count; i++) {
      int behind = Math.max(home(points[i]), next) + 1;
      Arrays.fill(slots, next, behind, points[i]);
      next = behind;
    }
    Arrays.fill(slots, next, slots.length, 0xffffffffL << SERVER_BITS | first);
  }

  private int home(long point) {
    return (int) (((point >>> SERVER_BITS) * homes) >>> Integer.SIZE);
  }

  /** Without weights where null. */
  static KetamaPoints of(Dialect dialect, String[] servers, int @Nullable [] weights) {
    if (servers.length == 0) {
      return new KetamaPoints(new long[0], 0, 0, false);
    }
    int[] digests = digests(dialect, servers.length, weights);
    boolean four = dialect.pointsEach == 160 || isAboveOne(weights);
    int count = Math.multiplyExact(Arrays.stream(digests).reduce(0, Math::addExact), four ? 4 : 1);
    if (count == 0) {
      throw new IllegalArgumentException("with these weights no server has a point");
    }
    long[] all = new long[count];
    int next = 0;
    for (int server = 0; server < servers.length; server++) {
      // Of points at the same place the lowest is kept, which is the first or the last one's.
      int rank = dialect.isSpymemcached() ? servers.length - 1 - server : server;
      String name = name(dialect, servers[server]);
      for (int k = 0; k < digests[server]; k++) {
        next = put(all, next, rank, dialect, name + "-" + k, four);
      }
    }
    return sorted(all, dialect.isSpymemcached() ? servers.length - 1 : -1);
  }

  /** The number of the server that has the first point at the hash or behind it. */
  int serverAt(int hash) {
    long least = (hash & 0xffffffffL) << SERVER_BITS;
    int home = home(least);
    // How many points are passed is nothing to guess: a wrong branch would wait for the hash.
    int i =
        home
            + passed(slots[home], least)
            + passed(slots[home + 1], least)
            + passed(slots[home + 2], least)
            + passed(slots[home + 3], least);
    while (slots[i] < least) {
      i++;
    }
    return server(slots[i]);
  }

  /** 1 if it is, else 0. */
  private static int passed(long point, long least) {
    return (int) ((point - least) >>> (Long.SIZE - 1));
  }

  /** Whether two servers had a point at the same place. */
  boolean haveMet() {
    return met;
  }

  /** Whether points stand in the same places and are of servers with the same names. */
  boolean areLike(String[] names, KetamaPoints that, String[] namesThere) {
    if (slots.length != that.slots.length) {
      return false;
    }
    int end = names.length == 0 ? 0 : slots.length; // Without servers the slots are nobody's.
    for (int i = 0; i < end; i++) {
      if (slots[i] >>> SERVER_BITS != that.slots[i] >>> SERVER_BITS
          || !names[server(slots[i])].equals(namesThere[server(that.slots[i])])) {
        return false;
      }
    }
    return true;
  }

  private static int put(
      long[] all, int from, int rank, Dialect dialect, String text, boolean four) {
    int next = from;
    if (four) {
      KetamaHash hash = KetamaHash.ofThread().digest(text);
      for (int i = 0; i < 4; i++) {
        all[next++] = (hash.word(i) & 0xffffffffL) << SERVER_BITS | rank;
      }
    } else {
      int hash = KetamaHash.of(dialect.md5, text.getBytes(UTF_8));
      all[next++] = (hash & 0xffffffffL) << SERVER_BITS | rank;
    }
    return next;
  }

  /** Ranks are servers, or count down from {@code last}. */
  private static KetamaPoints sorted(long[] all, int last) {
    Arrays.sort(all);
    long[] points = new long[all.length];
    int count = 0;
    boolean met = false;
    for (long point : all) {
      long place = point >>> SERVER_BITS;
      int server = last < 0 ? server(point) : last - server(point);
      if (count > 0 && points[count - 1] >>> SERVER_BITS == place) {
        met |= server(points[count - 1]) != server;
      } else {
        points[count++] = place << SERVER_BITS | server;
      }
    }
    return new KetamaPoints(points, count, server(points[0]), met);
  }

  private static int server(long point) {
    return (int) point & Integer.MAX_VALUE;
  }

  /** How many texts each server has hashed. */
  private static int[] digests(Dialect dialect, int servers, int @Nullable [] weights) {
    int[] shares = new int[servers];
    boolean fixed = dialect.pointsEach == 100 && !isAboveOne(weights);
    if (fixed || (dialect.isSpymemcached() && weights == null)) {
      Arrays.fill(shares, dialect.pointsEach == 160 ? 40 : 100);
    } else {
      long total = 0;
      for (int i = 0; i < servers; i++) {
        shares[i] = weight(dialect, weights == null ? 1 : weights[i]);
        total += shares[i];
      }
      if (total > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("the weights add up to " + total + ", above 2^31 - 1");
      }
      for (int i = 0; i < servers; i++) {
        shares[i] = share(dialect, (float) shares[i] / (float) total, servers);
      }
    }
    return shares;
  }

  private static boolean isAboveOne(int @Nullable [] weights) {
    return weights != null && Arrays.stream(weights).anyMatch(weight -> weight > 1);
  }

  private static int weight(Dialect dialect, int weight) {
    if (weight < 0 || (weight == 0 && dialect == Dialect.LIBKETAMA)) {
      throw new IllegalArgumentException("a weight of " + weight);
    }
    return weight == 0 && !dialect.isSpymemcached() ? 1 : weight;
  }

  /** Rounded where the originals round, which decides whether 40 is 40 or 39. */
  private static int share(Dialect dialect, float part, int servers) {
    return dialect == Dialect.LIBKETAMA
        ? (int) (float) (part * 40.0 * servers)
        : (int) (part * 160f / 4f * (float) servers);
  }

  private static String name(Dialect dialect, String server) {
    if (!dialect.dropsDefaultPort()) {
      return server;
    }
    int colon = server.lastIndexOf(':');
    if (colon < 1 || !server.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("not host:port, but " + server);
    }
    int port = Integer.parseInt(server.substring(colon + 1));
    String host = server.substring(0, colon);
    return port == 11211 ? host : host + ":" + port;
  }
}
