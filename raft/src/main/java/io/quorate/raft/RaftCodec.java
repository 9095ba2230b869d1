package io.quorate.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.wire.Header;
import io.quorate.raft.wire.Record;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages and the saved record as bytes. The only class that knows protobuf; values never pass
 * through it, they follow the header as they are.
 */
final class RaftCodec {
  private RaftCodec() {}

  static byte[] encode(RaftMessage message, List<Payload> values) {
    Header.Builder header = Header.newBuilder();
    if (message instanceof RaftMessage.Append m) {
      header.setAppend(append(m, values));
    } else if (message instanceof RaftMessage.Appended m) {
      header
          .getAppendedBuilder()
          .setTerm(m.term())
          .setSession(m.session())
          .setMatch(m.match())
          .setWritten(m.written())
          .setRound(m.round());
    } else if (message instanceof RaftMessage.AppendRefused m) {
      header
          .getAppendRefusedBuilder()
          .setTerm(m.term())
          .setSession(m.session())
          .setPrevIndex(m.prevIndex())
          .setLastIndex(m.lastIndex())
          .setConflictTerm(m.conflictTerm())
          .setConflictIndex(m.conflictIndex())
          .setRound(m.round());
    } else if (message instanceof RaftMessage.InstallSnapshot m) {
      header
          .getInstallSnapshotBuilder()
          .setTerm(m.term())
          .setSession(m.session())
          .setLastIndex(m.lastIndex())
          .setRound(m.round());
    } else if (message instanceof RaftMessage.ReadIndex m) {
      header.getReadIndexBuilder().setTerm(m.term()).setToken(m.token()).setConfirms(m.confirms());
    } else if (message instanceof RaftMessage.ReadIndexReply m) {
      header
          .getReadIndexReplyBuilder()
          .setTerm(m.term())
          .setToken(m.token())
          .setConfirmed(m.confirmed())
          .setIndex(m.index());
    } else if (message instanceof RaftMessage.CopyRequest
        || message instanceof RaftMessage.Copy
        || message instanceof RaftMessage.Attended
        || message instanceof RaftMessage.Rejoin
        || message instanceof RaftMessage.Rejoined) {
      repair(message, header, values);
    } else {
      vote(message, header);
    }
    return header.build().toByteArray();
  }

  /** A copy travels as an Append of one entry. */
  private static void repair(RaftMessage message, Header.Builder header, List<Payload> values) {
    if (message instanceof RaftMessage.CopyRequest m) {
      header
          .getCopyRequestBuilder()
          .setTerm(m.term())
          .setIndex(m.index())
          .setEntryTerm(m.entryTerm());
    } else if (message instanceof RaftMessage.Copy m) {
      long prev = m.entry().index() - 1;
      header.setCopy(
          append(new RaftMessage.Append(m.term(), 0, prev, 0, List.of(m.entry()), 0, 0), values));
    } else if (message instanceof RaftMessage.Attended m) {
      header
          .getAttendedBuilder()
          .setTerm(m.term())
          .setSession(m.session())
          .setMatch(m.match())
          .setWritten(m.written());
    } else if (message instanceof RaftMessage.Rejoin m) {
      header.getRejoinBuilder().setTerm(m.term()).setToken(m.token());
    } else if (message instanceof RaftMessage.Rejoined m) {
      header.getRejoinedBuilder().setTerm(m.term()).setToken(m.token()).setIndex(m.index());
    } else {
      throw new AssertionError(message);
    }
  }

  private static void vote(RaftMessage message, Header.Builder header) {
    if (message instanceof RaftMessage.PreVote m) {
      header
          .getPreVoteBuilder()
          .setTerm(m.term())
          .setRound(m.round())
          .setLastIndex(m.lastIndex())
          .setLastTerm(m.lastTerm());
    } else if (message instanceof RaftMessage.PreVoteReply m) {
      header
          .getPreVoteReplyBuilder()
          .setTerm(m.term())
          .setRound(m.round())
          .setAnswer(m.answer().code());
    } else if (message instanceof RaftMessage.RequestVote m) {
      header
          .getRequestVoteBuilder()
          .setTerm(m.term())
          .setLastIndex(m.lastIndex())
          .setLastTerm(m.lastTerm())
          .setHanded(m.handed());
    } else if (message instanceof RaftMessage.TimeoutNow m) {
      header.getTimeoutNowBuilder().setTerm(m.term()).setReleased(m.released());
    } else if (message instanceof RaftMessage.VoteReply m) {
      header
          .getVoteReplyBuilder()
          .setTerm(m.term())
          .setElection(m.election())
          .setAnswer(m.answer().code());
    } else {
      throw new AssertionError(message);
    }
  }

