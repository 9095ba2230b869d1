package io.quorate.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Configuration.Voter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  @Property(tries = 200)
  void whatIsEncodedIsDecoded(
      @ForAll @IntRange(min = 1, max = 31) int voters,
      @ForAll long seed,
      @ForAll @StringLength(max = 40) String text) {
    Configuration configuration =
        random(voters, new Random(seed), new String(text.getBytes(UTF_8), UTF_8));
    assertEquals(configuration, Configuration.decode(configuration.encode()));
  }

  @Test
  void bytesThatEndEarlyAreRefused() {
    byte[] whole = random(3, new Random(1), "host:1").encode().toByteArray();
    for (int length = 0; length < whole.length; length++) {
      Payload cut = Payload.of(Arrays.copyOf(whole, length));
      assertThrows(IllegalArgumentException.class, () -> Configuration.decode(cut));
    }
  }

  @Property(tries = 2000)
  void damagedBytesAreDecodedOrRefusedAndNothingElse(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = random(2, random, "h:1").encode().toByteArray();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    try {
      Configuration.decode(Payload.of(bytes)).encode();
    } catch (IllegalArgumentException e) {
      assertFalse(String.valueOf(e.getMessage()).isEmpty());
    }
  }

  @Test
  void aVoterCountsByIdAndIncarnation() {
    Configuration configuration = random(3, new Random(1), "h:1");
    Member second = configuration.voters().get(1).member();
    assertTrue(configuration.counts(second));
    assertFalse(configuration.counts(new Member(second.id(), second.incarnation() + 1)));
    assertEquals(second.incarnation(), configuration.incarnationOf(second.id()));
    assertEquals(0, configuration.incarnationOf(99));
    assertEquals(List.of(1, 2, 3), configuration.ids());
  }

  @Test
  void membersAreNamedWithoutTouchingTheAddresses() {
    Configuration configuration = random(2, new Random(1), "h:1");
    List<Member> members = List.of(new Member(2, 8), new Member(1, 7));
    Configuration named = configuration.withMembers(members);
    assertEquals(new Voter(new Member(1, 7), "h:1"), named.voters().get(0));
    assertEquals(new Voter(new Member(2, 8), "h:1"), named.voters().get(1));
  }

  @Test
  void votersAscendEachOnceAndAreOneToThirtyOne() {
    Voter one = new Voter(new Member(1, 1), "a:1");
    Voter two = new Voter(new Member(2, 1), "a:2");
    assertThrows(IllegalStateException.class, () -> of(List.of(two, one)));
    assertThrows(IllegalStateException.class, () -> of(List.of(one, one)));
    assertThrows(IllegalStateException.class, () -> of(List.of()));
  }

  private static Configuration of(List<Voter> voters) {
    return new Configuration(new UUID(1, 2), 1, "raft", voters, 0, 0, 0);
  }

  private static Configuration random(int count, Random random, String address) {
    List<Voter> voters = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      voters.add(new Voter(new Member(id, random.nextLong()), address));
    }
    return new Configuration(
        new UUID(random.nextLong(), random.nextLong()),
        random.nextLong(),
        "raft",
        voters,
        random.nextLong(),
        random.nextInt(),
        random.nextLong());
  }
}
