package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.ReadIndex;
import io.quorate.paxos.PaxosMessage.ReadIndexReply;
import io.quorate.paxos.Synod.Report;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Phase 2 of one ballot, for all slots ("Paxos Made Simple" §3): proposes again what phase 1 has
 * found, fills the holes between, and then proposes what clients want, each slot by itself.
 */
/* The first slot of its own carries a Lead, which names this ballot: what an earlier leader proposed
 * and nobody of the quorum reported may come to light later, and counts for nothing then (P38).
 *
 * A follower is sent each slot once, in order, as far as its window reaches. What it misses by a lost
 * message it names in its answer to the next Commit; what it misses because its window was full or it
 * was away it fetches, once it hears that it is chosen ({@link Catchup}).
 */
final class Leading implements LeaderReads.Leader<PaxosMessage> {
  /** How much one Accept carries; a larger value travels alone. */
  static final int ACCEPT_BYTES = 1 << 20;

  private final PaxosEngine paxos;
  private final Ballot ballot;
  private final Stamp stamp;
  private final Proposals proposals;
  private final @Nullable Progress[] acceptors;
  private final int ownPlace;
  private final long[] scratch;
  private final Preparing found;
  private final long learnTo;
  private final long leadSlot;
  private final LeaderLease lease;
  private final LeaderReads<PaxosMessage> reads;
  private @Nullable Ceding ceding;
  private boolean formed;
  private boolean over;
  private long heartbeatAt;
  private long quorumCheckAt;
  private long learntTo;
  private long learntAt;

  Leading(PaxosEngine paxos, Preparing won) {
    this.paxos = paxos;
    found = won;
    ballot = won.ballot();
    stamp = ballot.stamp();
    formed = won.isFormed();
    learnTo = won.chosenTo();
    long first = Math.max(learnTo, paxos.learner.chosenTo()) + 1;
    leadSlot = Math.max(first, Math.max(won.lastReported() + 1, 2));
    proposals = new Proposals(first, paxos.formation.voters());
    acceptors = new Progress[paxos.formation.voters()];
    scratch = new long[acceptors.length];
    ownPlace = paxos.formation.placeOf(paxos.self());
    long now = paxos.now();
    for (int place = 0; place < acceptors.length; place++) {
      if (place != ownPlace) {
        acceptors[place] = new Progress(place, paxos.formation.idAt(place), first - 1, now);
      }
    }
    heartbeatAt = now + paxos.timing.heartbeatNanos();
    quorumCheckAt = now + paxos.timing.electionTimeoutNanos();
    learntAt = now;
    lease = new LeaderLease(won.leaseMillis(), now, won.isSpared());
    reads = new LeaderReads<>(this, lease, scratch.length, ownPlace);
  }

  /** What was found, in the holes no-ops, and then the Lead. */
  void begin(Effects<PaxosMessage> out) {
    if (formed) {
      paxos.acceptor.formed(out);
    }
    for (long slot = proposals.next(); slot < leadSlot && !over; slot = proposals.next()) {
      Report report = found.report(slot);
      if (report != null && report.chosen()) {
        paxos.learner.learn(report.entry(), out);
      }
      if (paxos.learner.isChosen(slot)) {
        proposals.addChosen();
      } else if (report != null) {
        write(paxos.slots.entry(slot, report.entry(), stamp), out);
      } else if (slot == 1) {
        write(paxos.formation.found(paxos.slots.epoch(), stamp, found.incarnations()), out);
      } else {
        write(new Entry(paxos.slots.epoch(), slot, Entry.Kind.LEAD, stamp, Payload.EMPTY), out);
      }
    }
    Payload lead = new Lead(paxos.slots.epoch(), stamp).encode();
    write(new Entry(paxos.slots.epoch(), leadSlot, Entry.Kind.LEAD, stamp, lead), out);
    paxos.learner.knows(paxos.now(), paxos.self().id(), learnTo, out);
    for (Progress acceptor : acceptors) {
      if (acceptor != null && !over) {
        replicate(acceptor, out);
      }
    }
  }

