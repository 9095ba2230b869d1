package io.quorate.paxos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.paxos.wire.Entries;
import io.quorate.paxos.wire.Header;
import io.quorate.paxos.wire.Nack;
import io.quorate.paxos.wire.Record;
import io.quorate.spi.Entry;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages and the saved record as bytes. The only class that knows protobuf; values never pass
 * through it, they follow the header as they are.
 */
final class PaxosCodec {
  private PaxosCodec() {}

  // ---- encoding ----

  static byte[] encode(PaxosMessage message, List<Payload> values) {
    Header.Builder header = Header.newBuilder();
    if (message instanceof PaxosMessage.Accept m) {
      header
          .getAcceptBuilder()
          .setRound(m.ballot().round())
          .setMember(m.ballot().member())
          .setSequence(m.sequence())
          .setChosenTo(m.chosenTo())
          .setReadRound(m.round())
          .setFormed(m.formed())
          .setEntries(together(m.entries(), values));
    } else if (message instanceof PaxosMessage.Accepted m) {
      io.quorate.paxos.wire.Accepted.Builder out =
          header
              .getAcceptedBuilder()
              .setRound(m.ballot().round())
              .setMember(m.ballot().member())
              .setSequence(m.sequence())
              .setReadRound(m.round())
              .setFounded(m.founded());
      for (int i = 0; i < m.accepted().size(); i++) {
        SlotRange range = m.accepted().get(i);
        out.addAccepted(range.from()).addAccepted(range.to() - range.from());
      }
      for (SlotRange range : m.missing()) {
        out.addMissing(range.from()).addMissing(range.to() - range.from());
      }
    } else if (message instanceof PaxosMessage.Commit m) {
      header
          .getCommitBuilder()
          .setRound(m.ballot().round())
          .setMember(m.ballot().member())
          .setSequence(m.sequence())
          .setSentTo(m.sentTo())
          .setChosenTo(m.chosenTo())
          .setReadRound(m.round())
          .setFormed(m.formed());
    } else if (message instanceof PaxosMessage.ReadIndex m) {
      header
          .getReadIndexBuilder()
          .setToken(m.token())
          .setRound(m.promised().round())
          .setMember(m.promised().member());
    } else if (message instanceof PaxosMessage.ReadIndexReply m) {
      header
          .getReadIndexReplyBuilder()
          .setToken(m.token())
          .setRound(m.ballot().round())
          .setMember(m.ballot().member())
          .setIndex(m.index());
    } else {
      seldom(message, header, values);
    }
    return header.build().toByteArray();
  }

  /** What is sent while there is no leader, or after something went wrong. */
  private static void seldom(PaxosMessage message, Header.Builder header, List<Payload> values) {
    if (message instanceof PaxosMessage.Poll m) {
      header.getPollBuilder().setToken(m.token()).setChosenTo(m.chosenTo());
    } else if (message instanceof PaxosMessage.PollReply m) {
      header
          .getPollReplyBuilder()
          .setToken(m.token())
          .setGranted(m.granted())
          .setChosenTo(m.chosenTo());
    } else if (message instanceof PaxosMessage.Prepare m) {
      header
          .getPrepareBuilder()
          .setRound(m.ballot().round())
          .setMember(m.ballot().member())
          .setAttempt(m.attempt())
          .setFrom(m.from());
    } else if (message instanceof PaxosMessage.Promise m) {
      header.setPromise(promise(m, values));
    } else if (message instanceof PaxosMessage.PrepareNack m) {
      header.setPrepareNack(nack(m.ballot(), m.attempt(), m.promised()));
    } else if (message instanceof PaxosMessage.AcceptNack m) {
      header.setAcceptNack(nack(m.ballot(), 0, m.promised()));
    } else if (message instanceof PaxosMessage.AskAccepted m) {
      header.getAskAcceptedBuilder().setToken(m.token());
    } else if (message instanceof PaxosMessage.Accepts m) {
      header.getAcceptsBuilder().setToken(m.token()).setHighest(m.highest());
    } else if (message instanceof PaxosMessage.Cede m) {
      header
          .getCedeBuilder()
          .setRound(m.ballot().round())
          .setMember(m.ballot().member())
          .setChosenTo(m.chosenTo())
          .setReleased(m.released());
    } else if (message instanceof PaxosMessage.CatchupRequest m) {
      header.getCatchupRequestBuilder().setFrom(m.from()).setTo(m.to());
    } else if (message instanceof PaxosMessage.CatchupResponse m) {
      header
          .getCatchupResponseBuilder()
          .setEntries(scattered(m.entries(), values))
          .setChosenTo(m.chosenTo())
          .setBase(m.base());
    } else if (message instanceof PaxosMessage.AskSlot m) {
      header.getAskSlotBuilder().setSlot(m.slot());
    } else if (message instanceof PaxosMessage.SlotReport m) {
      Entry accepted = m.accepted();
      header
          .getSlotReportBuilder()
          .setSlot(m.slot())
          .setAccepted(scattered(accepted == null ? List.of() : List.of(accepted), values))
          .setChosen(m.chosen());
    } else {
      throw new AssertionError(message);
    }
  }

