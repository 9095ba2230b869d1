package io.quorate.raft;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.Attended;
import io.quorate.raft.RaftMessage.InstallSnapshot;
import io.quorate.raft.RaftMessage.ReadIndex;
import io.quorate.raft.RaftMessage.ReadIndexReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.ReadRequests;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows the leader of its term, or waits for one (§3.3, §3.5). */
/* What a follower acknowledges is the lesser of two positions: PROVEN, up to where this leader has
 * shown in this term that the logs are equal, and durable. A durable position alone says nothing: it
 * may speak of another leader's entries. Both only grow while this object lives, for the leader of a
 * term never takes back an entry, and so no acknowledgement of a term is ever untrue.
 */
final class Follower implements Role {
  private final RaftEngine raft;
  private final long timeoutNanos;
  private final ReadRequests reads = new ReadRequests();
  private @Nullable Member leader;
  private long heardAt;
  private long deadline;

  private long session;
  private long round;
  private long proven;
  private long acknowledged;
  private boolean owesAnswer;

  Follower(RaftEngine raft, long now, long deadline) {
    this.raft = raft;
    this.deadline = deadline;
    heardAt = now;
    timeoutNanos = raft.timing.electionNanos();
  }

  @Override
  public String name() {
    return "follower";
  }

  @Override
  public int leader() {
    Member known = leader;
    return known == null ? 0 : known.id();
  }

  @Override
  public boolean hearsLeader(long now) {
    return leader != null && now - heardAt < raft.timing.electionTimeoutNanos();
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void tick(long now, Effects<RaftMessage> out) {
    if (now - deadline < 0) {
      return;
    }
    if (raft.mayStand()) {
      raft.campaign(now, out);
    } else {
      deadline = now + timeoutNanos;
    }
  }

  /** Its vote is durable: the candidate has a whole timeout from now on (E19). */
  void voted(long now) {
    deadline = now + timeoutNanos;
  }

  /** Who grants another a pre-vote yields for a moment; that is no contact with a leader (E9). */
  @Override
  public void granted(long now, Member to, RaftMessage.PreVote request, Effects<RaftMessage> out) {
    long yielded = now + raft.timing.retryNanos();
    if (deadline - yielded < 0) {
      deadline = yielded;
    }
  }

  /** The voters take their turns, instead of waiting for an election timeout (DESIGN §4). */
  @Override
  public void peerLost(long now, int member, Effects<RaftMessage> out) {
    if (member == leader()) {
      raft.hint(now);
      leader = null;
      reads.fail(out);
      deadline = now + raft.timing.hintedNanos(raft.formation.rankWithout(member));
    }
  }

  // ---- replication ----

  private void heard(long now, Member from, long itsSession, long itsRound) {
    leader = from;
    heardAt = now;
    deadline = now + timeoutNanos;
    session = Math.max(session, itsSession);
    if (raft.testifies()) {
      round = Math.max(round, itsRound);
    }
  }

  /** AppendEntries (Figure 3.1, receiver). */
  void onAppend(long now, Member from, Append append, Effects<RaftMessage> out) {
    heard(now, from, append.session(), append.round());
    if (!raft.testifies()) {
      raft.rejoining().heard(from, append, out);
    }
    if (!matches(append)) {
      refuse(append, out);
      return;
    }
    accept(append, out);
    proven = Math.max(proven, append.prevIndex() + append.entries().size());
    raft.commitTo(Math.min(append.commit(), proven), out);
    owesAnswer |= append.entries().isEmpty() || raft.log.disk().position() >= proven;
    acknowledge(out);
  }

  /**
   * §5: asks the runtime for a snapshot, until this replica has committed what the leader has no
   * longer. Then the logs are equal up to there: each leader of this term or a later one has all
   * that is committed (IR4).
   */
  void onInstallSnapshot(long now, Member from, InstallSnapshot install, Effects<RaftMessage> out) {
    heard(now, from, install.session(), install.round());
    if (raft.commit() >= install.lastIndex()) {
      proven = Math.max(proven, install.lastIndex());
    } else {
      out.needSnapshot(from.id(), install.lastIndex());
    }
    owesAnswer = true;
    acknowledge(out);
  }

  private boolean matches(Append append) {
    long prev = append.prevIndex();
    if (prev < raft.log.base()) {
      return true; // All up to there is committed, and the leader has it (IR4).
    }
    if (prev > raft.log.last() || raft.log.termAt(prev) != append.prevTerm()) {
      Check.that(prev > proven, "IR3 what was proven equal stays equal", prev, proven);
      Check.that(prev > raft.commit(), "IR4 a leader has all committed entries", prev, proven);
      return false;
    }
    return true;
  }

  /** §3.5: removes from the first conflict on, and only there (R2); writes what is new. */
  private void accept(Append append, Effects<RaftMessage> out) {
    List<Entry> entries = append.entries();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      long index = append.prevIndex() + 1 + i;
      Check.that(entry.index() == index, "R10 entries start at prev + 1", entry.index(), index);
      Check.that(entry.stamp().high() <= append.term(), "IR1 no entry is above the term");
      if (index <= raft.log.base()) {
        continue;
      }
      if (index <= raft.log.last()) {
        if (raft.log.termAt(index) == entry.stamp().high()) {
          if (raft.log.isFaulty(index)) {
            raft.log.refill(entry, out);
          }
          continue;
        }
        Check.that(index > raft.commit(), "IR4 no committed entry is removed", index, 0);
        Check.that(index > proven, "IR3 what was proven equal stays equal", index, proven);
        raft.log.truncate(index, out);
      }
      raft.log.write(entry, out);
    }
  }