  Ballot ballot() {
    return ballot;
  }

  /**
   * Whether commands may be proposed: all founding voters hold the founding entry, and all that was
   * chosen before is known here (the cluster clock starts from it), and it does not hand over.
   */
  boolean isOpen() {
    return isSettled() && ceding == null;
  }

  private boolean isSettled() {
    return formed && paxos.learner.chosenTo() >= learnTo;
  }

  // ---- phase 2a ----

  /** Written and sent at once; the own disk works beside the followers'. */
  void propose(Payload value, Effects<PaxosMessage> out) {
    Entry entry = new Entry(paxos.slots.epoch(), proposals.next(), Entry.Kind.BATCH, stamp, value);
    write(entry, out);
    List<Entry> alone = List.of(entry);
    for (Progress acceptor : acceptors) {
      if (acceptor == null) {
        continue;
      }
      if (acceptor.sentTo() == entry.index() - 1 && acceptor.hasRoom()) {
        send(acceptor, alone, entry.weight(), out);
      } else {
        replicate(acceptor, out);
      }
    }
  }

  private void write(Entry entry, Effects<PaxosMessage> out) {
    proposals.add(entry);
    paxos.acceptor.accept(entry, out);
  }

  /** Sends what the acceptor was not sent yet, as far as its window reaches. */
  private void replicate(Progress acceptor, Effects<PaxosMessage> out) {
    acceptor.skipTo(proposals.first() - 1);
    sendRange(acceptor, acceptor.sentTo() + 1, proposals.next() - 1, out);
  }

  private void sendRange(Progress acceptor, long from, long to, Effects<PaxosMessage> out) {
    long slot = Math.max(from, proposals.first());
    while (slot <= to && acceptor.hasRoom()) {
      List<Entry> entries = new ArrayList<>();
      long bytes = 0;
      while (slot <= to) {
        Entry entry = proposals.lackedBy(acceptor.place(), slot);
        if (entry == null || (bytes > 0 && bytes + entry.weight() > ACCEPT_BYTES)) {
          break;
        }
        entries.add(entry);
        bytes += entry.weight();
        slot++;
      }
      if (entries.isEmpty()) {
        acceptor.skipTo(slot);
        slot++;
      } else {
        send(acceptor, entries, bytes, out);
      }
    }
  }

  private void send(Progress acceptor, List<Entry> entries, long bytes, Effects<PaxosMessage> out) {
    Check.that(
        paxos.acceptor.promised().equals(ballot), "IP6 a leader proposes in a ballot it promised");
    long sequence = acceptor.send(entries.get(entries.size() - 1).index(), bytes);
    out.send(
        acceptor.id(),
        new Accept(ballot, sequence, entries, toldChosenTo(), reads.round(), formed));
  }

  /** What a quorum has told counts too, before its values are here: nothing is proposed there. */
  private long toldChosenTo() {
    return Math.max(learnTo, paxos.learner.chosenTo());
  }

  // ---- phase 2b ----

  /** The own vote: the value is durable here. */
  void acceptedHere(List<SlotRange> accepted, Effects<PaxosMessage> out) {
    count(ownPlace, accepted);
    advance(out);
  }

  void onAccepted(long now, Member from, Accepted answer, Effects<PaxosMessage> out) {
    int place = paxos.formation.placeOf(from);
    Progress acceptor = acceptor(place);
    acceptor.heardAt = now;
    acceptor.paused = false;
    acceptor.refuses = false;
    acceptor.founded = answer.founded();
    acceptor.answered(answer.sequence());
    count(place, answer.accepted());
    reads.repeated(now, place, answer.round(), out);
    advance(out);
    if (over) {
      return;
    }
    for (SlotRange lost : answer.missing()) {
      sendRange(acceptor, lost.from(), Math.min(lost.to(), acceptor.sentTo()), out);
    }
    replicate(acceptor, out);
  }