  private static io.quorate.paxos.wire.Promise promise(
      PaxosMessage.Promise m, List<Payload> values) {
    io.quorate.paxos.wire.Promise.Builder out =
        io.quorate.paxos.wire.Promise.newBuilder()
            .setRound(m.ballot().round())
            .setMember(m.ballot().member())
            .setAttempt(m.attempt())
            .setEarlierRound(m.earlier().round())
            .setEarlierMember(m.earlier().member())
            .setPart(m.part())
            .setLast(m.last())
            .setChosenTo(m.chosenTo())
            .setFounded(m.founded())
            .setFormed(m.formed())
            .setAccepted(scattered(m.accepted(), values));
    for (SlotRange range : m.chosen()) {
      out.addChosen(range.from()).addChosen(range.to() - range.from());
    }
    for (PaxosMessage.Damaged damaged : m.damaged()) {
      out.addDamagedSlots(damaged.slot())
          .addDamagedRounds(damaged.ballot().round())
          .addDamagedMembers(damaged.ballot().member());
    }
    return out.build();
  }

  private static Nack nack(Ballot ballot, long attempt, Ballot promised) {
    return Nack.newBuilder()
        .setRound(ballot.round())
        .setMember(ballot.member())
        .setAttempt(attempt)
        .setPromisedRound(promised.round())
        .setPromisedMember(promised.member())
        .build();
  }

