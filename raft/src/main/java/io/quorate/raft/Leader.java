package io.quorate.raft;

import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.ReadIndex;
import io.quorate.raft.RaftMessage.ReadIndexReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.LeaderLease;
import io.quorate.spi.LeaderReads;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Quorum;
import io.quorate.spi.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads its term (§3.5, §3.6): replicates, commits, confirms reads, and resigns without a quorum.
 */
final class Leader implements Role, LeaderReads.Leader<RaftMessage> {
  private final RaftEngine raft;
  private final long term;
  private final @Nullable Progress[] followers;
  private final long[] scratch;
  private final Replication replication;
  private final long termStart;
  private final LeaderLease lease;
  private final LeaderReads<RaftMessage> reads;
  private boolean open;
  private @Nullable Transfer transfer;
  private long heartbeatAt;
  private long quorumCheckAt;

  /**
   * Has just won.
   *
   * @param released whether the leader of the term before has given its lease back, to this one
   */
  Leader(RaftEngine raft, long now, boolean released) {
    this.raft = raft;
    term = raft.term();
    termStart = raft.log.last() + 1;
    boolean spared = released || !raft.formation.isFounded(); // Nobody has committed anything yet.
    lease = new LeaderLease(raft.formation.leaseMillis(), now, spared);
    replication = new Replication(raft, now);
    followers = replication.followers();
    scratch = new long[followers.length];
    reads = new LeaderReads<>(this, lease, scratch.length, raft.formation.placeOf(raft.self()));
    heartbeatAt = now + raft.timing.heartbeatNanos();
    quorumCheckAt = now + raft.timing.electionTimeoutNanos();
  }

  /** The first entries of the term: FOUNDING where there is none, and LEAD, which R1 rests on. */
  void begin(long[] voted, Effects<RaftMessage> out) {
    open = raft.log.provesFormation();
    if (!raft.formation.isFounded()) {
      Check.that(raft.log.last() == 0, "a log begins with the founding entry");
      Entry founding = raft.formation.found(raft.log.epoch(), new Stamp(term, 0), voted);
      raft.log.write(founding, out);
    }
    appendLead(out);
    replication.all(out);
  }

  private void appendLead(Effects<RaftMessage> out) {
    Payload value = new Lead(raft.log.epoch(), new Stamp(term, 0)).encode();
    raft.log.append(term, Entry.Kind.LEAD, value, out);
  }

  @Override
  public String name() {
    return "leader";
  }

  /**
   * Nobody before all founding voters hold the FOUNDING entry, nor while it hands over: nothing may
   * be proposed then.
   */
  @Override
  public int leader() {
    return isOpen() ? raft.self().id() : 0;
  }

  boolean isOpen() {
    return open && transfer == null;
  }

  /** It hears itself: a leader without a quorum resigns. */
  @Override
  public boolean hearsLeader(long now) {
    return true;
  }

  // ---- time ----

  @Override
  public long deadline() {
    long first = quorumCheckAt - heartbeatAt < 0 ? quorumCheckAt : heartbeatAt;
    if (lease.isWaiting() && lease.waitEnd() - first < 0) {
      first = lease.waitEnd();
    }
    Transfer handing = transfer;
    return handing != null && handing.deadline() - first < 0 ? handing.deadline() : first;
  }

  @Override
  public void tick(long now, Effects<RaftMessage> out) {
    if (now - quorumCheckAt >= 0) {
      long heardAt = now + quorumHeard(now);
      quorumCheckAt = heardAt + raft.timing.electionTimeoutNanos();
      if (now - quorumCheckAt >= 0) {
        raft.retreat(now + raft.timing.electionNanos(), out);
        return;
      }
    }
    Transfer handing = transfer;
    if (handing != null && now - handing.deadline() >= 0) {
      transfer = null;
      out.transferFailed(
          "member " + handing.target() + " did not take over within an election timeout");
    }
    if (lease.passes(now)) {
      advance(out);
    }
    if (now - heartbeatAt >= 0) {
      heartbeatAt = now + raft.timing.heartbeatNanos();
      reads.renewLease(now, out);
      heartbeats(out);
      advanceTransfer(true, out);
    }
  }

  // ---- transfer (§3.10) ----

  /** A4: a target that is away or far behind is refused, and none is waited for for long. */
  @Override
  public void transfer(long now, int target, Effects<RaftMessage> out) {
    Transfer handing = transfer;
    Progress chosen = Transfer.choose(raft, followers, target, now);
    if (handing != null) {
      out.transferFailed("member " + handing.target() + " is about to take over");
    } else if (!open) {
      out.transferFailed("the group is not formed");
    } else if (chosen == null) {
      out.transferFailed(
          target == 0
              ? "no other voter is here and has caught up"
              : "member " + target + " is no other voter that is here and has caught up");
    } else {
      transfer = new Transfer(raft, chosen, now, lease.release());
      advanceTransfer(true, out);
    }
  }

  private void advanceTransfer(boolean again, Effects<RaftMessage> out) {
    Transfer handing = transfer;
    if (handing != null) {
      handing.advance(again, out);
    }
  }

  /** When a quorum, this replica included, was last heard; relative to now, 0 or less. */
  private long quorumHeard(long now) {
    for (int i = 0; i < followers.length; i++) {
      Progress follower = followers[i];
      scratch[i] = follower == null ? 0 : follower.heardAt - now;
    }
    return Quorum.reached(scratch);
  }

  // ---- replication ----

