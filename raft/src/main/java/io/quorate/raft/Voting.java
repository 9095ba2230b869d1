package io.quorate.raft;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.Rejoined;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine.Setup;
import io.quorate.spi.Member;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The term of a replica and its one vote in it (§3.4), and whether both are durable (ID1). */
final class Voting {
  private final RaftEngine raft;

  private long term;
  private @Nullable Member votedFor;
  private long recordTicket;
  private boolean recordDirty;
  private boolean grantWaits;
  private @Nullable Rejoining rejoining;

  /** As the disk remembers. */
  Voting(RaftEngine raft, Setup setup) {
    this.raft = raft;
    byte[] saved = setup.saved();
    RaftRecord record = saved == null ? RaftRecord.NONE : RaftCodec.decodeRecord(saved);
    // An entry above the term: the record was lost in the life before, and is there again.
    // Or a snapshot was durable before the term of the leader that had it brought.
    long least = Math.max(raft.log.lastTerm(), raft.log.termAt(raft.log.base()));
    boolean lost = setup.savedLost() || least > record.term();
    term = Math.max(least, record.term());
    votedFor = lost ? null : record.votedFor();
    rejoining = lost ? new Rejoining(raft) : null;
  }

  long term() {
    return term;
  }

  /** Whether the vote of this term is that member's. */
  boolean isFor(Member candidate) {
    return candidate.equals(votedFor);
  }

  // ---- requests ----

  /** §9.6: would I vote for it? Changes nothing here but, at most, how soon I stand myself. */
  void onPreVote(Member from, PreVote request, Effects<RaftMessage> out) {
    Answer answer;
    if (!testifies()) {
      answer = Answer.RECORD_LOST;
    } else if (request.term() < term) {
      answer = Answer.TERM_OLDER;
    } else if (hearsAnother(from)) {
      answer = Answer.LEADER_HEARD;
    } else if (raft.log.isNewerThan(request.lastTerm(), request.lastIndex())) {
      answer = Answer.LOG_OLDER;
    } else {
      answer = Answer.GRANTED;
    }
    out.send(from.id(), new PreVoteReply(term, request.round(), answer));
    if (answer == Answer.GRANTED) {
      raft.role().granted(raft.now(), from, request, out);
    }
  }

  /** §3.4, §3.6.1: one vote a term, and never for a log older than ours. */
  void onRequestVote(Member from, RequestVote request, Effects<RaftMessage> out) {
    if (!testifies()) {
      out.send(from.id(), new VoteReply(term, request.term(), Answer.RECORD_LOST));
      return;
    }
    if (request.term() > term) {
      if (hearsAnother(from) && !request.handed()) {
        out.send(from.id(), new VoteReply(term, request.term(), Answer.LEADER_HEARD));
        return;
      }
      raft.adopt(request.term(), false, out);
    }
    Answer answer;
    if (request.term() < term) {
      answer = Answer.TERM_OLDER;
    } else if (votedFor != null && !votedFor.equals(from)) {
      answer = Answer.VOTE_SPENT;
    } else if (raft.log.isNewerThan(request.lastTerm(), request.lastIndex())) {
      answer = Answer.LOG_OLDER;
    } else {
      answer = Answer.GRANTED;
    }
    if (answer == Answer.GRANTED) {
      grant(from, out);
    } else {
      save(out);
      out.send(from.id(), new VoteReply(term, request.term(), answer));
    }
  }

  /** §4.2.3; who asks for votes leads no more, however lately it was heard (E9). */
  private boolean hearsAnother(Member asking) {
    return raft.role().hearsLeader(raft.now()) && raft.role().leader() != asking.id();
  }

  /** ID1: the grant leaves in {@link #durable}, if the term is then still this one. */
  private void grant(Member candidate, Effects<RaftMessage> out) {
    Check.that(votedFor == null || votedFor.equals(candidate), "IR7 one vote a term");
    if (votedFor != null && isDurable()) {
      out.send(candidate.id(), new VoteReply(term, term, Answer.GRANTED));
      return;
    }
    if (votedFor == null) {
      votedFor = candidate;
      recordDirty = true;
    }
    grantWaits = true;
    save(out);
  }

  /** What had to be durable for may be: a grant that waits for it leaves. */
  void durable(Effects<RaftMessage> out) {
    Member candidate = votedFor;
    if (grantWaits && isDurable() && candidate != null) {
      grantWaits = false;
      if (raft.role() instanceof Follower follower) {
        follower.voted(raft.now());
      }
      out.send(candidate.id(), new VoteReply(term, term, Answer.GRANTED));
    }
  }

  // ---- term and record ----

  /** Takes over a term, with the vote in it unspent. The caller saves it. */
  void adopt(long higher) {
    Check.that(higher > term, "IR8 a term never decreases", higher, term);
    term = higher;
    votedFor = null;
    grantWaits = false;
    recordDirty = true;
  }

  /** Opens a new term with the own vote in it; it may be told when {@link #isDurable}. */
  void stand(Effects<RaftMessage> out) {
    adopt(term + 1);
    votedFor = raft.self();
    save(out);
  }

  void save(Effects<RaftMessage> out) {
    if (recordDirty && testifies()) {
      recordDirty = false;
      recordTicket = out.save(RaftCodec.encodeRecord(new RaftRecord(term, votedFor)));
      raft.log.disk().saved(recordTicket);
    }
  }

  /** Whether term and vote, as they are now, are durable. */
  boolean isDurable() {
    return testifies() && !recordDirty && raft.log.disk().covers(recordTicket);
  }

  // ---- a record that was lost (D9) ----

  /** Whether it may vote and acknowledge: not while it does not know what it has said before. */
  boolean testifies() {
    return rejoining == null;
  }

  Rejoining rejoining() {
    return Objects.requireNonNull(rejoining);
  }

  void onRejoined(Rejoined reply) {
    if (rejoining != null) {
      rejoining.onRejoined(reply);
    }
  }

  /** The others have gone on without it. It goes on in this term, with its vote spent. */
  void rejoin(Member leader, Effects<RaftMessage> out) {
    rejoining = null;
    votedFor = leader;
    recordDirty = true;
    save(out);
  }

  void findings(List<String> findings) {
    if (rejoining != null) {
      rejoining.findings(findings);
    }
  }
}
