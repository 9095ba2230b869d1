package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.AcceptNack;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Effects;
import io.quorate.spi.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proposes ("Paxos Made Simple" §2.2, proposer; §3): idle, or {@link Preparing} a ballot, or {@link
 * Leading} one. Any replica may, whatever its log holds.
 */
/* A ballot ends here when its own acceptor promises a higher one, when a quorum refuses it, when no
 * quorum is heard, or when the election asks around anew. A new ballot is always one round above
 * what this acceptor has promised, and above the one refusal that ended the last (P14): the promise
 * to itself is durable before anybody hears of the ballot, so no round is used in two lives.
 */
final class Proposer {
  private final PaxosEngine paxos;
  private @Nullable Preparing preparing;
  private @Nullable Leading leading;
  private long refusedRound;

  Proposer(PaxosEngine paxos) {
    this.paxos = paxos;
  }

  /** The ballot that is led; null if none is. */
  @Nullable Leading leading() {
    return leading;
  }

  boolean isActive() {
    return leading != null || preparing != null;
  }

  /** Whether a ballot cannot be told yet because the own promise is not durable. */
  boolean isWaitingForDisk() {
    Preparing own = preparing;
    return own != null && !own.isAsking();
  }

  /** Phase 1a. */
  void prepare(long now, Effects<PaxosMessage> out) {
    follow(now, Ballot.NONE, out);
  }

  /**
   * Phase 1a, as the successor of a leader that has given its lease back.
   *
   * @param released that leader's ballot; NONE if there is none
   */
  void follow(long now, Ballot released, Effects<PaxosMessage> out) {
    abandon(out);
    paxos.election.stands(now);
    long round = Math.max(paxos.acceptor.promised().round(), refusedRound) + 1;
    Ballot ballot = new Ballot(round, paxos.self().id());
    Prepare prepare = new Prepare(ballot, paxos.token(), paxos.learner.chosenTo() + 1);
    preparing = new Preparing(paxos, prepare, released);
    paxos.acceptor.onPrepare(paxos.self(), prepare, out);
  }

  /** Something became durable: perhaps the promise to itself. */
  void durable(Effects<PaxosMessage> out) {
    Preparing own = preparing;
    if (own != null && !own.isAsking() && paxos.acceptor.isPromiseDurable()) {
      own.ask(out);
    }
  }

  void onPromise(Member from, Promise promise, Effects<PaxosMessage> out) {
    Preparing own = preparing;
    if (own == null || !own.takes(from, promise)) {
      return; // Of another ballot, or of another life (P11).
    }
    if (!paxos.formation.isFounded() && promise.chosenTo() > 0) {
      retrySoon(out); // The group is founded: whose promises count is to be learned first.
      paxos.learner.knows(paxos.now(), from.id(), promise.chosenTo(), out);
    } else if (own.isComplete()) {
      win(own, out);
    }
  }

  private void win(Preparing won, Effects<PaxosMessage> out) {
    preparing = null;
    Leading next = new Leading(paxos, won);
    leading = next;
    next.begin(out);
  }

  void onPrepareNack(Member from, PrepareNack nack, Effects<PaxosMessage> out) {
    Preparing own = preparing;
    if (own != null && own.isRefused(from, nack)) {
      refusedRound = Math.max(refusedRound, nack.promised().round());
      if (!own.mayWin()) {
        retrySoon(out);
      }
    }
  }

  /** The own acceptor has accepted, durably. */
  void acceptedHere(Ballot ballot, List<SlotRange> accepted, Effects<PaxosMessage> out) {
    Leading own = leading;
    if (own != null && own.ballot().equals(ballot)) {
      own.acceptedHere(accepted, out);
    }
  }

  void onAccepted(long now, Member from, Accepted accepted, Effects<PaxosMessage> out) {
    Leading own = leading;
    if (own != null && own.ballot().equals(accepted.ballot())) {
      own.onAccepted(now, from, accepted, out); // Of this ballot only (P12).
    }
  }

  void onAcceptNack(long now, Member from, AcceptNack nack, Effects<PaxosMessage> out) {
    Leading own = leading;
    if (own != null && own.ballot().equals(nack.ballot())) {
      refusedRound = Math.max(refusedRound, nack.promised().round());
      own.onRefused(now, from, out);
    }
  }

  /** The own acceptor has promised, or accepted in, this ballot. */
  void raised(Ballot promised, Effects<PaxosMessage> out) {
    Preparing prepared = preparing;
    Leading led = leading;
    if ((prepared != null && promised.isAbove(prepared.ballot()))
        || (led != null && promised.isAbove(led.ballot()))) {
      abandon(out);
      paxos.election.resigned(paxos.now());
    }
  }

  void retrySoon(Effects<PaxosMessage> out) {
    abandon(out);
    paxos.election.retrySoon(paxos.now());
  }

  /** Ends whatever ballot is under way; who waits for reads is told. */
  void abandon(Effects<PaxosMessage> out) {
    preparing = null;
    Leading own = leading;
    if (own != null) {
      leading = null;
      own.end(out);
    }
  }

  void findings(long now, List<String> findings) {
    Preparing prepared = preparing;
    Leading led = leading;
    if (prepared != null) {
      prepared.findings(findings);
    } else if (led != null) {
      led.findings(now, findings);
    }
  }
}