  /** §3.5: written and sent at once; the own disk works beside the followers' (§10.2.1). */
  void propose(Payload value, Effects<RaftMessage> out) {
    replication.send(raft.log.append(term, Entry.Kind.BATCH, value, out), out);
  }

  /** Entries from disk. */
  void fetched(int to, List<Entry> entries, Effects<RaftMessage> out) {
    replication.fetched(to, entries, out);
  }

  /** For check-quorum the member has the time that is left. */
  @Override
  public void peerLost(long now, int member, Effects<RaftMessage> out) {
    replication.lost(member);
  }

  @Override
  public long wanted() {
    return replication.wanted();
  }

  @Override
  public void onAppended(long now, Member from, Appended reply, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, reply.round(), out);
    if (reply.session() != follower.session()) {
      return;
    }
    Check.that(
        reply.written() <= raft.log.last(), "IR3 nobody holds more of this term than its leader");
    if (follower.acknowledged(reply.match(), reply.written())) {
      advance(out);
      advanceTransfer(false, out);
    }
    replication.more(follower, out);
  }

  /** D9: it is brought up, and counts for nothing. */
  @Override
  public void onAttended(
      long now, Member from, RaftMessage.Attended reply, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, 0, out);
    if (reply.session() == follower.session()) {
      follower.attended(reply.match(), reply.written());
      replication.more(follower, out);
    }
  }

  @Override
  public void onAppendRefused(
      long now, Member from, AppendRefused reply, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, reply.round(), out);
    if (reply.session() == follower.session()) {
      replication.refused(follower, reply, out);
    }
  }

  /** D9: an entry that is committed from now on is held by a quorum without that member. */
  @Override
  public void onRejoin(
      long now, Member from, RaftMessage.Rejoin request, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, 0, out);
    if (follower.rejoinToken != request.token()) {
      appendLead(out);
      follower.rejoinToken = request.token();
      follower.rejoinIndex = raft.log.last();
      replication.all(out);
    }
    out.send(from.id(), new RaftMessage.Rejoined(term, request.token(), follower.rejoinIndex));
  }

  private Progress heard(long now, Member from, long round, Effects<RaftMessage> out) {
    int place = raft.formation.placeOf(from);
    Progress follower = followers[place];
    if (follower == null) {
      throw new AssertionError(from);
    }
    follower.heardAt = now;
    reads.repeated(now, place, round, out);
    return follower;
  }

  // ---- commit ----

  /** The own vote for an entry: its copy is durable. */
  @Override
  public void durable(long now, Effects<RaftMessage> out) {
    advance(out);
    advanceTransfer(false, out);
  }

  /**
   * §3.6.2 (R1): by counting only entries of the own term; what stands before comes with them. Not
   * while another leader may answer reads by its lease, whatever is counted.
   */
  private void advance(Effects<RaftMessage> out) {
    long least = raft.log.disk().position();
    for (int i = 0; i < followers.length; i++) {
      Progress follower = followers[i];
      scratch[i] = follower == null ? raft.log.disk().position() : follower.match();
      least = Math.min(least, scratch[i]);
    }
    if (!open && least >= 1) {
      completeFormation(out);
    }
    long reached = Quorum.reached(scratch);
    if (reached > raft.commit() && raft.log.termAt(reached) == term && !lease.isWaiting()) {
      Check.that(reached >= termStart, "IR3 a term's entries stand together", reached, termStart);
      raft.commitTo(reached, out);
      reads.begin(raft.now(), out);
    }
  }

  /**
   * All founding voters hold FOUNDING. A second LEAD says so to later leaders ({@link
   * RaftLog#provesFormation}): else a group that was formed and has no command yet could not
   * replace its leader while one member is away.
   */
  private void completeFormation(Effects<RaftMessage> out) {
    open = true;
    if (!raft.log.provesFormation()) {
      appendLead(out);
      replication.all(out);
    }
  }

  // ---- reads (§6.4) ----

  @Override
  public void read(long now, long id, Effects<RaftMessage> out) {
    reads.read(now, id, out);
  }

  @Override
  public void onReadIndex(long now, Member from, ReadIndex request, Effects<RaftMessage> out) {
    reads.asked(now, from.id(), request.token(), request.confirms(), out);
  }

  @Override
  public boolean knowsCommit() {
    return raft.commit() >= termStart;
  }

  @Override
  public long commit() {
    return raft.commit();
  }

  @Override
  public void heartbeats(Effects<RaftMessage> out) {
    replication.heartbeats(reads.round(), out);
  }

  @Override
  public void answer(int to, long token, boolean confirmed, long index, Effects<RaftMessage> out) {
    out.send(to, new ReadIndexReply(term, token, confirmed, index));
  }

  @Override
  public void leave(Effects<RaftMessage> out) {
    reads.fail(out);
  }

  @Override
  public void findings(long now, List<String> findings) {
    lease.findings(now, findings);
    for (Progress follower : followers) {
      if (follower == null) {
        continue;
      }
      if (!open && follower.match() == 0) {
        findings.add(
            "the group is not formed: founding member "
                + follower.id()
                + " does not hold the founding entry durably yet");
      }
      if (now - follower.heardAt >= raft.timing.electionTimeoutNanos()) {
        long silent = (now - follower.heardAt) / 1_000_000;
        findings.add("member " + follower.id() + " has not answered for " + silent + " ms");
      }
      if (follower.hasLost) {
        findings.add(
            "member "
                + follower.id()
                + " has lost entries that it had acknowledged: it has to be replaced");
      }
    }
    if (!open && raft.log.disk().position() == 0) {
      findings.add("the group is not formed: the own disk has not made the founding entry durable");
    }
  }
}