  /** Nothing is chosen by that while another leader may answer reads by its lease. */
  private void count(int place, List<SlotRange> accepted) {
    for (int i = 0; i < accepted.size(); i++) {
      SlotRange slots = accepted.get(i);
      proposals.accepted(place, slots);
      if (!lease.isWaiting()) {
        proposals.choose(slots.from(), slots.to(), paxos.learner);
      }
    }
  }

  /** Tells what is chosen now, and serves what waited for it. */
  private void advance(Effects<PaxosMessage> out) {
    proposals.dropChosen();
    paxos.learner.publish(out);
    if (!formed && allFounded()) {
      formed = true;
      paxos.acceptor.formed(out);
      heartbeats(out);
    }
    reads.begin(paxos.now(), out);
    advanceCeding(false, out);
  }

  private boolean allFounded() {
    for (Progress acceptor : acceptors) {
      if (acceptor != null && !acceptor.founded) {
        return false;
      }
    }
    return paxos.acceptor.isFounded();
  }

  /** One that has promised more is missed; without a quorum of others the ballot is over. */
  void onRefused(long now, Member from, Effects<PaxosMessage> out) {
    Progress refusing = acceptor(paxos.formation.placeOf(from));
    if (!refusing.refuses) {
      refusing.refuses = true;
      refusing.refusedAt = now;
    }
    int willing = 0;
    for (Progress acceptor : acceptors) {
      willing += acceptor == null || !acceptor.refuses ? 1 : 0;
    }
    if (!Quorum.isMajority(willing, acceptors.length)) {
      paxos.proposer.retrySoon(out);
    }
  }

  // ---- time ----

  long patience(long now) {
    Ceding handing = ceding;
    long first = Math.min(quorumCheckAt - now, heartbeatAt - now);
    if (lease.isWaiting()) {
      first = Math.min(first, lease.waitEnd() - now);
    }
    return handing == null ? first : Math.min(first, handing.deadline() - now);
  }

  void tick(long now, Effects<PaxosMessage> out) {
    if (now - quorumCheckAt >= 0) {
      quorumCheckAt = now + quorumHeard(now) + paxos.timing.electionTimeoutNanos();
      if (now - quorumCheckAt >= 0) {
        paxos.proposer.abandon(out);
        paxos.election.resigned(now);
        return;
      }
    }
    Ceding handing = ceding;
    if (handing != null && now - handing.deadline() >= 0) {
      ceding = null;
      out.transferFailed(
          "member " + handing.target() + " did not take over within an election timeout");
    }
    if (lease.passes(now)) {
      proposals.choose(proposals.first(), proposals.next() - 1, paxos.learner);
      advance(out);
    }
    if (now - heartbeatAt >= 0) {
      if (isRefusedForLong(now) || learnsNothing(now)) {
        paxos.proposer.prepare(now, out);
        return;
      }
      heartbeatAt = now + paxos.timing.heartbeatNanos();
      reads.renewLease(now, out);
      heartbeats(out);
      advanceCeding(true, out);
    }
  }

  // ---- handing over ----

  /** A4: a target that is away or far behind is refused, and none is waited for for long. */
  void transfer(long now, int target, Effects<PaxosMessage> out) {
    Ceding handing = ceding;
    Progress chosen = Ceding.choose(paxos, acceptors, target, now);
    if (handing != null) {
      out.transferFailed("member " + handing.target() + " is about to take over");
    } else if (!isSettled()) {
      out.transferFailed("the leader does not serve yet");
    } else if (chosen == null) {
      out.transferFailed(
          target == 0
              ? "no other voter is here and has caught up"
              : "member " + target + " is no other voter that is here and has caught up");
    } else {
      ceding = new Ceding(paxos, chosen, now, lease.release());
      advanceCeding(true, out);
    }
  }

  private void advanceCeding(boolean again, Effects<PaxosMessage> out) {
    Ceding handing = ceding;
    if (handing != null && !over) {
      handing.advance(ballot, proposals, again, out);
    }
  }

