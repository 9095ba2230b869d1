package io.quorate.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RaftCodecTest {
  static final int LAST_KIND = 15;

  @Property(tries = 2000)
  @Label("every message is what it was after the wire")
  void messagesSurviveTheWire(
      @ForAll @IntRange(min = 0, max = LAST_KIND) int kind, @ForAll long seed) {
    RaftMessage message = random(kind, new Random(seed));
    List<Payload> values = new ArrayList<>();
    byte[] header = RaftCodec.encode(message, values);
    assertEquals(message, RaftCodec.decode(ByteBuffer.wrap(header), joined(values)));
  }

  @Property(tries = 2000)
  @Label("bytes that are no message are refused, whatever they are")
  void garbageIsRefused(@ForAll byte[] header, @ForAll byte[] values) {
    try {
      RaftCodec.decode(ByteBuffer.wrap(header), ByteBuffer.wrap(values));
    } catch (IllegalArgumentException | Payload.CorruptPayloadException expected) {
      assertTrue(expected.getMessage() != null);
    }
  }

  @Property(tries = 2000)
  @Label("a message with one byte changed is refused or another message, never another exception")
  void changedBytesAreHarmless(
      @ForAll @IntRange(min = 0, max = LAST_KIND) int kind, @ForAll long seed, @ForAll byte flip) {
    Random random = new Random(seed);
    List<Payload> values = new ArrayList<>();
    byte[] header = RaftCodec.encode(random(kind, random), values);
    if (header.length > 0) {
      header[random.nextInt(header.length)] ^= flip;
    }
    garbageIsRefused(header, joined(values).array());
  }

  @Test
  @DisplayName("lengths that add up to more than there is are refused before memory is taken")
  void lengthsAreCheckedFirst() {
    io.quorate.raft.wire.Header header =
        io.quorate.raft.wire.Header.newBuilder()
            .setAppend(
                io.quorate.raft.wire.Append.newBuilder()
                    .setEpoch(1)
                    .addEntryTerms(1)
                    .addEntryKinds(1)
                    .addEntryLengths(-1)
                    .addEntryCrcs(0))
            .build();
    assertThrows(
        IllegalArgumentException.class,
        () -> RaftCodec.decode(ByteBuffer.wrap(header.toByteArray()), ByteBuffer.allocate(3)));
  }

  @Test
  @DisplayName("a value that changed on the way is refused")
  void checksums() {
    List<Payload> values = new ArrayList<>();
    byte[] header = RaftCodec.encode(append(new Random(5), 3), values);
    ByteBuffer bytes = joined(values);
    bytes.put(0, (byte) ~bytes.get(0));
    assertThrows(
        Payload.CorruptPayloadException.class,
        () -> RaftCodec.decode(ByteBuffer.wrap(header), bytes));
  }

  @Test
  @DisplayName("E3: term and vote are one record")
  void records() {
    for (RaftRecord record :
        List.of(
            RaftRecord.NONE,
            new RaftRecord(7, null),
            new RaftRecord(Long.MAX_VALUE, new Member(31, -1)))) {
      assertEquals(record, RaftCodec.decodeRecord(RaftCodec.encodeRecord(record)));
    }
    assertThrows(IllegalArgumentException.class, () -> RaftCodec.decodeRecord(new byte[] {8, -1}));
  }

  @Test
  @DisplayName("there is a sample here of every message that exists")
  void samplesAreComplete() {
    Random random = new Random(1);
    List<String> sampled = new ArrayList<>();
    for (int kind = 0; kind <= LAST_KIND; kind++) {
      sampled.add(random(kind, random).getClass().getSimpleName());
    }
    List<String> all =
        Arrays.stream(RaftMessage.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .toList();
    assertEquals(all.stream().sorted().toList(), sampled.stream().sorted().toList());
  }

  static RaftMessage random(int kind, Random random) {
    long term = number(random);
    Answer answer = Answer.of(1 + random.nextInt(6));
    return switch (kind) {
      case 0 -> new RaftMessage.PreVote(term, random.nextLong(), number(random), number(random));
      case 1 -> new RaftMessage.PreVoteReply(term, random.nextLong(), answer);
      case 2 ->
          new RaftMessage.RequestVote(term, number(random), number(random), random.nextBoolean());
      case 3 -> new RaftMessage.VoteReply(term, number(random), answer);
      case 4 -> append(random, random.nextInt(5));
      case 5 ->
          new RaftMessage.Appended(
              term, number(random), number(random), number(random), number(random));
      case 6 ->
          new RaftMessage.AppendRefused(
              term,
              number(random),
              number(random),
              number(random),
              number(random),
              number(random),
              number(random));
      case 7 -> new RaftMessage.ReadIndex(term, random.nextLong(), random.nextBoolean());
      case 8 ->
          new RaftMessage.ReadIndexReply(
              term, random.nextLong(), random.nextBoolean(), number(random));
      case 9 -> new RaftMessage.CopyRequest(term, number(random), number(random));
      case 10 -> new RaftMessage.Copy(term, append(random, 1).entries().get(0));
      case 11 -> new RaftMessage.Rejoin(term, random.nextLong());
      case 15 -> new RaftMessage.TimeoutNow(term, random.nextBoolean());
      case 13 ->
          new RaftMessage.InstallSnapshot(term, number(random), number(random), number(random));
      case 12 -> new RaftMessage.Attended(term, number(random), number(random), number(random));
      default -> new RaftMessage.Rejoined(term, random.nextLong(), number(random));
    };
  }

  private static RaftMessage.Append append(Random random, int count) {
    long prev = random.nextLong(1L << 40);
    long epoch = 1L + random.nextInt(9);
    Entry.Kind[] kinds = Entry.Kind.values();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(300)];
      random.nextBytes(value);
      entries.add(
          new Entry(
              epoch,
              prev + 1 + i,
              kinds[random.nextInt(kinds.length)],
              new Stamp(number(random), 0),
              Payload.of(value)));
    }
    return new RaftMessage.Append(
        number(random),
        number(random),
        prev,
        number(random),
        entries,
        number(random),
        number(random));
  }

  private static long number(Random random) {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private static ByteBuffer joined(List<Payload> values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.stream().mapToInt(Payload::length).sum());
    values.forEach(value -> bytes.put(value.buffer()));
    return bytes.flip();
  }
}
