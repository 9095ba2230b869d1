package io.quorate.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class JumpTest {
  @Property(tries = 5000)
  @Label("T12: a long key has the bucket that Guava's consistentHash says")
  void equalsGuava(
      @ForAll long key, @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int buckets) {
    assertEquals(Hashing.consistentHash(key, buckets), Jump.bucket(key, buckets));
  }

  @Property(tries = 300)
  @Label("T12: so it has for all small numbers of buckets")
  void equalsGuavaForFewBuckets(@ForAll long key) {
    for (int buckets = 1; buckets <= 300; buckets++) {
      assertEquals(Hashing.consistentHash(key, buckets), Jump.bucket(key, buckets));
    }
  }

  @Property(tries = 1000)
  @Label("T12: so it has for the one draw in 2^31 where Guava's sum overflows")
  void equalsGuavaWhereItsSumOverflows(
      @ForAll @IntRange int low, @ForAll boolean odd, @ForAll @IntRange(min = 1) int buckets) {
    // The state after one step is 0x7fffffff in its upper bits; one step back is the key.
    BigInteger state =
        BigInteger.valueOf(((0x7fffffffL << 32 | (low & 0xffffffffL)) << 1) | (odd ? 1 : 0));
    BigInteger inverse =
        BigInteger.valueOf(2862933555777941757L).modInverse(BigInteger.ONE.shiftLeft(64));
    long key = state.subtract(BigInteger.ONE).multiply(inverse).longValue();
    assertEquals(0x7fffffff, (key * 2862933555777941757L + 1) >>> 33);
    assertEquals(Hashing.consistentHash(key, buckets), Jump.bucket(key, buckets));
    assertEquals(0, Jump.bucket(key, buckets));
  }

  @Property(tries = 1000)
  @Label("with one bucket more, a key stays or goes there")
  void onlyTheNewBucketTakes(@ForAll long key, @ForAll @IntRange(min = 1, max = 1000) int buckets) {
    Jump<Integer> jump = Jump.of(numbers(buckets));
    Jump<Integer> more = jump.with(buckets);
    assertTrue(List.of(jump.owner(key), buckets).contains(more.owner(key)));
    assertEquals(jump.owner(key), more.withoutLast().owner(key));
  }

  @Property(tries = 1000)
  @Label("text is its bytes in UTF-8, and bytes are their hash")
  void keysOfEachKind(@ForAll String key, @ForAll KeyHash hash) {
    Jump<Integer> jump = Jump.of(numbers(1000), hash);
    assertEquals(jump.owner(key.getBytes(UTF_8)), jump.owner(key));
    assertEquals(jump.owner(hash.hash(key.getBytes(UTF_8))), jump.owner(key));
  }

  @Example
  @Label("the hash is the one that was asked for")
  void theHashMatters() {
    Jump<Integer> one = Jump.of(numbers(1000), KeyHash.XXH3);
    Jump<Integer> other = Jump.of(numbers(1000), KeyHash.MURMUR3);
    long equal =
        IntStream.range(0, 1000)
            .filter(i -> one.owner("k" + i).equals(other.owner("k" + i)))
            .count();
    assertTrue(equal < 20, "equal: " + equal);
  }

  @Example
  @Label("without nodes there is no owner, and nothing to take away")
  void empty() {
    Jump<String> none = Jump.of(List.of("a")).withoutLast();
    assertEquals(List.of(), none.nodes());
    assertThrows(IllegalStateException.class, () -> none.owner(1));
    assertThrows(IllegalStateException.class, () -> none.owner("a"));
    assertThrows(IllegalStateException.class, none::withoutLast);
    assertThrows(IllegalArgumentException.class, () -> Jump.bucket(1, 0));
    assertEquals("Jump[b]", none.with("b").toString());
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
