package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.spi.Effects;

/** Refills what was found damaged below what is known to be chosen (D10). */
/* Above that, phase 1 settles a damaged slot (P33), or a leader proposes it anew, or it is learned as
 * anything else that a replica lacks: what was damaged at the start lies there, for the learner
 * begins below it. Here it is about what an acceptor that runs finds when it reads for others.
 */
final class Repair {
  private final PaxosEngine paxos;
  private int place;
  private long askAt;

  Repair(PaxosEngine paxos) {
    this.paxos = paxos;
  }

  private boolean lacks() {
    return paxos.slots.firstFaulty() <= paxos.learner.chosenTo();
  }

  /** There is damage that was not known. */
  void begin(long now, Effects<PaxosMessage> out) {
    askAt = now;
    tick(now, out);
  }

  /** How long until {@link #tick} is wanted. */
  long patience(long now) {
    return lacks() ? askAt - now : PaxosEngine.IDLE_NANOS;
  }

  /** Members take turns; the answer is learned as any other. */
  void tick(long now, Effects<PaxosMessage> out) {
    if (!lacks() || now - askAt < 0) {
      return;
    }
    askAt = now + paxos.timing.heartbeatNanos();
    place = (place + 1) % paxos.formation.voters();
    int id = paxos.formation.idAt(place);
    if (id != paxos.self().id()) {
      long slot = paxos.slots.firstFaulty();
      out.send(id, new CatchupRequest(slot, slot));
    }
  }
}
