package io.quorate.paxos;

import static java.util.Objects.requireNonNull;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Accepts;
import io.quorate.paxos.PaxosMessage.AskAccepted;
import io.quorate.paxos.PaxosMessage.AskSlot;
import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.paxos.PaxosMessage.Cede;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.OfBallot;
import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.paxos.PaxosMessage.ReadIndex;
import io.quorate.paxos.PaxosMessage.ReadIndexReply;
import io.quorate.paxos.PaxosMessage.SlotReport;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.Formation;
import io.quorate.spi.Member;
import io.quorate.spi.Payload;
import io.quorate.spi.ReadRequests;
import io.quorate.spi.Timing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica's Multi-Paxos: an acceptor, a learner, a proposer and an election in one, which know
 * of each other only through this class. Dispatches what comes in.
 */
/* "Paxos Made Simple" §3: one instance of the single-decree protocol for each slot, all under one
 * promise, so that phase 1 runs once for all of them. What makes it no Raft (PAXOS.md §2.1): anybody
 * may lead, a slot is agreed on by itself and counted by itself, what is adopted is proposed again
 * under the new ballot, holes are normal, nothing is ever removed.
 */
final class PaxosEngine implements Engine<PaxosMessage> {
  static final long IDLE_NANOS = 3_600_000_000_000L;

  final Timing timing;
  final Formation formation;
  final Slots slots;
  final Learner learner;
  final Acceptor acceptor;
  final Proposer proposer;
  final LeaderElection election;
  private final Repair repair;
  private final Member self;
  private final ReadRequests readRequests = new ReadRequests();
  private final QuorumReads quorumReads = new QuorumReads(this);

  private long now;
  private long nextToken;
  private int toldLeader = -1;
  private Ballot toldBallot = Ballot.NONE;
  private @Nullable Member stranger;

  PaxosEngine(Setup setup, Timing timing) {
    this.timing = timing;
    self = setup.self();
    formation = new Formation(setup);
    byte[] bytes = setup.saved();
    PaxosRecord saved = bytes == null ? PaxosRecord.NONE : PaxosCodec.decodeRecord(bytes);
    slots = new Slots(setup.epoch(), setup.log(), formation);
    learner = new Learner(this, slots, saved.chosenTo());
    acceptor = new Acceptor(this, slots, saved, setup.savedLost());
    repair = new Repair(this);
    proposer = new Proposer(this);
    election = new LeaderElection(this);
    nextToken = timing.firstToken();
  }

  // ---- inputs ----

  @Override
  public void start(long now, Effects<PaxosMessage> out) {
    this.now = now;
    learner.start(now, out);
    election.start(now, out);
    announce(out);
  }

  @Override
  public void tick(long now, Effects<PaxosMessage> out) {
    this.now = now;
    learner.tick(now, out);
    repair.tick(now, out);
    Leading leading = proposer.leading();
    if (leading != null) {
      leading.tick(now, out);
    } else {
      election.tick(now, out);
    }
    announce(out);
  }

  @Override
  public long deadline() {
    Leading leading = proposer.leading();
    long patience = leading != null ? leading.patience(now) : election.patience(now);
    long lacking = Math.min(learner.patience(now), repair.patience(now));
    return now + Math.min(IDLE_NANOS, Math.min(patience, lacking));
  }

  @Override
  public void receive(long now, Member from, PaxosMessage message, Effects<PaxosMessage> out) {
    this.now = now;
    if (formation.placeOf(from) < 0 || from.id() == self.id()) {
      stranger = from;
      return;
    }
    if (message instanceof OfBallot ofBallot) {
      dispatch(from, ofBallot, out);
    } else if (message instanceof Poll poll) {
      election.onPoll(now, from, poll, out);
    } else if (message instanceof PollReply reply) {
      election.onPollReply(now, from, reply, out);
    } else if (message instanceof CatchupRequest request) {
      learner.onCatchupRequest(from, request, out);
    } else if (message instanceof CatchupResponse response) {
      learner.onCatchupResponse(now, from, response, out);
    } else if (message instanceof AskSlot ask) {
      repair.onAsk(from, ask, out);
    } else if (message instanceof SlotReport report) {
      repair.onReport(now, from, report, out);
    } else if (message instanceof AskAccepted ask) {
      quorumReads.onAsk(from, ask, out);
    } else if (message instanceof Accepts answer) {
      quorumReads.answered(from, answer, out);
    } else if (message instanceof ReadIndex read) {
      onReadIndex(from, read, out);
    } else if (message instanceof ReadIndexReply reply) {
      if (reply.confirmed()) {
        learner.told(now, from, reply.ballot(), reply.index(), out);
      }
      readRequests.answered(reply.token(), reply.confirmed(), reply.index(), out);
    } else {
      throw new AssertionError(message);
    }
    announce(out);
  }

