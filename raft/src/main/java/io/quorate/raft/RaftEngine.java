package io.quorate.raft;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.Attended;
import io.quorate.raft.RaftMessage.Copy;
import io.quorate.raft.RaftMessage.CopyRequest;
import io.quorate.raft.RaftMessage.InstallSnapshot;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.ReadIndex;
import io.quorate.raft.RaftMessage.ReadIndexReply;
import io.quorate.raft.RaftMessage.Rejoin;
import io.quorate.raft.RaftMessage.Rejoined;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.TimeoutNow;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Formation;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.Timing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica's Raft: levels terms, and hands every input to its {@link Voting} or to the role of
 * the moment. Holds what outlives a role: term and vote, log position, commit index.
 */
/* Dissertation, chapter 3; pre-vote §9.6, check-quorum §6.2, the leader's disk in parallel §10.2.1,
 * ReadIndex §6.4. Three rules carry the engine:
 *
 * - Terms are levelled before dispatch (Figure 3.1, "Rules for Servers"), so a role only ever sees
 *   its own term. Two messages do not level: a pre-vote (E5), and a RequestVote while a leader is
 *   heard (§4.2.3).
 * - ID1: a testimony leaves in durable(ticket), if the term is then still the one that it was issued
 *   under. A term that was merely heard of is gated in the same way: before its record is durable no
 *   Append is acknowledged in it.
 * - Only durable positions are told, only written ones are compared in votes (D11).
 *
 * Damage on disk (D8, D9) changes none of them. An entry with a damaged value is held, for votes, and
 * not durable: {@link Repair} gets it back. Without its record a replica testifies to nothing: see
 * {@link Rejoining}.
 */
final class RaftEngine implements Engine<RaftMessage> {
  static final long IDLE_NANOS = 3_600_000_000_000L;

  final Timing timing;
  final Formation formation;
  final RaftLog log;
  private final Member self;
  private final Repair repair;

  private final Voting voting;
  private @Nullable Member leaderOfTerm;

  private long commit;
  private Role role;
  private long now;
  private boolean stalled;
  private boolean leaderLost;
  private long leaderLostAt;
  private long nextToken;

  private int toldLeader = -1;
  private long toldTerm;
  private @Nullable Member stranger;

  RaftEngine(Setup setup, Timing timing) {
    this.timing = timing;
    self = setup.self();
    formation = new Formation(setup);
    log = new RaftLog(setup.epoch(), setup.log(), formation);
    Check.that(
        formation.isFounded() || log.last() == 0 || log.isFaulty(1),
        "a log begins with the founding entry",
        log.last(),
        0);
    voting = new Voting(this, setup);
    nextToken = timing.firstToken();
    role = new Follower(this, 0, 0);
    repair = new Repair(this);
  }

  // ---- inputs ----

  /** A replica restarts as a follower, whatever it was (E18). */
  @Override
  public void start(long now, Effects<RaftMessage> out) {
    this.now = now;
    role = new Follower(this, now, now + timing.electionNanos());
    if (formation.voters() == 1 && mayStand()) {
      campaign(now, out);
    }
    repair.begin(now, out);
    announce(out);
  }

  @Override
  public void tick(long now, Effects<RaftMessage> out) {
    this.now = now;
    role.tick(now, out);
    repair.tick(now, out);
    announce(out);
  }

  @Override
  public long deadline() {
    return Math.min(Math.min(role.deadline() - now, IDLE_NANOS), repair.patience(now)) + now;
  }

  @Override
  public void receive(long now, Member from, RaftMessage message, Effects<RaftMessage> out) {
    this.now = now;
    if (formation.placeOf(from) < 0 || from.id() == self.id()) {
      stranger = from;
      return;
    }
    if (message instanceof PreVote request) {
      voting.onPreVote(from, request, out);
    } else if (message instanceof RequestVote request) {
      voting.onRequestVote(from, request, out);
    } else if (message instanceof CopyRequest request) {
      repair.onCopyRequest(from, request, out);
    } else if (message instanceof Copy copy) {
      repair.onCopy(now, copy.entry(), out);
    } else {
      if (message.term() > term()) {
        adopt(message.term(), message instanceof PreVoteReply, out);
        voting.save(out);
      }
      if (message.term() == term()) {
        dispatch(from, message, out);
      } else {
        onOldTerm(from, message, out);
      }
    }
    announce(out);
  }

  @Override
  public void propose(long now, Payload value, Effects<RaftMessage> out) {
    this.now = now;
    Check.that(role instanceof Leader leader && leader.isOpen(), "only an open leader proposes");
    ((Leader) role).propose(value, out);
    announce(out);
  }

  @Override
  public void read(long now, long id, Effects<RaftMessage> out) {
    this.now = now;
    role.read(now, id, out);
  }

  /** The only place where this replica testifies to what it has written (ID1). */
  @Override
  public void durable(long now, long ticket, Effects<RaftMessage> out) {
    this.now = now;
    log.disk().durable(ticket);
    voting.durable(out);
    role.durable(now, out);
    announce(out);
  }