  /** §3.5, fast backtracking: names the whole term that is in the way. */
  private void refuse(Append append, Effects<RaftMessage> out) {
    long prev = append.prevIndex();
    long last = raft.log.last();
    long conflictTerm = prev > last ? 0 : raft.log.termAt(prev);
    long conflictIndex =
        prev > last ? 0 : raft.log.firstOfTerm(conflictTerm, raft.commit() + 1, prev);
    send(
        new AppendRefused(
            append.term(), append.session(), prev, last, conflictTerm, conflictIndex, round),
        out);
  }

  /** One answer for all that has become durable since the last one. */
  @Override
  public void durable(long now, Effects<RaftMessage> out) {
    acknowledge(out);
  }

  private void acknowledge(Effects<RaftMessage> out) {
    long match = Math.min(raft.log.disk().position(), proven);
    Member known = leader;
    if (known == null) {
      return;
    }
    boolean news = match > acknowledged || owesAnswer;
    if (!raft.testifies()) {
      attend(known, match, news, out);
    } else if (raft.isRecordDurable() && news) {
      Check.that(match <= raft.log.disk().position(), "ID1 told only when durable");
      answered(match);
      send(new Appended(raft.term(), session, match, proven, round), out);
    }
  }

  /** D9: lets itself be brought up, and testifies to nothing until it may again. */
  private void attend(Member known, long match, boolean news, Effects<RaftMessage> out) {
    if (raft.rejoining().isOver(match)) {
      raft.rejoin(known, out);
    } else if (news) {
      answered(match);
      send(new Attended(raft.term(), session, match, proven), out);
    }
  }

  /** The match is less than told before if what that told of was damaged since. */
  private void answered(long match) {
    owesAnswer = false;
    acknowledged = Math.max(acknowledged, match);
  }

  private void send(RaftMessage message, Effects<RaftMessage> out) {
    out.send(leader(), message);
  }

  // ---- reads (§6.4) ----

  /** Asks the leader. */
  @Override
  public void read(long now, long id, Effects<RaftMessage> out) {
    if (leader == null) {
      out.unreadable(id);
      return;
    }
    long token = raft.token();
    reads.add(token, id, out);
    send(new ReadIndex(raft.term(), token, raft.isRecordDurable()), out);
  }

  @Override
  public void onReadIndexReply(
      long now, Member from, ReadIndexReply reply, Effects<RaftMessage> out) {
    if (reply.confirmed()) {
      raft.commitTo(Math.min(reply.index(), proven), out);
    }
    reads.answered(reply.token(), reply.confirmed(), reply.index(), out);
  }

  @Override
  public void leave(Effects<RaftMessage> out) {
    reads.fail(out);
  }

  @Override
  public void findings(long now, List<String> findings) {
    if (leader == null) {
      findings.add("no leader is known in term " + raft.term());
    } else if (!hearsLeader(now)) {
      findings.add(
          "the leader, member "
              + leader()
              + ", was not heard for "
              + (now - heardAt) / 1_000_000
              + " ms");
    }
  }
}
