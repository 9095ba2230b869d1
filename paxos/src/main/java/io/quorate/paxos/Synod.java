package io.quorate.paxos;

import io.quorate.spi.Entry;
import io.quorate.spi.Quorum;
import org.jspecify.annotations.Nullable;

/**
 * Single-decree Paxos as functions of their arguments ("Paxos Made Simple" §2.2; "The Part-Time
 * Parliament" §2.3, the preliminary protocol). All that the engine decides about one slot, it
 * decides here.
 */
final class Synod {
  private Synod() {}

  /** P1a: whether who has promised {@code promised} may promise {@code asked}. */
  static boolean mayPromise(Ballot promised, Ballot asked) {
    return !promised.isAbove(asked);
  }

  /** P1a: whether who has promised {@code promised} may accept a proposal numbered so. */
  static boolean mayAccept(Ballot promised, Ballot proposed) {
    return !promised.isAbove(proposed);
  }

  /** What is promised after a promise or an acceptance under {@code seen}: both raise it (P4). */
  static Ballot raised(Ballot promised, Ballot seen) {
    return seen.isAbove(promised) ? seen : promised;
  }

  /**
   * What one acceptor says about one slot.
   *
   * @param entry the value, under the ballot that it was accepted in last
   * @param chosen whether the acceptor knows it to be chosen
   */
  record Report(Entry entry, boolean chosen) {
    Ballot ballot() {
      return Ballot.of(entry.stamp());
    }
  }

  /**
   * P2c: of all reports of one quorum about one slot, the one whose value has to be proposed: a
   * chosen one, else that of the highest ballot. Whose report it is never matters (P5).
   *
   * @param best of the reports so far; null if there was none, and any value may be proposed
   */
  static Report weightier(@Nullable Report best, Report next) {
    if (best == null) {
      return next;
    }
    if (best.chosen() != next.chosen()) {
      return best.chosen() ? best : next;
    }
    return next.ballot().isAbove(best.ballot()) ? next : best;
  }

  /**
   * P33: whether a slot may be decided although acceptors of the quorum have accepted in it what
   * they cannot read any more. What they report is no "nothing": they may have helped to choose it.
   *
   * @param best of the intact reports; null if there is none
   * @param damaged the highest ballot in which a damaged value was accepted
   * @param isQuorumWithout whether those who report no damage are a quorum by themselves
   */
  /* If an intact report has a ballot at or above, it carries the damaged value or, by P2c, a later one
   * that was safe to propose. If the others are a quorum, the damaged reports are not needed.
   */
  static boolean isSettled(@Nullable Report best, Ballot damaged, boolean isQuorumWithout) {
    return isQuorumWithout || (best != null && (best.chosen() || !damaged.isAbove(best.ballot())));
  }

  /** Whether a value that these acceptors, as bits by place, accepted in one ballot is chosen. */
  static boolean isChosen(int acceptors, int voters) {
    return Quorum.isMajority(Integer.bitCount(acceptors), voters);
  }
}
