package io.quorate.ring;

import static io.quorate.ring.Mixing.STEP;
import static io.quorate.ring.Mixing.mix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Numbered buckets of which any can be taken away and put back, found in constant time. The fastest
 * mapping for equal nodes.
 *
 * <pre>{@code
 * Buckets<Host> hosts = Buckets.of(List.of(a, b, c, d));
 * Buckets<Host> fewer = hosts.without(1); // only the keys of b move, to a, c and d alike
 * Buckets<Host> again = fewer.with(1, e); // they all come back, and no others
 * }</pre>
 *
 * <p>The owner depends on the key, on how many numbers were ever given out and on which of them are
 * taken now; on nothing else, and so not on the order of removals. Two processes that know the same
 * nodes by the same numbers agree, whatever each of them went through.
 *
 * <p><b>Threads, bounds.</b> Immutable, and so for any thread. A look-up allocates nothing and
 * draws numbers/nodes times on average: 1.1 times with a tenth of the buckets away, 2 times with
 * half of them. It never draws more than 64 times; one key in 2^64 gets there with half of the
 * buckets away, 4 in 100 with 19 of 20 away, and costs one look at each number. Numbers are not
 * closed up by themselves, as that would move keys: where most are away for good, make another with
 * {@link #of}.
 *
 * <p>A change copies the table, one reference for each number.
 *
 * @param <N> what stands for a node; one may stand at several numbers
 */
public final class Buckets<N> implements Mapping<N> {
  /*
   * Two ideas. A draw is JumpBackHash (Ertl, 2024): the bucket among n numbers, in constant time,
   * and where n grows a draw stays as it is or goes to the new number. And as in DxHash (Dong, Wang,
   * 2021), a draw that falls on a number whose node is away is followed by another, from a sequence
   * that belongs to the key. The first draw that finds a node wins. So
   * - a node that leaves gives up only the keys whose first hit it was, evenly;
   * - one that comes takes only keys that drew its number earlier than that of their owner;
   * - with one number more, each draw of the sequence stays or falls on the new number: only keys
   *   of the new node move.
   *
   * Why not AnchorHash (Mendelson and others, 2020) or MementoHash (Coluzzi and others, 2023), which
   * take fewer steps when most buckets are away? Both answer by the history of removals: two
   * processes that saw a and b fail in different orders disagree for as long as both are away, and
   * only the last to leave can come back without strays. This one is a function of the set. AnchorHash
   * also wants a bound on the numbers beforehand. What it costs is numbers/nodes draws rather than
   * about (1 + ln(numbers/nodes))^2 steps: the same up to a half away.
   */
  private static final int DRAWS_MAX = 64;

  private static final long NEXT_DRAW = 0xd1342543de82ef95L;

  private final @Nullable Object[] table;
  private final List<N> nodes;
  private final KeyHash hash;

  private Buckets(@Nullable Object[] table, KeyHash hash) {
    this.table = table;
    this.hash = Objects.requireNonNull(hash);
    List<N> present = new ArrayList<>(table.length);
    for (int number = 0; number < table.length; number++) {
      N node = at(number);
      if (node != null) {
        present.add(node);
      }
    }
    this.nodes = List.copyOf(present);
  }

  /** Bucket i is the i-th of these nodes; keys are hashed by {@link KeyHash#XXH3}. */
  public static <N> Buckets<N> of(List<? extends N> nodes) {
    return of(nodes, KeyHash.XXH3);
  }

  /** Bucket i is the i-th of these nodes; keys are hashed by {@code hash}. */
  public static <N> Buckets<N> of(List<? extends N> nodes, KeyHash hash) {
    return new Buckets<>(List.<N>copyOf(nodes).toArray(), hash);
  }

  @Override
  public N owner(long key) {
    return ownerOf(hash.hash(key));
  }

  @Override
  public N owner(byte[] key) {
    return ownerOf(hash.hash(key));
  }

  @Override
  public N owner(String key) {
    return ownerOf(hash.hash(key));
  }

  /** The nodes that are there, by number. */
  @Override
  public List<N> nodes() {
    return nodes;
  }

  /** How many numbers there are, those without a node included; they are 0 to this, exclusive. */
  public int numbers() {
    return table.length;
  }

  /**
   * One node less. Its keys go to all others alike; no other key moves.
   *
   * @throws IllegalArgumentException if no node has this number
   */
  public Buckets<N> without(int number) {
    if (number < 0 || number >= table.length || table[number] == null) {
      throw new IllegalArgumentException("no node has number " + number);
    }
    @Nullable Object[] changed = table.clone();
    changed[number] = null;
    return new Buckets<>(changed, hash);
  }

  /**
   * One node more, with a number that is free, or with the next, {@link #numbers()}. It gets as
   * many keys as each other; no key moves between others. If a node had the number before, it gets
   * what that one would own now.
   *
   * @throws IllegalArgumentException if the number has a node, or is not the next
   */
  public Buckets<N> with(int number, N node) {
    if (number < 0 || number > table.length) {
      throw new IllegalArgumentException(
          "number " + number + " is neither free nor the next, which is " + table.length);
    }
    if (number < table.length && table[number] != null) {
      throw new IllegalArgumentException("number " + number + " is that of " + table[number]);
    }
    @Nullable Object[] changed = Arrays.copyOf(table, Math.max(table.length, number + 1));
    changed[number] = Objects.requireNonNull(node);
    return new Buckets<>(changed, hash);
  }

  /** One node more, with the lowest number that is free, or else the next. */
  public Buckets<N> with(N node) {
    int number = 0;
    while (number < table.length && table[number] != null) {
      number++;
    }
    return with(number, node);
  }

  /** Whether the other has equal nodes at the same numbers, as many numbers, and the same hash. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Buckets<?> that
        && hash == that.hash
        && Arrays.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(table), hash.code());
  }

  @Override
  public String toString() {
    return "Buckets" + Arrays.toString(table);
  }

  private N ownerOf(long key) {
    if (nodes.isEmpty()) {
      throw new IllegalStateException("there is no node");
    }
    long seed = key;
    for (int draws = 0; draws < DRAWS_MAX; draws++) {
      N node = at(draw(seed, table.length));
      if (node != null) {
        return node;
      }
      seed = mix(seed + NEXT_DRAW);
    }
    return highest(seed);
  }

  /** Rendezvous among those that are there: few, as 64 draws found none of them. */
  private N highest(long seed) {
    N best = nodes.get(0);
    long bestScore = 0;
    boolean found = false;
    for (int number = 0; number < table.length; number++) {
      N node = at(number);
      if (node != null) {
        long score = mix(seed + number * STEP);
        if (!found || Long.compareUnsigned(score, bestScore) > 0) {
          best = node;
          bestScore = score;
          found = true;
        }
      }
    }
    return best;
  }

  /*
   * Think of n growing by one, and of the key jumping to the new number b with probability
   * 1/(b+1). Its bucket among n is where the last jump below n led. Between q and 2q, q a power of
   * two, there is a jump with probability 1/2, independently of other such octaves; so one random
   * word holds a coin for each octave. The last jump of an octave leads to each of its numbers
   * alike. If that is n or above, the jump before it leads to any lower number alike: draw from
   * [0, 2q) until it is below n; if below q, the octave has no jump below n, and the next lower one
   * decides.
   */
  static int draw(long seed, int numbers) {
    if (numbers == 1) {
      return 0;
    }
    int coins = (int) mix(seed + STEP) & (-1 >>> Integer.numberOfLeadingZeros(numbers - 1));
    while (coins != 0) {
      int octave = Integer.highestOneBit(coins);
      long random = mix(seed ^ (octave * STEP));
      int number = octave + ((int) random & (octave - 1));
      while (number >= numbers) {
        random = mix(random + STEP);
        number = (int) random & (2 * octave - 1);
      }
      if (number >= octave) {
        return number;
      }
      coins ^= octave;
    }
    return 0;
  }

  @SuppressWarnings("unchecked") // Only nodes get into the table.
  private @Nullable N at(int number) {
    return (N) table[number];
  }
}