  private void dispatch(Member from, OfBallot message, Effects<PaxosMessage> out) {
    if (message instanceof Prepare prepare) {
      onPrepare(from, prepare, out);
    } else if (message instanceof Promise promise) {
      proposer.onPromise(from, promise, out);
    } else if (message instanceof PrepareNack nack) {
      proposer.onPrepareNack(from, nack, out);
    } else if (message instanceof Accept accept) {
      onAccept(from, accept, out);
    } else if (message instanceof Accepted accepted) {
      proposer.onAccepted(now, from, accepted, out);
    } else if (message instanceof AcceptNack nack) {
      proposer.onAcceptNack(now, from, nack, out);
    } else if (message instanceof Commit commit) {
      onCommit(from, commit, out);
    } else if (message instanceof Cede cede) {
      onCede(from, cede, out);
    } else {
      throw new AssertionError(message);
    }
  }

  private void onPrepare(Member from, Prepare prepare, Effects<PaxosMessage> out) {
    checkSender(from, prepare.ballot());
    if (!acceptor.testifies()) {
      return;
    }
    Ballot promised = acceptor.promised();
    if (Synod.mayPromise(promised, prepare.ballot())) {
      acceptor.onPrepare(from, prepare, out);
      election.promised(now);
    } else {
      out.send(from.id(), new PrepareNack(prepare.ballot(), prepare.attempt(), promised));
    }
  }

  private void onAccept(Member from, Accept accept, Effects<PaxosMessage> out) {
    if (follows(from, accept.ballot(), accept.formed(), out)) {
      acceptor.onAccept(accept, out);
      election.heard(now, from, accept.ballot()); // Last: a ballot of its own may end by this.
    }
    learner.told(now, from, accept.ballot(), accept.chosenTo(), out);
  }

  private void onCommit(Member from, Commit commit, Effects<PaxosMessage> out) {
    if (follows(from, commit.ballot(), commit.formed(), out)) {
      acceptor.onCommit(commit, out);
      election.heard(now, from, commit.ballot());
    }
    learner.told(now, from, commit.ballot(), commit.chosenTo(), out);
  }

  /**
   * The leader wants this replica to follow it in office. Any replica may lead; one that lacks
   * something would have to fetch it first, and lets the leader ask again.
   */
  private void onCede(Member from, Cede cede, Effects<PaxosMessage> out) {
    checkSender(from, cede.ballot());
    boolean follows = election.leader() == from.id() && acceptor.promised().equals(cede.ballot());
    if (follows) {
      learner.told(now, from, cede.ballot(), cede.chosenTo(), out);
      if (learner.chosenTo() >= cede.chosenTo() && election.mayTakeOver()) {
        proposer.follow(now, cede.released() ? cede.ballot() : Ballot.NONE, out);
      }
    }
  }

  /** Whether this acceptor may hear the leader of that ballot; one below the promise is told so. */
  private boolean follows(Member from, Ballot ballot, boolean formed, Effects<PaxosMessage> out) {
    checkSender(from, ballot);
    if (formed) {
      acceptor.formed(out);
    }
    Ballot promised = acceptor.promised();
    if (!Synod.mayAccept(promised, ballot)) {
      if (acceptor.testifies()) {
        out.send(from.id(), new AcceptNack(ballot, promised));
      }
      return false;
    }
    return true;
  }

  private void checkSender(Member from, Ballot ballot) {
    Check.that(
        ballot.member() == from.id(),
        "IP8 a ballot is its member's own",
        ballot.member(),
        from.id());
  }

  private void onReadIndex(Member from, ReadIndex read, Effects<PaxosMessage> out) {
    Leading leading = proposer.leading();
    if (leading == null) {
      out.send(from.id(), new ReadIndexReply(read.token(), Ballot.NONE, 0));
    } else {
      leading.onReadIndex(now, from.id(), read, out);
    }
  }

  @Override
  public void propose(long now, Payload value, Effects<PaxosMessage> out) {
    this.now = now;
    Leading leading = proposer.leading();
    Check.that(leading != null && leading.isOpen(), "only an open leader proposes");
    requireNonNull(leading).propose(value, out);
    announce(out);
  }

  @Override
  public void read(long now, long id, Effects<PaxosMessage> out) {
    this.now = now;
    Leading leading = proposer.leading();
    int leader = election.leader();
    if (leading != null) {
      leading.read(now, id, out);
    } else if (leader != 0) {
      long token = token();
      readRequests.add(token, id, out);
      out.send(leader, new ReadIndex(token, acceptor.testimony()));
    } else {
      out.unreadable(id);
    }
  }

