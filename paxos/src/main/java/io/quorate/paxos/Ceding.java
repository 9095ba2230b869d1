package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Cede;
import io.quorate.spi.Effects;
import org.jspecify.annotations.Nullable;

/** A leader's way out of office in favour of another voter. */
/* It ends with the ballot: nothing of it is left for a later one (A4). All that was proposed has to be
 * chosen before the other is told to prepare: then it finds nothing to propose again, and whoever
 * waits for an outcome here has it.
 */
final class Ceding {
  private final PaxosEngine paxos;
  private final Progress target;
  private final long deadline;
  private final boolean released;
  private boolean told;

  /**
   * Begins.
   *
   * @param released whether the leader's lease, which is over, spares the target its wait
   */
  Ceding(PaxosEngine paxos, Progress target, long now, boolean released) {
    this.paxos = paxos;
    this.target = target;
    this.released = released;
    deadline = now + paxos.timing.electionTimeoutNanos();
  }

  /** The one that is to take over; of several, the one that lacks least. */
  static @Nullable Progress choose(
      PaxosEngine paxos, @Nullable Progress[] acceptors, int target, long now) {
    Progress best = null;
    for (Progress acceptor : acceptors) {
      if (acceptor != null
          && (target == 0 || target == acceptor.id())
          && (best == null || acceptor.lag() < best.lag())
          && acceptor.hasRoom()
          && !acceptor.refuses
          && now - acceptor.heardAt < paxos.timing.electionTimeoutNanos()) {
        best = acceptor;
      }
    }
    return best;
  }

  long deadline() {
    return deadline;
  }

  int target() {
    return target.id();
  }

  /** Tells the target to prepare, once all is chosen and told, and again with each heartbeat. */
  void advance(Ballot ballot, Proposals proposals, boolean again, Effects<PaxosMessage> out) {
    long chosenTo = proposals.next() - 1;
    boolean ready = paxos.learner.chosenTo() >= chosenTo && target.isIdle();
    if (ready && (again || !told)) {
      told = true;
      out.send(target.id(), new Cede(ballot, chosenTo, released));
    }
  }
}