  @Override
  public void fetched(long now, int to, List<Entry> entries, Effects<RaftMessage> out) {
    this.now = now;
    repair.fetched(now, to, entries, out);
    if (role instanceof Leader leader) {
      leader.fetched(to, entries, out);
    }
  }

  @Override
  public void configured(List<Entry> configurations) {
    formation.configured(configurations);
  }

  /** What is in a snapshot is committed, and need not be said to be so. */
  @Override
  public void rebased(long now, boolean continued, Effects<RaftMessage> out) {
    this.now = now;
    Check.that(
        log.base() <= commit || !(role instanceof Leader),
        "IR4 a leader has all that is committed");
    Check.that(
        continued || log.base() > commit,
        "a snapshot agrees with what is committed",
        log.base(),
        commit);
    log.rebased(continued, out);
    commit = Math.max(commit, log.base());
    role.durable(now, out);
    announce(out);
  }

  /** D10: a leader goes on, and counts its own copy no further than up to there. */
  @Override
  public void damaged(long now, long index, Effects<RaftMessage> out) {
    this.now = now;
    log.disk().damaged(index);
    if (role instanceof Candidate) {
      retreat(now + timing.electionNanos(), out);
    }
    repair.begin(now, out);
    announce(out);
  }

  @Override
  public void peerLost(long now, int member, Effects<RaftMessage> out) {
    this.now = now;
    role.peerLost(now, member, out);
    announce(out);
  }

  /**
   * D6: without a disk a leader can neither hold what it proposes nor count its own copy. It leaves
   * office as one that has lost its quorum does, in the same term, and nobody hears it any more.
   */
  @Override
  public void storageStalled(long now, boolean stalled, Effects<RaftMessage> out) {
    this.now = now;
    this.stalled = stalled;
    if (stalled && !(role instanceof Follower)) {
      retreat(now + timing.electionNanos(), out);
    }
    announce(out);
  }

  @Override
  public void transfer(long now, int target, Effects<RaftMessage> out) {
    this.now = now;
    role.transfer(now, target, out);
    announce(out);
  }

  @Override
  public long wanted() {
    return role.wanted();
  }

  @Override
  public Status status() {
    List<String> findings = new ArrayList<>();
    if (!formation.hasVote()) {
      String why = formation.whyNot(self);
      findings.add("this replica has no vote: " + (why == null ? "it was not named" : why));
    }
    repair.findings(findings);
    voting.findings(findings);
    role.findings(now, findings);
    if (stranger != null) {
      String why = formation.whyNot(stranger);
      if (why != null) {
        findings.add("messages are ignored: " + why);
      }
    }
    return new Status(
        role.name(), role.leader(), new Stamp(term(), 0), commit, log.disk().position(), findings);
  }

  // ---- terms and roles ----

  private void dispatch(Member from, RaftMessage message, Effects<RaftMessage> out) {
    Check.that(message.term() == term(), "IR1 terms are levelled before dispatch");
    if (message instanceof Append append) {
      recognise(from, out).onAppend(now, from, append, out);
    } else if (message instanceof InstallSnapshot install) {
      recognise(from, out).onInstallSnapshot(now, from, install, out);
    } else if (message instanceof Appended reply) {
      role.onAppended(now, from, reply, out);
    } else if (message instanceof Attended reply) {
      role.onAttended(now, from, reply, out);
    } else if (message instanceof AppendRefused reply) {
      role.onAppendRefused(now, from, reply, out);
    } else if (message instanceof VoteReply reply) {
      role.onVoteReply(now, from, reply, out);
    } else if (message instanceof PreVoteReply reply) {
      role.onPreVoteReply(now, from, reply, out);
    } else if (message instanceof Rejoin request) {
      role.onRejoin(now, from, request, out);
    } else if (message instanceof Rejoined reply) {
      voting.onRejoined(reply);
    } else if (message instanceof TimeoutNow handing) {
      recognise(from, out);
      takeOver(handing.released(), out);
    } else if (message instanceof ReadIndex request) {
      role.onReadIndex(now, from, request, out);
    } else if (message instanceof ReadIndexReply reply) {
      role.onReadIndexReply(now, from, reply, out);
    } else {
      throw new AssertionError(message);
    }
  }

  /** Requests of an older term are answered with ours (§3.3), answers of an older term are void. */
  private void onOldTerm(Member from, RaftMessage message, Effects<RaftMessage> out) {
    long term = term();
    Check.that(message.term() < term, "IR1 only an older term is left", message.term(), term);
    if (message instanceof Append append) {
      // Of no session (R6): by the time it arrives, the sender may lead our term, in one so
      // numbered.
      out.send(from.id(), new AppendRefused(term, 0, append.prevIndex(), 0, 0, 0, 0));
    } else if (message instanceof InstallSnapshot install) {
      out.send(from.id(), new AppendRefused(term, 0, install.lastIndex(), 0, 0, 0, 0));
    } else if (message instanceof ReadIndex request) {
      out.send(from.id(), new ReadIndexReply(term, request.token(), false, 0));
    } else if (message instanceof PreVoteReply reply) {
      role.onPreVoteReply(now, from, reply, out);
    } else if (message instanceof VoteReply reply) {
      role.onVoteReply(now, from, reply, out);
    }
  }