  @Override
  public void readOfQuorum(long now, long id, Effects<PaxosMessage> out) {
    this.now = now;
    quorumReads.read(id, out);
  }

  @Override
  public void durable(long now, long ticket, Effects<PaxosMessage> out) {
    this.now = now;
    acceptor.durable(ticket, out);
    proposer.durable(out);
    announce(out);
  }

  @Override
  public void fetched(long now, int to, List<Entry> entries, Effects<PaxosMessage> out) {
    this.now = now;
    acceptor.fetched(to, entries, out);
    learner.fetched(to, entries, out);
    repair.fetched(now, to, entries, out);
    announce(out);
  }

  @Override
  public void configured(List<Entry> configurations) {
    formation.configured(configurations);
  }

  @Override
  public void rebased(long now, boolean continued, Effects<PaxosMessage> out) {
    this.now = now;
    learner.rebased(out);
    acceptor.rebased(out);
    announce(out);
  }

  @Override
  public void damaged(long now, long index, Effects<PaxosMessage> out) {
    this.now = now;
    acceptor.damaged(out);
    repair.begin(now, out);
    announce(out);
  }

  @Override
  public void peerLost(long now, int member, Effects<PaxosMessage> out) {
    this.now = now;
    Leading leading = proposer.leading();
    if (leading != null) {
      leading.peerLost(member);
    } else {
      election.peerLost(now, member);
    }
    announce(out);
  }

  /** P19: without a disk it accepts nothing, so what it proposes is for others to propose. */
  @Override
  public void storageStalled(long now, boolean stalled, Effects<PaxosMessage> out) {
    this.now = now;
    election.stalled(stalled);
    if (stalled && (proposer.isActive() || election.isPolling())) {
      proposer.abandon(out);
      election.resigned(now);
    }
    announce(out);
  }

  @Override
  public void transfer(long now, int target, Effects<PaxosMessage> out) {
    this.now = now;
    Leading leading = proposer.leading();
    if (leading == null) {
      out.transferFailed("this replica does not lead");
    } else {
      leading.transfer(now, target, out);
    }
    announce(out);
  }

  @Override
  public Status status() {
    List<String> findings = new ArrayList<>();
    if (!formation.hasVote()) {
      String why = formation.whyNot(self);
      findings.add("this replica has no vote: " + (why == null ? "it was not named" : why));
    }
    if (!acceptor.testifies()) {
      findings.add(
          "the record of this replica's promises is damaged: it promises and accepts nothing any"
              + " more, and only follows; it has to be replaced");
    }
    if (slots.firstFaulty() <= slots.last()) {
      findings.add(
          String.format(
              "slot %d is damaged on this replica: it waits for a copy of what is chosen there",
              slots.firstFaulty()));
    }
    if (proposer.isActive()) {
      proposer.findings(now, findings);
    } else {
      election.findings(now, findings);
    }
    if (learner.knownTo() > learner.chosenTo()) {
      findings.add(
          String.format(
              "slots %d to %d are chosen and their values not here yet",
              learner.chosenTo() + 1, learner.knownTo()));
    }
    if (stranger != null) {
      String why = formation.whyNot(stranger);
      if (why != null) {
        findings.add("messages are ignored: " + why);
      }
    }
    return new Status(
        role(),
        leader(),
        acceptor.promised().stamp(),
        learner.chosenTo(),
        acceptor.durablyChosenTo(),
        findings);
  }

  private String role() {
    if (proposer.leading() != null) {
      return "leader";
    }
    return proposer.isActive() || election.isPolling() ? "candidate" : "follower";
  }

  // ---- what the parts share ----

  /** The own acceptor has promised, or accepted in, a higher ballot than before. */
  void raised(Ballot promised, Effects<PaxosMessage> out) {
    proposer.raised(promised, out);
  }

  private int leader() {
    Leading leading = proposer.leading();
    if (leading == null) {
      return election.leader();
    }
    return leading.isOpen() ? self.id() : 0;
  }

  private void announce(Effects<PaxosMessage> out) {
    Leading leading = proposer.leading();
    int leader = leader();
    Ballot ballot = leading != null ? leading.ballot() : election.leaderBallot();
    if (leader == toldLeader && ballot.equals(toldBallot)) {
      return;
    }
    if (leader != toldLeader) {
      readRequests.fail(out);
    }
    toldLeader = leader;
    toldBallot = ballot;
    out.leader(leader, ballot.stamp());
  }

  Member self() {
    return self;
  }

  long now() {
    return now;
  }

  /** A number that no other question of this replica, in any of its lives, carries. */
  long token() {
    return nextToken++;
  }
}
