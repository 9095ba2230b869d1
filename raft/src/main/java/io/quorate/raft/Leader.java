package io.quorate.raft;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.InstallSnapshot;
import io.quorate.raft.RaftMessage.ReadIndex;
import io.quorate.raft.RaftMessage.ReadIndexReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.LeaderLease;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.Quorum;
import io.quorate.spi.ReadRounds;
import io.quorate.spi.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads its term (§3.5, §3.6): replicates, commits, confirms reads, and resigns without a quorum.
 */
/* Heartbeats carry prev = next - 1, the last entry that the follower should have: whatever was lost
 * on the way, or on its disk, shows as a refusal within one heartbeat (R8), so nothing is resent on a
 * guess and a slow disk is not taken for a loss. They are acknowledged at once, with what is durable.
 */
final class Leader implements Role {
  /** How much one Append carries; a larger entry travels alone. */
  static final int APPEND_BYTES = 1 << 20;

  private final RaftEngine raft;
  private final long term;
  private final @Nullable Progress[] followers;
  private final long[] scratch;
  private final ReadRounds reads = new ReadRounds();
  private final long termStart;
  private final LeaderLease lease;
  private long sessions;
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
    followers = new Progress[raft.formation.voters()];
    scratch = new long[followers.length];
    for (int i = 0; i < followers.length; i++) {
      int id = raft.formation.idAt(i);
      if (id != raft.self().id()) {
        followers[i] = new Progress(id, raft.log.last() + 1, ++sessions, now);
      }
    }
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
    replicateAll(out);
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
      renewLease(out);
      heartbeats(out);
      advanceTransfer(true, out);
    }
  }

  /** Who is so far behind that it is read for from disk wants nothing. */
  @Override
  public long wanted() {
    long least = Engine.NOTHING;
    for (Progress follower : followers) {
      long lacked = follower == null ? Engine.NOTHING : follower.match() + 1;
      boolean held = lacked > raft.log.base() && lacked <= raft.log.last();
      if (held && raft.log.resident(lacked) != null) {
        least = Math.min(least, lacked);
      }
    }
    return least;
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

  private void heartbeats(Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower != null && isBelowBase(follower)) {
        install(follower, out);
      } else if (follower != null) {
        send(follower, List.of(), out);
      }
    }
  }

  /** Whether the next entry that the follower lacks is in the log no longer. */
  private boolean isBelowBase(Progress follower) {
    return follower.next() <= raft.log.base();
  }

  /** §5: what it needs is in a snapshot only. */
  private void install(Progress follower, Effects<RaftMessage> out) {
    out.send(
        follower.id(),
        new InstallSnapshot(term, follower.session(), raft.log.base(), reads.round()));
  }

  /** What was on its way is lost; for check-quorum the member has the time that is left. */
  @Override
  public void peerLost(long now, int member, Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower != null && follower.id() == member) {
        follower.probe(Math.max(follower.match(), raft.log.base()) + 1, ++sessions);
      }
    }
  }

  // ---- replication ----

  /** §3.5: written and sent at once; the own disk works beside the followers' (§10.2.1). */
  void propose(Payload value, Effects<RaftMessage> out) {
    Entry entry = raft.log.append(term, Entry.Kind.BATCH, value, out);
    List<Entry> alone = List.of(entry);
    for (Progress follower : followers) {
      if (follower == null) {
        continue;
      }
      if (follower.next() == entry.index() && !follower.isProbing() && follower.hasRoom()) {
        send(follower, alone, out);
        follower.sent(entry.index(), entry.weight());
      } else {
        replicate(follower, out);
      }
    }
  }

  /** Sends what the follower lacks, as far as its window reaches. */
  private void replicate(Progress follower, Effects<RaftMessage> out) {
    if (isBelowBase(follower)) {
      return; // Each heartbeat says so.
    }
    while (follower.hasRoom() && (follower.isProbing() || follower.next() <= raft.log.last())) {
      List<Entry> entries = new ArrayList<>();
      long next = follower.next();
      long bytes = 0;
      while (next <= raft.log.last()) {
        Entry entry = raft.log.resident(next);
        if (entry == null || (bytes > 0 && bytes + entry.weight() > APPEND_BYTES)) {
          break;
        }
        entries.add(entry);
        bytes += entry.weight();
        next++;
      }
      if (entries.isEmpty() && next <= raft.log.last()) {
        if (!raft.log.isFaulty(next) && follower.startFetch()) {
          out.fetch(follower.id(), next, APPEND_BYTES);
        }
        return;
      }
      send(follower, entries, out);
      follower.sent(next - 1, (int) bytes);
    }
  }

  /** An Append stands right behind what it extends (R10) and carries this leader's term (R21). */
  private void send(Progress follower, List<Entry> entries, Effects<RaftMessage> out) {
    long prev = follower.next() - 1;
    Check.that(raft.term() == term, "R21 a leader sends in its own term", raft.term(), term);
    Check.that(prev >= follower.match(), "R7 next is above match", prev, follower.match());
    out.send(
        follower.id(),
        new Append(
            term,
            follower.session(),
            prev,
            raft.log.termAt(prev),
            entries,
            raft.commit(),
            reads.round()));
  }

  /** Entries from disk; void if the follower has been sent elsewhere meanwhile. */
  void fetched(int to, List<Entry> entries, Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower == null || follower.id() != to) {
        continue;
      }
      follower.endFetch();
      if (!isBelowBase(follower)
          && !entries.isEmpty()
          && entries.get(0).index() == follower.next()
          && follower.hasRoom()) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
          Entry entry = entries.get(i);
          Check.that(
              entry.index() == follower.next() + i, "R10 entries start at prev + 1, without holes");
          if (entry.index() > raft.log.last()
              || entry.stamp().high() != raft.log.termAt(entry.index())) {
            entries = entries.subList(0, i);
            break;
          }
          bytes += entry.weight();
        }
        if (!entries.isEmpty()) {
          send(follower, entries, out);
          follower.sent(follower.next() + entries.size() - 1, bytes);
        }
      }
      replicate(follower, out);
    }
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
    replicate(follower, out);
  }

  /** D9: it is brought up, and counts for nothing. */
  @Override
  public void onAttended(
      long now, Member from, RaftMessage.Attended reply, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, 0, out);
    if (reply.session() == follower.session()) {
      follower.attended(reply.match(), reply.written());
      replicate(follower, out);
    }
  }

  /** §3.5: tries again below, by whole terms; every refusal strictly lowers next (R14, R18). */
  @Override
  public void onAppendRefused(
      long now, Member from, AppendRefused reply, Effects<RaftMessage> out) {
    Progress follower = heard(now, from, reply.round(), out);
    if (reply.session() != follower.session()) {
      return;
    }
    long prev = reply.prevIndex();
    long before = follower.next();
    Check.that(prev < before, "R7 what was not sent is not refused", prev, before);
    if (prev <= follower.match()) {
      follower.hasLost = true; // Nothing to gain by trying at the pace of the network.
      return;
    }
    long match = follower.match();
    long next = Math.min(prev, reply.lastIndex() + 1);
    if (reply.conflictTerm() > 0) {
      long low = Math.max(match, raft.log.base()) + 1;
      long same = raft.log.firstOfTerm(reply.conflictTerm() + 1, low, prev) - 1;
      boolean known = same > match && raft.log.termAt(same) == reply.conflictTerm();
      next = Math.min(prev, known ? same + 1 : reply.conflictIndex());
    }
    if (next <= raft.log.base() && prev > raft.log.base() && reply.lastIndex() >= raft.log.base()) {
      next = raft.log.base() + 1; // Before it takes a snapshot: it may have what stands there.
    }
    follower.probe(Math.max(match + 1, next), ++sessions);
    if (isBelowBase(follower)) {
      install(follower, out);
    }
    replicate(follower, out);
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
      replicateAll(out);
    }
    out.send(from.id(), new RaftMessage.Rejoined(term, request.token(), follower.rejoinIndex));
  }

  private void replicateAll(Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower != null) {
        replicate(follower, out);
      }
    }
  }

  private Progress heard(long now, Member from, long round, Effects<RaftMessage> out) {
    Progress follower = followers[raft.formation.placeOf(from)];
    if (follower == null) {
      throw new AssertionError(from);
    }
    follower.heardAt = now;
    if (round > follower.round) {
      follower.round = round;
      confirmRounds(out);
    }
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
      beginReads(out);
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
      replicateAll(out);
    }
  }

  // ---- reads (§6.4) ----

  @Override
  public void read(long now, long id, Effects<RaftMessage> out) {
    reads.add(0, id, answers(out));
    beginReads(out);
  }

  /**
   * Who asks has voted in no later term when it asked, which was after the read began. Where it and
   * this leader are a quorum, nobody else has to be asked.
   */
  @Override
  public void onReadIndex(long now, Member from, ReadIndex request, Effects<RaftMessage> out) {
    boolean isQuorum = request.confirms() && Quorum.isMajority(2, followers.length);
    if (isQuorum && raft.commit() >= termStart) {
      answers(out).answer(from.id(), request.token(), true, raft.commit());
    } else {
      reads.add(from.id(), request.token(), answers(out));
      beginReads(out);
    }
  }

  /** A round begins once an entry of the own term is committed (Q1) and no other is on its way. */
  private void beginReads(Effects<RaftMessage> out) {
    if (raft.commit() >= termStart && reads.isWaiting() && !reads.isUnderway()) {
      reads.begin(raft.commit());
      lease.begins(reads.round(), raft.now());
      heartbeats(out);
      confirmRounds(out);
    }
  }

  /** With each heartbeat a round begins, that no read has to wait for. */
  private void renewLease(Effects<RaftMessage> out) {
    if (lease.isWanted()) {
      reads.begin();
      lease.begins(reads.round(), raft.now());
      confirmRounds(out); // By this replica, which may be the only voter.
    }
  }

  private void confirmRounds(Effects<RaftMessage> out) {
    for (int i = 0; i < followers.length; i++) {
      Progress follower = followers[i];
      scratch[i] = follower == null ? reads.round() : follower.round;
    }
    long confirmed = Quorum.reached(scratch);
    if (raft.commit() >= termStart) {
      lease.confirmed(confirmed, out);
    }
    if (reads.confirmed(confirmed, answers(out))) {
      beginReads(out);
    }
  }

  @Override
  public void leave(Effects<RaftMessage> out) {
    reads.fail(answers(out));
  }

  private ReadRounds.Answers answers(Effects<RaftMessage> out) {
    return (from, id, confirmed, index) -> {
      if (from != 0) {
        out.send(from, new ReadIndexReply(term, id, confirmed, index));
      } else if (confirmed) {
        out.readable(id, index);
      } else {
        out.unreadable(id);
      }
    };
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
