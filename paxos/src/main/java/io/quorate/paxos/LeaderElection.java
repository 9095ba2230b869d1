package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Poll;
import io.quorate.paxos.PaxosMessage.PollReply;
import io.quorate.spi.Effects;
import io.quorate.spi.Member;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when this replica should propose: ballot leader election in the manner of Omni-Paxos
 * (§5.1 of that paper), apart from the log. It is for progress only; that two propose at once is
 * safe.
 */
/* Who hears no leader for a timeout asks all others whether they do. It stands once a quorum for
 * phase 1 says no, for then no leader can have a quorum either: this is what "quorum-connected and
 * unhappy" comes to, and it holds in the three partial partitions:
 * - quorum-loss: a leader without a quorum resigns, the hub of the star stands (P20);
 * - chained: the far end hears that the middle has a leader, and lets it be (P21);
 * - constrained: nothing is compared with anybody's log, so the only one that reaches a quorum may
 *   stand however little it holds (P22).
 * Nobody is told the highest ballot that somebody else has seen: two that cannot hear each other
 * would outbid each other through a third. A ballot grows when a poll was won, or by one refusal.
 */
final class LeaderElection {
  private final PaxosEngine paxos;
  private final long timeoutNanos;
  private final @Nullable Boolean[] answers;
  private int leader;
  private Ballot leaderBallot = Ballot.NONE;
  private long heardAt;
  private long deadline;
  private boolean polling;
  private long token;
  private boolean leaderLost;
  private long leaderLostAt;
  private boolean stalled;

  LeaderElection(PaxosEngine paxos) {
    this.paxos = paxos;
    timeoutNanos = paxos.timing.electionNanos();
    answers = new Boolean[paxos.formation.voters()];
  }

  /** Who leads, of the others; 0 if that is not known. */
  int leader() {
    return leader;
  }

  Ballot leaderBallot() {
    return leaderBallot;
  }

  boolean isPolling() {
    return polling;
  }

  boolean hearsLeader(long now) {
    return leader != 0 && now - heardAt < paxos.timing.electionTimeoutNanos();
  }

  void start(long now, Effects<PaxosMessage> out) {
    deadline = now + paxos.timing.electionNanos();
    heardAt = now;
    if (paxos.formation.voters() == 1 && mayStand()) {
      poll(now, out);
    }
  }

  long patience(long now) {
    return deadline - now;
  }

  void tick(long now, Effects<PaxosMessage> out) {
    if (now - deadline < 0) {
      return;
    }
    if (stalled || paxos.proposer.isWaitingForDisk() || !mayStand()) {
      deadline = now + timeoutNanos;
    } else {
      poll(now, out);
    }
  }

  /** Only a voter stands, and only one that knows what it has promised (P34). */
  private boolean mayStand() {
    return paxos.formation.hasVote() && paxos.acceptor.testifies();
  }

  /** Whether it can follow a leader in office that asks it to. */
  boolean mayTakeOver() {
    return mayStand() && !stalled && !paxos.proposer.isActive();
  }

  // ---- what happens elsewhere ----

  /** The own disk does not answer, or does again: who has none is no candidate. */
  void stalled(boolean now) {
    stalled = now;
  }

  /** The leader of a ballot, which was promised, has spoken. */
  void heard(long now, Member from, Ballot ballot) {
    leader = from.id();
    leaderBallot = ballot;
    heardAt = now;
    deadline = now + timeoutNanos;
    polling = false;
    leaderLost = false;
  }

  /** Another was promised a ballot: it has a whole timeout to show that it leads. */
  void promised(long now) {
    leader = 0;
    polling = false;
    deadline = now + timeoutNanos;
  }

  /** The own proposal came to nothing; another poll follows before long. */
  void retrySoon(long now) {
    leader = 0;
    polling = false;
    deadline = now + paxos.timing.retryNanos();
  }

  /** The own leadership is over, and nothing tells who comes next. */
  void resigned(long now) {
    leader = 0;
    polling = false;
    deadline = now + paxos.timing.electionNanos();
  }