  /** When a quorum, this replica included, was last heard; relative to now, 0 or less. */
  private long quorumHeard(long now) {
    for (int place = 0; place < acceptors.length; place++) {
      Progress acceptor = acceptors[place];
      scratch[place] = acceptor == null ? 0 : acceptor.heardAt - now;
    }
    return Quorum.reached(scratch);
  }

  /**
   * Whether those who knew what was chosen before do not tell: they may be gone. Another phase 1
   * finds it with those who are left.
   */
  private boolean learnsNothing(long now) {
    long chosenTo = paxos.learner.chosenTo();
    if (chosenTo >= learnTo || chosenTo > learntTo) {
      learntTo = chosenTo;
      learntAt = now;
    }
    return now - learntAt >= paxos.timing.electionTimeoutNanos();
  }

  /** Whether one has promised a higher ballot: in one a round above, it is back. */
  private boolean isRefusedForLong(long now) {
    for (Progress acceptor : acceptors) {
      if (acceptor != null
          && acceptor.refuses
          && now - acceptor.refusedAt >= paxos.timing.electionTimeoutNanos()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void heartbeats(Effects<PaxosMessage> out) {
    long chosenTo = toldChosenTo();
    for (Progress acceptor : acceptors) {
      if (acceptor != null) {
        out.send(
            acceptor.id(),
            new Commit(
                ballot, acceptor.sequence(), acceptor.sentTo(), chosenTo, reads.round(), formed));
      }
    }
  }

  /** What was on its way may be lost; more is sent once it is heard again. */
  void peerLost(int member) {
    for (Progress acceptor : acceptors) {
      if (acceptor != null && acceptor.id() == member) {
        acceptor.paused = true;
      }
    }
  }

  // ---- reads ----

  void read(long now, long id, Effects<PaxosMessage> out) {
    reads.read(now, id, out);
  }

  void onReadIndex(long now, int from, ReadIndex read, Effects<PaxosMessage> out) {
    reads.asked(now, from, read.token(), read.promised().equals(ballot), out);
  }

  /** All that was found, and the Lead, are chosen. */
  @Override
  public boolean knowsCommit() {
    return paxos.learner.chosenTo() >= leadSlot;
  }

  @Override
  public long commit() {
    return paxos.learner.chosenTo();
  }

  @Override
  public void answer(int to, long token, boolean confirmed, long index, Effects<PaxosMessage> out) {
    out.send(to, new ReadIndexReply(token, confirmed ? ballot : Ballot.NONE, index));
  }

  /** The ballot is over. */
  void end(Effects<PaxosMessage> out) {
    over = true;
    reads.fail(out);
  }

  private Progress acceptor(int place) {
    Progress acceptor = acceptors[place];
    if (acceptor == null) {
      throw new AssertionError(place);
    }
    return acceptor;
  }

  void findings(long now, List<String> findings) {
    lease.findings(now, findings);
    for (Progress acceptor : acceptors) {
      if (acceptor == null) {
        continue;
      }
      if (!formed && !acceptor.founded) {
        findings.add(
            "the group is not formed: founding member "
                + acceptor.id()
                + " does not hold the founding entry durably yet");
      }
      if (now - acceptor.heardAt >= paxos.timing.electionTimeoutNanos()) {
        long silent = (now - acceptor.heardAt) / 1_000_000;
        findings.add("member " + acceptor.id() + " has not answered for " + silent + " ms");
      }
      if (acceptor.refuses) {
        findings.add("member " + acceptor.id() + " has promised a higher ballot than " + ballot);
      }
    }
    if (!formed && !paxos.acceptor.isFounded()) {
      findings.add("the group is not formed: the own disk has not made the founding entry durable");
    }
    if (!isOpen() && formed) {
      findings.add(
          String.format(
              "the leader does not take commands yet: it fetches slots %d to %d, which were chosen"
                  + " before",
              paxos.learner.chosenTo() + 1, learnTo));
    }
  }
}
