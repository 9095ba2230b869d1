package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Accepts;
import io.quorate.paxos.PaxosMessage.AskAccepted;
import io.quorate.spi.Effects;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads that a quorum of acceptors confirms, without a leader and without clocks (Charapko et al.,
 * "Linearizable Quorum Reads in Paxos", 2019).
 *
 * <p>Bounds: at most 4096 wait; the oldest gives way to one more.
 */
/* What was acknowledged before the question was accepted by a quorum of phase 2, and each quorum of
 * phase 1 meets that (P40): so the highest slot that one of those asked has accepted anything in is no
 * lower. All below it has to be chosen before the read is served, also what nobody has acknowledged
 * yet; where that takes long, the runtime asks the leader instead, if there is one (P39).
 */
final class QuorumReads {
  private static final int READS_MAX = 4096;

  private static final class Question {
    final long token;
    final long id;
    int places;
    long highest;

    Question(long token, long id) {
      this.token = token;
      this.id = id;
    }
  }

  private final PaxosEngine paxos;
  private final List<Question> questions = new ArrayList<>();

  QuorumReads(PaxosEngine paxos) {
    this.paxos = paxos;
  }

  /** Refused before the group is founded: whose answers count is not known until then. */
  void read(long id, Effects<PaxosMessage> out) {
    if (!paxos.formation.isFounded()) {
      out.unreadable(id);
      return;
    }
    if (questions.size() == READS_MAX) {
      out.unreadable(questions.remove(0).id);
    }
    Question question = new Question(paxos.token(), id);
    questions.add(question);
    for (int place = 0; place < paxos.formation.voters(); place++) {
      int member = paxos.formation.idAt(place);
      if (member != paxos.self().id()) {
        out.send(member, new AskAccepted(question.token));
      }
    }
    if (testifies()) {
      answered(paxos.self(), new Accepts(question.token, highest()), out);
    }
  }

  /** Whoever does not know what it has accepted, or has no vote, says nothing. */
  void onAsk(Member from, AskAccepted ask, Effects<PaxosMessage> out) {
    if (testifies()) {
      out.send(from.id(), new Accepts(ask.token(), highest()));
    }
  }

  private boolean testifies() {
    return paxos.acceptor.testifies() && paxos.formation.hasVote();
  }

  /** Durable or not; nobody was told of more. */
  private long highest() {
    return Math.max(paxos.slots.last(), paxos.learner.chosenTo());
  }

  void answered(Member from, Accepts answer, Effects<PaxosMessage> out) {
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      if (question.token == answer.token()) {
        question.places |= 1 << paxos.formation.placeOf(from);
        question.highest = Math.max(question.highest, answer.highest());
        if (Quorum.isMajority(Integer.bitCount(question.places), paxos.formation.voters())) {
          questions.remove(i);
          out.readable(question.id, question.highest);
        }
        return;
      }
    }
  }
}
