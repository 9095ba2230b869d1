package io.quorate.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PaxosCodecTest {
  /** The number of the last kind that {@link #random} knows. */
  static final int KINDS = 17;

  @Property(tries = 3000)
  @Label("every message is what it was after the wire")
  void messagesSurviveTheWire(@ForAll @IntRange(min = 0, max = KINDS) int kind, @ForAll long seed) {
    PaxosMessage message = random(kind, new Random(seed));
    List<Payload> values = new ArrayList<>();
    byte[] header = PaxosCodec.encode(message, values);
    assertEquals(message, PaxosCodec.decode(ByteBuffer.wrap(header), joined(values)));
  }

  @Property(tries = 2000)
  @Label("bytes that are no message are refused, whatever they are")
  void garbageIsRefused(@ForAll byte[] header, @ForAll byte[] values) {
    try {
      PaxosCodec.decode(ByteBuffer.wrap(header), ByteBuffer.wrap(values));
    } catch (IllegalArgumentException | Payload.CorruptPayloadException expected) {
      assertNotNull(expected.getMessage());
    }
  }

  @Property(tries = 3000)
  @Label("a message with one byte changed is refused or another message, never another exception")
  void changedBytesAreHarmless(
      @ForAll @IntRange(min = 0, max = KINDS) int kind, @ForAll long seed, @ForAll byte flip) {
    Random random = new Random(seed);
    List<Payload> values = new ArrayList<>();
    byte[] header = PaxosCodec.encode(random(kind, random), values);
    if (header.length > 0) {
      header[random.nextInt(header.length)] ^= flip;
    }
    garbageIsRefused(header, joined(values).array());
  }

  @Property(tries = 2000)
  @Label("a message that ends early is refused or another message, never another exception")
  void truncatedIsHarmless(
      @ForAll @IntRange(min = 0, max = KINDS) int kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int lost) {
    List<Payload> values = new ArrayList<>();
    byte[] header = PaxosCodec.encode(random(kind, new Random(seed)), values);
    byte[] all = joined(values).array();
    garbageIsRefused(Arrays.copyOf(header, Math.max(0, header.length - lost)), all);
    if (all.length > 0) {
      byte[] fewer = Arrays.copyOf(all, Math.max(0, all.length - lost));
      assertThrows(
          IllegalArgumentException.class,
          () -> PaxosCodec.decode(ByteBuffer.wrap(header), ByteBuffer.wrap(fewer)));
    }
  }

  @Test
  @DisplayName("lengths that add up to more than there is are refused before memory is taken")
  void lengthsAreCheckedFirst() {
    io.quorate.paxos.wire.Header header =
        io.quorate.paxos.wire.Header.newBuilder()
            .setAccept(
                io.quorate.paxos.wire.Accept.newBuilder()
                    .setRound(1)
                    .setMember(1)
                    .setEntries(
                        io.quorate.paxos.wire.Entries.newBuilder()
                            .setEpoch(1)
                            .addSlots(1)
                            .addKinds(1)
                            .addLengths(-1)
                            .addCrcs(0)))
            .build();
    assertThrows(
        IllegalArgumentException.class,
        () -> PaxosCodec.decode(ByteBuffer.wrap(header.toByteArray()), ByteBuffer.allocate(3)));
  }

  @Test
  @DisplayName("a range that would make its reader count for ever is refused")
  void rangesAreBounded() {
    io.quorate.paxos.wire.Header header =
        io.quorate.paxos.wire.Header.newBuilder()
            .setAccepted(
                io.quorate.paxos.wire.Accepted.newBuilder()
                    .setRound(1)
                    .setMember(1)
                    .addAccepted(1)
                    .addAccepted(Long.MAX_VALUE / 4))
            .build();
    assertThrows(
        IllegalArgumentException.class,
        () -> PaxosCodec.decode(ByteBuffer.wrap(header.toByteArray()), ByteBuffer.allocate(0)));
  }

  @Test
  @DisplayName("a value that changed on the way is refused")
  void checksums() {
    Entry entry = Group.batch(3, new Ballot(2, 1), "value");
    PaxosMessage accept = new PaxosMessage.Accept(new Ballot(2, 1), 1, List.of(entry), 0, 0, false);
    List<Payload> values = new ArrayList<>();
    byte[] header = PaxosCodec.encode(accept, values);
    ByteBuffer bytes = joined(values);
    bytes.put(0, (byte) ~bytes.get(0));
    assertThrows(
        Payload.CorruptPayloadException.class,
        () -> PaxosCodec.decode(ByteBuffer.wrap(header), bytes));
  }

  @Property(tries = 500)
  @Label("P14: promise, what is chosen and whether the group is formed are one record")
  void records(@ForAll long seed) {
    Random random = new Random(seed);
    PaxosRecord record =
        new PaxosRecord(
            random.nextInt(9) == 0 ? Ballot.NONE : ballot(random),
            number(random),
            random.nextBoolean());
    byte[] bytes = PaxosCodec.encodeRecord(record);
    assertEquals(record, PaxosCodec.decodeRecord(bytes));
    for (int length = 0; length < bytes.length; length++) {
      try {
        PaxosCodec.decodeRecord(Arrays.copyOf(bytes, length));
      } catch (IllegalArgumentException expected) {
        assertNotNull(expected.getMessage());
      }
    }
    assertThrows(IllegalArgumentException.class, () -> PaxosCodec.decodeRecord(new byte[] {8, -1}));
  }

  @Test
  @DisplayName("there is a sample here of every message that exists")
  void samplesAreComplete() {
    Random random = new Random(1);
    List<String> sampled = new ArrayList<>();
    for (int kind = 0; kind <= KINDS; kind++) {
      sampled.add(random(kind, random).getClass().getSimpleName());
    }
    assertEquals(kinds(), sampled.stream().sorted().toList());
  }

  /** The names of all messages, in alphabetical order. */
  static List<String> kinds() {
    return leaves(PaxosMessage.class).map(Class::getSimpleName).sorted().toList();
  }

  private static Stream<Class<?>> leaves(Class<?> kind) {
    Class<?>[] permitted = kind.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(kind)
        : Arrays.stream(permitted).flatMap(PaxosCodecTest::leaves);
  }

  static PaxosMessage random(int kind, Random random) {
    Ballot ballot = ballot(random);
    return switch (kind) {
      case 0 -> new PaxosMessage.Poll(random.nextLong(), number(random));
      case 1 -> new PaxosMessage.PollReply(random.nextLong(), random.nextBoolean(), number(random));
      case 2 -> new PaxosMessage.Prepare(ballot, random.nextLong(), slot(random));
      case 3 ->
          new PaxosMessage.Promise(
              ballot,
              random.nextLong(),
              random.nextBoolean() ? Ballot.NONE : ballot,
              random.nextInt(1 << 20),
              random.nextBoolean(),
              number(random),
              random.nextBoolean(),
              random.nextBoolean(),
              scattered(random),
              ranges(random),
              damaged(random));
      case 4 -> new PaxosMessage.PrepareNack(ballot, random.nextLong(), ballot(random));
      case 5 ->
          new PaxosMessage.Accept(
              ballot,
              number(random),
              together(ballot, random),
              number(random),
              number(random),
              random.nextBoolean());
      case 6 ->
          new PaxosMessage.Accepted(
              ballot,
              number(random),
              ranges(random),
              ranges(random),
              number(random),
              random.nextBoolean());
      case 7 -> new PaxosMessage.AcceptNack(ballot, ballot(random));
      case 8 ->
          new PaxosMessage.Commit(
              ballot,
              number(random),
              number(random),
              number(random),
              number(random),
              random.nextBoolean());
      case 9 -> new PaxosMessage.CatchupRequest(slot(random), slot(random));
      case 10 ->
          new PaxosMessage.CatchupResponse(scattered(random), number(random), number(random));
      case 11 ->
          new PaxosMessage.ReadIndex(
              random.nextLong(), random.nextBoolean() ? Ballot.NONE : ballot);
      case 12 -> new PaxosMessage.Cede(ballot, number(random), random.nextBoolean());
      case 13 -> new PaxosMessage.AskAccepted(random.nextLong());
      case 14 -> new PaxosMessage.Accepts(random.nextLong(), number(random));
      case 15 -> new PaxosMessage.AskSlot(slot(random));
      case 16 -> slotReport(random);
      default ->
          new PaxosMessage.ReadIndexReply(
              random.nextLong(), random.nextBoolean() ? Ballot.NONE : ballot, number(random));
    };
  }

  private static PaxosMessage slotReport(Random random) {
    long slot = slot(random);
    Entry accepted =
        random.nextBoolean()
            ? null
            : entry(1L + random.nextInt(9), slot, ballot(random).stamp(), random);
    return new PaxosMessage.SlotReport(slot, accepted, random.nextBoolean());
  }

  private static List<Entry> together(Ballot ballot, Random random) {
    long first = 1 + random.nextLong(1L << 40);
    long epoch = 1L + random.nextInt(9);
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      entries.add(entry(epoch, first + entries.size(), ballot.stamp(), random));
    }
    return entries;
  }

  private static List<Entry> scattered(Random random) {
    long slot = 1 + random.nextLong(1L << 40);
    long epoch = 1L + random.nextInt(9);
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      entries.add(entry(epoch, slot, ballot(random).stamp(), random));
      slot += 1 + random.nextInt(3);
    }
    return entries;
  }

  private static Entry entry(long epoch, long slot, Stamp stamp, Random random) {
    byte[] value = new byte[random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(300)];
    random.nextBytes(value);
    Entry.Kind[] kinds = Entry.Kind.values();
    return new Entry(epoch, slot, kinds[random.nextInt(kinds.length)], stamp, Payload.of(value));
  }

  private static List<SlotRange> ranges(Random random) {
    List<SlotRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      long from = slot(random);
      ranges.add(new SlotRange(from, from + random.nextInt(1 << 20)));
    }
    return ranges;
  }

  private static List<PaxosMessage.Damaged> damaged(Random random) {
    List<PaxosMessage.Damaged> damaged = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      damaged.add(new PaxosMessage.Damaged(slot(random), ballot(random)));
    }
    return damaged;
  }

  private static Ballot ballot(Random random) {
    return new Ballot(Math.max(1, number(random)), 1 + random.nextInt(Integer.MAX_VALUE));
  }

  private static long slot(Random random) {
    return 1 + (random.nextLong() >>> (3 + random.nextInt(60)));
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