  private static io.quorate.raft.wire.Append append(RaftMessage.Append m, List<Payload> values) {
    io.quorate.raft.wire.Append.Builder out =
        io.quorate.raft.wire.Append.newBuilder()
            .setTerm(m.term())
            .setSession(m.session())
            .setPrevIndex(m.prevIndex())
            .setPrevTerm(m.prevTerm())
            .setCommit(m.commit())
            .setRound(m.round());
    List<Entry> entries = m.entries();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      out.setEpoch(entry.epoch())
          .addEntryTerms(entry.stamp().high())
          .addEntryKinds(entry.kind().code())
          .addEntryLengths(entry.value().length())
          .addEntryCrcs(entry.value().crc());
      values.add(entry.value());
    }
    return out.build();
  }

  /**
   * The reverse of {@link #encode}.
   *
   * @throws IllegalArgumentException if the bytes are no message
   * @throws Payload.CorruptPayloadException if a value is not what its checksum says
   */
  static RaftMessage decode(ByteBuffer bytes, ByteBuffer values) {
    Header header;
    try {
      header = Header.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a Raft message", e);
    }
    if (values.hasRemaining() && !header.hasAppend() && !header.hasCopy()) {
      throw new IllegalArgumentException("a Raft message without entries carries values");
    }
    return switch (header.getBodyCase()) {
      case PRE_VOTE, PRE_VOTE_REPLY, REQUEST_VOTE, VOTE_REPLY, TIMEOUT_NOW -> vote(header);
      case APPEND -> append(header.getAppend(), values);
      case APPENDED, APPEND_REFUSED -> answer(header);
      case INSTALL_SNAPSHOT ->
          new RaftMessage.InstallSnapshot(
              number(header.getInstallSnapshot().getTerm()),
              number(header.getInstallSnapshot().getSession()),
              number(header.getInstallSnapshot().getLastIndex()),
              number(header.getInstallSnapshot().getRound()));
      case READ_INDEX ->
          new RaftMessage.ReadIndex(
              number(header.getReadIndex().getTerm()),
              header.getReadIndex().getToken(),
              header.getReadIndex().getConfirms());
      case READ_INDEX_REPLY ->
          new RaftMessage.ReadIndexReply(
              number(header.getReadIndexReply().getTerm()),
              header.getReadIndexReply().getToken(),
              header.getReadIndexReply().getConfirmed(),
              number(header.getReadIndexReply().getIndex()));
      case COPY_REQUEST, COPY, ATTENDED, REJOIN, REJOINED -> repair(header, values);
      case BODY_NOT_SET ->
          throw new IllegalArgumentException(
              "a Raft message of a kind that this version does not know");
    };
  }

  private static RaftMessage answer(Header header) {
    if (header.hasAppended()) {
      io.quorate.raft.wire.Appended m = header.getAppended();
      return new RaftMessage.Appended(
          number(m.getTerm()),
          number(m.getSession()),
          number(m.getMatch()),
          number(m.getWritten()),
          number(m.getRound()));
    }
    io.quorate.raft.wire.AppendRefused m = header.getAppendRefused();
    return new RaftMessage.AppendRefused(
        number(m.getTerm()),
        number(m.getSession()),
        number(m.getPrevIndex()),
        number(m.getLastIndex()),
        number(m.getConflictTerm()),
        number(m.getConflictIndex()),
        number(m.getRound()));
  }

  private static RaftMessage repair(Header header, ByteBuffer values) {
    if (header.hasCopyRequest()) {
      io.quorate.raft.wire.CopyRequest m = header.getCopyRequest();
      return new RaftMessage.CopyRequest(
          number(m.getTerm()), number(m.getIndex()), number(m.getEntryTerm()));
    }
    if (header.hasCopy()) {
      RaftMessage.Append copy = append(header.getCopy(), values);
      if (copy.entries().size() != 1) {
        throw new IllegalArgumentException("a copy of " + copy.entries().size() + " entries");
      }
      return new RaftMessage.Copy(copy.term(), copy.entries().get(0));
    }
    if (header.hasAttended()) {
      io.quorate.raft.wire.Attended m = header.getAttended();
      return new RaftMessage.Attended(
          number(m.getTerm()),
          number(m.getSession()),
          number(m.getMatch()),
          number(m.getWritten()));
    }
    if (header.hasRejoin()) {
      return new RaftMessage.Rejoin(
          number(header.getRejoin().getTerm()), header.getRejoin().getToken());
    }
    io.quorate.raft.wire.Rejoined m = header.getRejoined();
    return new RaftMessage.Rejoined(number(m.getTerm()), m.getToken(), number(m.getIndex()));
  }

  private static RaftMessage vote(Header header) {
    if (header.hasPreVote()) {
      io.quorate.raft.wire.PreVote m = header.getPreVote();
      return new RaftMessage.PreVote(
          number(m.getTerm()), m.getRound(), number(m.getLastIndex()), number(m.getLastTerm()));
    }
    if (header.hasPreVoteReply()) {
      io.quorate.raft.wire.PreVoteReply m = header.getPreVoteReply();
      return new RaftMessage.PreVoteReply(
          number(m.getTerm()), m.getRound(), Answer.of(m.getAnswer()));
    }
    if (header.hasRequestVote()) {
      io.quorate.raft.wire.RequestVote m = header.getRequestVote();
      return new RaftMessage.RequestVote(
          number(m.getTerm()), number(m.getLastIndex()), number(m.getLastTerm()), m.getHanded());
    }
    if (header.hasTimeoutNow()) {
      io.quorate.raft.wire.TimeoutNow m = header.getTimeoutNow();
      return new RaftMessage.TimeoutNow(number(m.getTerm()), m.getReleased());
    }
    io.quorate.raft.wire.VoteReply m = header.getVoteReply();
    return new RaftMessage.VoteReply(
        number(m.getTerm()), number(m.getElection()), Answer.of(m.getAnswer()));
  }

  private static RaftMessage.Append append(io.quorate.raft.wire.Append m, ByteBuffer values) {
    int count = m.getEntryTermsCount();
    if (m.getEntryKindsCount() != count
        || m.getEntryLengthsCount() != count
        || m.getEntryCrcsCount() != count) {
      throw new IllegalArgumentException("an Append whose lists differ in length");
    }
    long prev = number(m.getPrevIndex());
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += Integer.toUnsignedLong(m.getEntryLengths(i));
    }
    if (bytes != values.remaining()) {
      throw new IllegalArgumentException(
          "an Append that announces " + bytes + " bytes and brings " + values.remaining());
    }
    if (prev > Long.MAX_VALUE - count - 1 || (count > 0 && m.getEpoch() <= 0)) {
      throw new IllegalArgumentException("an Append to no place in a log");
    }
    List<Entry> entries = new ArrayList<>(count);
    ByteBuffer rest = values.slice();
    for (int i = 0; i < count; i++) {
      int end = rest.position() + m.getEntryLengths(i);
      Payload value = Payload.received(rest.duplicate().limit(end), m.getEntryCrcs(i));
      rest.position(end);
      entries.add(
          new Entry(
              m.getEpoch(),
              prev + 1 + i,
              Entry.Kind.of(m.getEntryKinds(i)),
              new Stamp(number(m.getEntryTerms(i)), 0),
              value));
    }
    return new RaftMessage.Append(
        number(m.getTerm()),
        number(m.getSession()),
        prev,
        number(m.getPrevTerm()),
        entries,
        number(m.getCommit()),
        number(m.getRound()));
  }

  static byte[] encodeRecord(RaftRecord record) {
    Record.Builder out = Record.newBuilder().setTerm(record.term());
    Member votedFor = record.votedFor();
    if (votedFor != null) {
      out.setVoteId(votedFor.id()).setVoteIncarnation(votedFor.incarnation());
    }
    return out.build().toByteArray();
  }

  /**
   * The reverse of {@link #encodeRecord}.
   *
   * @throws IllegalArgumentException if the bytes are no record
   */
  static RaftRecord decodeRecord(byte[] bytes) {
    Record record;
    try {
      record = Record.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not the saved record of a Raft engine", e);
    }
    if (record.getVoteId() < 0) {
      throw new IllegalArgumentException("a saved vote for member " + record.getVoteId());
    }
    return new RaftRecord(
        number(record.getTerm()),
        record.getVoteId() == 0
            ? null
            : new Member(record.getVoteId(), record.getVoteIncarnation()));
  }

  /** Indexes, terms, sessions and rounds are never negative. */
  private static long number(long told) {
    if (told < 0) {
      throw new IllegalArgumentException("a Raft message with the number " + told);
    }
    return told;
  }
}