  /** Figure 3.1: who hears of a higher term takes it over and follows. The caller saves it. */
  void adopt(long higher, boolean soon, Effects<RaftMessage> out) {
    long deadline = now + (soon ? timing.retryNanos() : timing.electionNanos());
    if (role instanceof Follower && role.deadline() - deadline < 0) {
      deadline = role.deadline();
    }
    leaderOfTerm = null;
    voting.adopt(higher);
    become(new Follower(this, now, deadline), out);
  }

  /** Opens a new term with the own vote in it; it may be told when {@link #isRecordDurable}. */
  void standForElection(Effects<RaftMessage> out) {
    leaderOfTerm = null;
    voting.stand(out);
  }

  /** The sender leads this term: nobody else does, and this replica follows (§3.4; R20). */
  private Follower recognise(Member from, Effects<RaftMessage> out) {
    Check.that(leaderOfTerm == null || leaderOfTerm.equals(from), "IR1 one leader a term (R20)");
    leaderOfTerm = from;
    leaderLost = false;
    if (!(role instanceof Follower)) {
      Check.that(!(role instanceof Leader), "IR1 a leader hears of no other in its term (R20)");
      become(new Follower(this, now, now + timing.electionNanos()), out);
    }
    return (Follower) role;
  }

  /**
   * Only a voter stands (E13), with a disk that can hold its vote (D6), with all that its log says
   * that it holds (D8), and only if it knows of its earlier votes (D9).
   */
  boolean mayStand() {
    return formation.hasVote()
        && !stalled
        && testifies()
        && log.firstFaulty() == LogView.NONE_FAULTY;
  }

  /** §3.10: the leader wants this replica to follow it in office; nobody has to be asked before. */
  private void takeOver(boolean released, Effects<RaftMessage> out) {
    if (mayStand()) {
      Candidate candidate = new Candidate(this);
      become(candidate, out);
      candidate.takeOver(now, released, out);
    }
  }

  /** Starts a pre-vote. */
  void campaign(long now, Effects<RaftMessage> out) {
    Check.that(mayStand(), "only a voter stands for election (E13), with an intact disk (D8, D9)");
    Candidate candidate = new Candidate(this);
    become(candidate, out);
    candidate.begin(now, out);
  }

  /** Back to following, in the same term and with the vote spent (E4). */
  void retreat(long deadline, Effects<RaftMessage> out) {
    become(new Follower(this, now, deadline), out);
  }

  /**
   * The election is won.
   *
   * @param released whether the leader of the term before has given its lease back, to this one
   */
  void lead(long[] voted, boolean released, Effects<RaftMessage> out) {
    Check.that(leaderOfTerm == null, "IR1 one leader a term");
    Check.that(voting.isFor(self) && isRecordDurable(), "ID1 the own vote is durable (E2)");
    leaderOfTerm = self;
    Leader leader = new Leader(this, now, released);
    become(leader, out);
    leader.begin(voted, out);
  }

  private void become(Role next, Effects<RaftMessage> out) {
    role.leave(out);
    role = next;
  }

  private void announce(Effects<RaftMessage> out) {
    int leader = role.leader();
    if (leader != toldLeader || term() != toldTerm) {
      toldLeader = leader;
      toldTerm = term();
      out.leader(leader, new Stamp(toldTerm, 0));
    }
  }

  // ---- what the roles share ----

  long now() {
    return now;
  }

  long term() {
    return voting.term();
  }

  Role role() {
    return role;
  }

  Member self() {
    return self;
  }

  long commit() {
    return commit;
  }

  /** Whether term and vote, as they are now, are durable. */
  boolean isRecordDurable() {
    return voting.isDurable();
  }

  /** Whether it may vote and acknowledge: not while it does not know what it has said before. */
  boolean testifies() {
    return voting.testifies();
  }

  Rejoining rejoining() {
    return voting.rejoining();
  }

  /** D9: the others have gone on without it. */
  void rejoin(Member leader, Effects<RaftMessage> out) {
    voting.rejoin(leader, out);
  }

  /** Whether the connection to the leader broke less than an election timeout ago. */
  boolean hasHint(long now) {
    return leaderLost && now - leaderLostAt < timing.electionTimeoutNanos();
  }

  void hint(long now) {
    leaderLost = true;
    leaderLostAt = now;
  }

  /** A number that no other round or read of this replica, in any of its lives, carries (Q2). */
  long token() {
    return nextToken++;
  }

  void commitTo(long index, Effects<RaftMessage> out) {
    Check.that(index <= log.last(), "R15 only what is held is committed", index, log.last());
    long whole = Math.min(index, log.firstFaulty() - 1);
    if (whole > commit) {
      commit = whole;
      out.commit(whole);
    }
  }
}