  /** A ballot of its own is under way. */
  void stands(long now) {
    leader = 0;
    polling = false;
    deadline = now + paxos.timing.electionNanos();
  }

  /** The voters take their turns, instead of waiting for an election timeout (DESIGN §4). */
  void peerLost(long now, int member) {
    if (member == leader) {
      leaderLost = true;
      leaderLostAt = now;
      leader = 0;
      deadline = now + paxos.timing.hintedNanos(paxos.formation.rankWithout(member));
    }
  }

  // ---- polls ----

  private void poll(long now, Effects<PaxosMessage> out) {
    paxos.proposer.abandon(out);
    polling = true;
    leader = 0;
    token = paxos.token();
    deadline = now + paxos.timing.electionNanos();
    Arrays.fill(answers, null);
    answers[paxos.formation.placeOf(paxos.self())] = true;
    if (has(true, paxos.formation.votesToWin())) {
      paxos.proposer.prepare(now, out);
      return;
    }
    for (int place = 0; place < answers.length; place++) {
      int id = paxos.formation.idAt(place);
      if (id != paxos.self().id()) {
        out.send(id, new Poll(token, paxos.learner.chosenTo()));
      }
    }
  }

  /** No to anybody else while there is a leader, or one is in the making here. */
  void onPoll(long now, Member from, Poll poll, Effects<PaxosMessage> out) {
    if (!paxos.acceptor.testifies()) {
      paxos.learner.knows(now, from.id(), poll.chosenTo(), out);
      return; // It could give no promise afterwards.
    }
    boolean granted = !paxos.proposer.isActive() && !(hearsLeader(now) && leader != from.id());
    out.send(from.id(), new PollReply(poll.token(), granted, paxos.learner.chosenTo()));
    if (granted) {
      giveWay(now, from, poll);
    }
    paxos.learner.knows(now, from.id(), poll.chosenTo(), out);
  }

  /** Of two that poll, the one that knows less, then the one with the higher id, gives way. */
  private void giveWay(long now, Member to, Poll poll) {
    long own = paxos.learner.chosenTo();
    long later = now + paxos.timing.retryNanos();
    if (!polling) {
      deadline = deadline - later < 0 ? later : deadline;
    } else if (poll.chosenTo() > own || (poll.chosenTo() == own && to.id() < paxos.self().id())) {
      polling = false;
      deadline = later;
    }
  }

  void onPollReply(long now, Member from, PollReply reply, Effects<PaxosMessage> out) {
    paxos.learner.knows(now, from.id(), reply.chosenTo(), out);
    if (!polling || reply.token() != token) {
      return;
    }
    answers[paxos.formation.placeOf(from)] = reply.granted();
    int needed = paxos.formation.votesToWin();
    if (has(true, needed)) {
      paxos.proposer.prepare(now, out);
    } else if (has(false, answers.length - needed + 1) && isHinted(now)) {
      deadline = now + paxos.timing.retryNanos();
    }
  }

  private boolean isHinted(long now) {
    return leaderLost && now - leaderLostAt < paxos.timing.electionTimeoutNanos();
  }

  private boolean has(boolean granted, int least) {
    int count = 0;
    for (Boolean answer : answers) {
      if (answer != null && answer == granted) {
        count++;
      }
    }
    return count >= least;
  }

  void findings(long now, List<String> findings) {
    if (polling) {
      findings.add(
          String.format(
              "no leader: %d of %d voters have to say that they hear none either%s",
              paxos.formation.votesToWin(),
              answers.length,
              paxos.formation.isFounded() ? "" : " (to found the group, all)"));
      for (int place = 0; place < answers.length; place++) {
        Boolean answer = answers[place];
        int id = paxos.formation.idAt(place);
        if (id != paxos.self().id()) {
          String said = answer == null ? "silent" : answer ? "hears none" : "hears a leader";
          findings.add("member " + id + ": " + said);
        }
      }
    } else if (leader == 0) {
      findings.add("no leader is known");
    } else if (!hearsLeader(now)) {
      findings.add(
          String.format(
              "the leader, member %d, was not heard for %d ms",
              leader, (now - heardAt) / 1_000_000));
    }
  }
}
