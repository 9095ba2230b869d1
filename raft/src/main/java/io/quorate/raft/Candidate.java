package io.quorate.raft;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.PreVote;
import io.quorate.raft.RaftMessage.PreVoteReply;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Member;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stands for election: asks who would vote for it (§9.6), then for the votes (§3.4). */
/* Three phases. ASKING: pre-vote, nothing persistent changes. SAVING: the new term with the own vote
 * in it is on its way to the disk; nothing is asked until it is durable (E2). RUNNING: the votes are
 * asked for; the timer runs from here on (E19). A lost round goes back to ASKING: soon where the
 * votes were split or a broken connection tells that the leader is gone, else after a timeout.
 */
final class Candidate implements Role {
  private enum Phase {
    ASKING,
    SAVING,
    RUNNING
  }

  private final RaftEngine raft;
  private final @Nullable Answer[] answers;
  private final long[] voted;
  private Phase phase = Phase.ASKING;
  private long round;
  private long deadline;
  private boolean handed;
  private boolean released;

  Candidate(RaftEngine raft) {
    this.raft = raft;
    answers = new Answer[raft.formation.voters()];
    voted = new long[answers.length];
  }

  @Override
  public String name() {
    return "candidate";
  }

  /** Nobody: a pre-candidate has let go of its leader (E6). */
  @Override
  public int leader() {
    return 0;
  }

  @Override
  public boolean hearsLeader(long now) {
    return false;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  /**
   * Stands at once, because the leader has asked for it (§3.10).
   *
   * @param leaseReleased whether that leader's lease is over; that is worth something in the very
   *     next term only
   */
  void takeOver(long now, boolean leaseReleased, Effects<RaftMessage> out) {
    handed = true;
    released = leaseReleased;
    deadline = now + raft.timing.electionNanos();
    stand(out);
  }

  /** Starts a round of pre-votes. */
  void begin(long now, Effects<RaftMessage> out) {
    handed = false;
    released = false;
    phase = Phase.ASKING;
    round = raft.token();
    deadline = now + raft.timing.electionNanos();
    Arrays.fill(answers, null);
    answer(raft.self(), Answer.GRANTED);
    if (has(raft.formation.votesToWin(), true)) {
      stand(out);
    } else {
      askAll(new PreVote(raft.term(), round, raft.log.last(), raft.log.lastTerm()), out);
    }
  }

  @Override
  public void tick(long now, Effects<RaftMessage> out) {
    if (now - deadline < 0) {
      return;
    }
    if (phase == Phase.SAVING) {
      deadline = now + raft.timing.electionNanos(); // Nothing can be asked before the disk is done.
    } else {
      begin(now, out);
    }
  }

  @Override
  public void onPreVoteReply(long now, Member from, PreVoteReply reply, Effects<RaftMessage> out) {
    if (phase != Phase.ASKING || reply.round() != round) {
      return;
    }
    answer(from, reply.answer());
    if (has(raft.formation.votesToWin(), true)) {
      stand(out);
    } else if (isLost() && raft.hasHint(now)) {
      retrySoon(now);
    }
  }

  private void stand(Effects<RaftMessage> out) {
    phase = Phase.SAVING;
    Arrays.fill(answers, null);
    raft.standForElection(out);
  }

  /** The own vote is durable: now it counts, and the others are asked. */
  @Override
  public void durable(long now, Effects<RaftMessage> out) {
    if (phase != Phase.SAVING || !raft.isRecordDurable()) {
      return;
    }
    phase = Phase.RUNNING;
    deadline = now + raft.timing.electionNanos();
    answer(raft.self(), Answer.GRANTED);
    if (has(raft.formation.votesToWin(), true)) {
      raft.lead(voted, released, out);
    } else {
      askAll(new RequestVote(raft.term(), raft.log.last(), raft.log.lastTerm(), handed), out);
    }
  }

  @Override
  public void onVoteReply(long now, Member from, VoteReply reply, Effects<RaftMessage> out) {
    if (phase != Phase.RUNNING || reply.election() != raft.term()) {
      return;
    }
    Check.that(
        reply.answer() != Answer.GRANTED || reply.term() == raft.term(),
        "IR1 a vote is given in its own term");
    answer(from, reply.answer());
    if (has(raft.formation.votesToWin(), true)) {
      raft.lead(voted, released, out);
    } else if (isLost() && (isSplit() || raft.hasHint(now))) {
      retrySoon(now);
    }
  }

  /** Of two pre-candidates the one with the older log, then with the higher id, yields. */
  @Override
  public void granted(long now, Member to, PreVote request, Effects<RaftMessage> out) {
    boolean equal =
        request.lastIndex() == raft.log.last() && request.lastTerm() == raft.log.lastTerm();
    if (phase == Phase.ASKING && (!equal || to.id() < raft.self().id())) {
      raft.retreat(now + raft.timing.retryNanos(), out);
    }
  }

  /** A connection that breaks says nothing about a vote. */
  @Override
  public void peerLost(long now, int member, Effects<RaftMessage> out) {}

  @Override
  public void read(long now, long id, Effects<RaftMessage> out) {
    out.unreadable(id);
  }

  @Override
  public void leave(Effects<RaftMessage> out) {}

  @Override
  public void findings(long now, List<String> findings) {
    if (phase == Phase.SAVING) {
      findings.add("no leader: the disk has not made the vote of term " + raft.term() + " durable");
      return;
    }
    findings.add(
        String.format(
            "no leader: %s in term %d needs the votes of %d of %d voters%s",
            phase == Phase.ASKING ? "a pre-vote" : "an election",
            raft.term(),
            raft.formation.votesToWin(),
            answers.length,
            raft.formation.isFounded() ? "" : " (to found the group, of all)"));
    for (int i = 0; i < answers.length; i++) {
      if (raft.formation.idAt(i) != raft.self().id()) {
        Answer answer = answers[i];
        findings.add(
            "member "
                + raft.formation.idAt(i)
                + ": "
                + (answer == null ? "silent" : answer.words()));
      }
    }
  }

  private void askAll(RaftMessage question, Effects<RaftMessage> out) {
    for (int i = 0; i < answers.length; i++) {
      if (raft.formation.idAt(i) != raft.self().id()) {
        out.send(raft.formation.idAt(i), question);
      }
    }
  }

  /** Votes are counted with the incarnation that cast them; a new one replaces the old one's. */
  private void answer(Member from, Answer answer) {
    int place = raft.formation.placeOf(from);
    Check.that(place >= 0, "only voters answer");
    answers[place] = answer;
    voted[place] = from.incarnation();
  }

  private boolean has(int least, boolean granted) {
    int count = 0;
    for (Answer answer : answers) {
      if (answer != null && (answer == Answer.GRANTED) == granted) {
        count++;
      }
    }
    return count >= least;
  }

  private boolean isLost() {
    return has(answers.length - raft.formation.votesToWin() + 1, false);
  }

  private boolean isSplit() {
    for (Answer answer : answers) {
      if (answer == Answer.VOTE_SPENT) {
        return true;
      }
    }
    return false;
  }

  private void retrySoon(long now) {
    long soon = now + raft.timing.retryNanos();
    if (soon - deadline < 0) {
      deadline = soon;
    }
  }
}