  /** Entries of slots that stand together, all of one ballot. */
  private static Entries.Builder together(List<Entry> entries, List<Payload> values) {
    Entries.Builder out = Entries.newBuilder();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (i == 0) {
        out.addSlots(entry.index());
      }
      put(entry, out, values);
    }
    return out;
  }

  private static Entries.Builder scattered(List<Entry> entries, List<Payload> values) {
    Entries.Builder out = Entries.newBuilder();
    for (Entry entry : entries) {
      Ballot ballot = Ballot.of(entry.stamp());
      out.addSlots(entry.index()).addRounds(ballot.round()).addMembers(ballot.member());
      put(entry, out, values);
    }
    return out;
  }

  private static void put(Entry entry, Entries.Builder out, List<Payload> values) {
    out.setEpoch(entry.epoch())
        .addKinds(entry.kind().code())
        .addLengths(entry.value().length())
        .addCrcs(entry.value().crc());
    values.add(entry.value());
  }

  // ---- decoding ----

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no message
   * @throws Payload.CorruptPayloadException if a value is not what its checksum says
   */
  static PaxosMessage decode(ByteBuffer bytes, ByteBuffer values) {
    Header header;
    try {
      header = Header.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a Paxos message", e);
    }
    if (values.hasRemaining()
        && !header.hasAccept()
        && !header.hasPromise()
        && !header.hasCatchupResponse()
        && !header.hasSlotReport()) {
      throw new IllegalArgumentException("a Paxos message without entries carries values");
    }
    return switch (header.getBodyCase()) {
      case ACCEPT -> accept(header.getAccept(), values);
      case ACCEPTED -> accepted(header.getAccepted());
      case COMMIT -> commit(header.getCommit());
      case READ_INDEX ->
          new PaxosMessage.ReadIndex(
              header.getReadIndex().getToken(),
              ballotOrNone(header.getReadIndex().getRound(), header.getReadIndex().getMember()));
      case READ_INDEX_REPLY -> readIndexReply(header.getReadIndexReply());
      case ASK_ACCEPTED -> new PaxosMessage.AskAccepted(header.getAskAccepted().getToken());
      case ACCEPTS ->
          new PaxosMessage.Accepts(
              header.getAccepts().getToken(), number(header.getAccepts().getHighest()));
      case CEDE ->
          new PaxosMessage.Cede(
              ballot(header.getCede().getRound(), header.getCede().getMember()),
              number(header.getCede().getChosenTo()),
              header.getCede().getReleased());
      case POLL ->
          new PaxosMessage.Poll(
              header.getPoll().getToken(), number(header.getPoll().getChosenTo()));
      case POLL_REPLY ->
          new PaxosMessage.PollReply(
              header.getPollReply().getToken(),
              header.getPollReply().getGranted(),
              number(header.getPollReply().getChosenTo()));
      case PREPARE, PROMISE, PREPARE_NACK, ACCEPT_NACK -> ofPhaseOne(header, values);
      case CATCHUP_REQUEST ->
          new PaxosMessage.CatchupRequest(
              slot(header.getCatchupRequest().getFrom()), slot(header.getCatchupRequest().getTo()));
      case CATCHUP_RESPONSE ->
          new PaxosMessage.CatchupResponse(
              entries(header.getCatchupResponse().getEntries(), null, values),
              number(header.getCatchupResponse().getChosenTo()),
              number(header.getCatchupResponse().getBase()));
      case ASK_SLOT -> new PaxosMessage.AskSlot(slot(header.getAskSlot().getSlot()));
      case SLOT_REPORT -> slotReport(header.getSlotReport(), values);
      case BODY_NOT_SET ->
          throw new IllegalArgumentException(
              "a Paxos message of a kind that this version does not know");
    };
  }

  private static PaxosMessage ofPhaseOne(Header header, ByteBuffer values) {
    if (header.hasPrepare()) {
      io.quorate.paxos.wire.Prepare m = header.getPrepare();
      return new PaxosMessage.Prepare(
          ballot(m.getRound(), m.getMember()), m.getAttempt(), slot(m.getFrom()));
    }
    if (header.hasPromise()) {
      io.quorate.paxos.wire.Promise m = header.getPromise();
      return new PaxosMessage.Promise(
          ballot(m.getRound(), m.getMember()),
          m.getAttempt(),
          ballotOrNone(m.getEarlierRound(), m.getEarlierMember()),
          (int) number(m.getPart()),
          m.getLast(),
          number(m.getChosenTo()),
          m.getFounded(),
          m.getFormed(),
          entries(m.getAccepted(), null, values),
          ranges(m.getChosenList()),
          damaged(m));
    }
    boolean ofPrepare = header.hasPrepareNack();
    Nack m = ofPrepare ? header.getPrepareNack() : header.getAcceptNack();
    Ballot ballot = ballot(m.getRound(), m.getMember());
    Ballot promised = ballot(m.getPromisedRound(), m.getPromisedMember());
    return ofPrepare
        ? new PaxosMessage.PrepareNack(ballot, m.getAttempt(), promised)
        : new PaxosMessage.AcceptNack(ballot, promised);
  }

  private static List<PaxosMessage.Damaged> damaged(io.quorate.paxos.wire.Promise m) {
    int count = m.getDamagedSlotsCount();
    if (m.getDamagedRoundsCount() != count || m.getDamagedMembersCount() != count) {
      throw new IllegalArgumentException("damaged slots whose lists differ in length");
    }
    List<PaxosMessage.Damaged> damaged = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Ballot ballot = ballot(m.getDamagedRounds(i), m.getDamagedMembers(i));
      damaged.add(new PaxosMessage.Damaged(slot(m.getDamagedSlots(i)), ballot));
    }
    return damaged;
  }

  private static PaxosMessage readIndexReply(io.quorate.paxos.wire.ReadIndexReply m) {
    return new PaxosMessage.ReadIndexReply(
        m.getToken(), ballotOrNone(m.getRound(), m.getMember()), number(m.getIndex()));
  }

  private static PaxosMessage slotReport(io.quorate.paxos.wire.SlotReport m, ByteBuffer values) {
    long slot = slot(m.getSlot());
    List<Entry> accepted = entries(m.getAccepted(), null, values);
    if (accepted.size() > 1 || (accepted.size() == 1 && accepted.get(0).index() != slot)) {
      throw new IllegalArgumentException("a report of slot " + slot + " with another slot's value");
    }
    Entry entry = accepted.isEmpty() ? null : accepted.get(0);
    return new PaxosMessage.SlotReport(slot, entry, m.getChosen());
  }

  private static PaxosMessage accept(io.quorate.paxos.wire.Accept m, ByteBuffer values) {
    Ballot ballot = ballot(m.getRound(), m.getMember());
    return new PaxosMessage.Accept(
        ballot,
        number(m.getSequence()),
        entries(m.getEntries(), ballot.stamp(), values),
        number(m.getChosenTo()),
        number(m.getReadRound()),
        m.getFormed());
  }

  private static PaxosMessage accepted(io.quorate.paxos.wire.Accepted m) {
    return new PaxosMessage.Accepted(
        ballot(m.getRound(), m.getMember()),
        number(m.getSequence()),
        ranges(m.getAcceptedList()),
        ranges(m.getMissingList()),
        number(m.getReadRound()),
        m.getFounded());
  }

  private static PaxosMessage commit(io.quorate.paxos.wire.Commit m) {
    return new PaxosMessage.Commit(
        ballot(m.getRound(), m.getMember()),
        number(m.getSequence()),
        number(m.getSentTo()),
        number(m.getChosenTo()),
        number(m.getReadRound()),
        m.getFormed());
  }

  /** Entries under their own ballots, or all under one and standing together. */
  private static List<Entry> entries(Entries m, @Nullable Stamp ballot, ByteBuffer values) {
    int count = m.getKindsCount();
    boolean together = ballot != null;
    int slots = together ? Math.min(count, 1) : count;
    int ballots = together ? 0 : count;
    if (m.getSlotsCount() != slots
        || m.getRoundsCount() != ballots
        || m.getMembersCount() != ballots
        || m.getLengthsCount() != count
        || m.getCrcsCount() != count) {
      throw new IllegalArgumentException("entries whose lists differ in length");
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += Integer.toUnsignedLong(m.getLengths(i));
    }
    if (bytes != values.remaining()) {
      throw new IllegalArgumentException(
          "entries that announce " + bytes + " bytes and bring " + values.remaining());
    }
    List<Entry> entries = new ArrayList<>(count);
    ByteBuffer rest = values.slice();
    for (int i = 0; i < count; i++) {
      int end = rest.position() + m.getLengths(i);
      Payload value = Payload.received(rest.duplicate().limit(end), m.getCrcs(i));
      rest.position(end);
      Stamp stamp = ballot != null ? ballot : ballot(m.getRounds(i), m.getMembers(i)).stamp();
      long slot = together ? slot(m.getSlots(0)) + i : slot(m.getSlots(i));
      entries.add(new Entry(slot(m.getEpoch()), slot, Entry.Kind.of(m.getKinds(i)), stamp, value));
    }
    return entries;
  }

  private static List<SlotRange> ranges(List<Long> numbers) {
    if (numbers.size() % 2 != 0) {
      throw new IllegalArgumentException("a range of slots without an end");
    }
    List<SlotRange> ranges = new ArrayList<>(numbers.size() / 2);
    for (int i = 0; i < numbers.size(); i += 2) {
      long from = slot(numbers.get(i));
      long more = number(numbers.get(i + 1));
      if (more > SLOTS_MAX) {
        throw new IllegalArgumentException("a range of " + more + " slots");
      }
      ranges.add(new SlotRange(from, from + more));
    }
    return ranges;
  }

  // ---- the record ----

  static byte[] encodeRecord(PaxosRecord record) {
    return Record.newBuilder()
        .setPromisedRound(record.promised().round())
        .setPromisedMember(record.promised().member())
        .setChosenTo(record.chosenTo())
        .setFormed(record.formed())
        .build()
        .toByteArray();
  }

  /**
   * The reverse of {@link #encodeRecord}.
   *
   * @throws IllegalArgumentException if the bytes are no record
   */
  static PaxosRecord decodeRecord(byte[] bytes) {
    Record record;
    try {
      record = Record.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not the saved record of a Paxos engine", e);
    }
    Ballot promised = ballotOrNone(record.getPromisedRound(), record.getPromisedMember());
    return new PaxosRecord(promised, number(record.getChosenTo()), record.getFormed());
  }

  // ---- numbers ----

  /** A range may not make its reader count for ever. */
  private static final long SLOTS_MAX = 1L << 32;

  private static Ballot ballot(long round, int member) {
    if (round <= 0 || member <= 0) {
      throw new IllegalArgumentException("a Paxos message of ballot " + round + "." + member);
    }
    return new Ballot(round, member);
  }

  private static Ballot ballotOrNone(long round, int member) {
    return round == 0 && member == 0 ? Ballot.NONE : ballot(round, member);
  }

  private static long slot(long told) {
    if (told <= 0 || told > Long.MAX_VALUE / 2) {
      throw new IllegalArgumentException("a Paxos message of slot " + told);
    }
    return told;
  }

  /** Never negative. */
  private static long number(long told) {
    if (told < 0) {
      throw new IllegalArgumentException("a Paxos message with the number " + told);
    }
    return told;
  }
}
