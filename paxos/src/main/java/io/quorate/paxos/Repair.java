package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.AskSlot;
import io.quorate.paxos.PaxosMessage.SlotReport;
import io.quorate.paxos.Synod.Report;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refills what was found damaged below what is known to be chosen (D10, P48). */
/* Above that, phase 1 settles a damaged slot (P33), or a leader proposes it anew, or it is learned as
 * anything else that a replica lacks: what was damaged at the start lies there, for the learner
 * begins below it. Here it is about what an acceptor that runs finds when it reads for others.
 *
 * That the slot is chosen may be known here alone, so who is asked tells what it has accepted, chosen
 * or not. Some quorum had accepted the chosen value, in ballots of which none is above the one that
 * the damaged copy has; so by P2c it is the value
 * - of any copy whose ballot is that of the damaged one, or higher;
 * - of the highest ballot among so many others that no quorum is without one of them.
 * A read that failed once may succeed later, so this replica takes its turn as well.
 */
final class Repair {
  private final PaxosEngine paxos;
  private final @Nullable AskSlot[] waiting;
  private int place;
  private long askAt;

  // What was told of the slot that is lacking.
  private long slot;
  private int told;
  private @Nullable Report best;

  Repair(PaxosEngine paxos) {
    this.paxos = paxos;
    waiting = new AskSlot[paxos.formation.voters()];
  }

  // ---- the one who lacks ----

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

  /** Members take turns. */
  void tick(long now, Effects<PaxosMessage> out) {
    if (lacks() && now - askAt >= 0) {
      place = (place + 1) % waiting.length;
      ask(now, out);
    }
  }

  private void ask(long now, Effects<PaxosMessage> out) {
    askAt = now + paxos.timing.heartbeatNanos();
    if (slot != paxos.slots.firstFaulty()) {
      slot = paxos.slots.firstFaulty();
      told = 0;
      best = null;
    }
    int id = paxos.formation.idAt(place);
    if (id == paxos.self().id()) {
      out.fetch(id, slot, 1);
    } else {
      out.send(id, new AskSlot(slot));
    }
  }

  void onReport(long now, Member from, SlotReport report, Effects<PaxosMessage> out) {
    if (!lacks() || report.slot() != slot || slot != paxos.slots.firstFaulty()) {
      return;
    }
    told |= 1 << paxos.formation.placeOf(from);
    Entry accepted = report.accepted();
    if (accepted != null) {
      best = Synod.weightier(best, new Report(accepted, report.chosen()));
    }
    boolean isOfAllQuorums =
        Integer.bitCount(told) + Quorum.majority(waiting.length) > waiting.length;
    if (best != null && Synod.isSettled(best, paxos.slots.ballotAt(slot), isOfAllQuorums)) {
      refill(now, best.entry(), out);
    }
  }

  private void refill(long now, Entry entry, Effects<PaxosMessage> out) {
    paxos.learner.learn(entry, out);
    if (lacks()) {
      ask(now, out);
    }
  }

  // ---- the one who has ----

  /** What is damaged here, or in a snapshot, cannot be told. */
  void onAsk(Member from, AskSlot ask, Effects<PaxosMessage> out) {
    long asked = ask.slot();
    if (asked <= paxos.slots.base() || paxos.slots.isFaulty(asked)) {
      return;
    }
    boolean isHeld = paxos.slots.holds(asked);
    Entry entry = isHeld ? paxos.slots.resident(asked) : null;
    if (isHeld && entry == null) {
      waiting[paxos.formation.placeOf(from)] = ask;
      out.fetch(from.id(), asked, 1);
    } else {
      report(from.id(), asked, entry, out);
    }
  }

  private void report(int to, long asked, @Nullable Entry entry, Effects<PaxosMessage> out) {
    out.send(to, new SlotReport(asked, entry, entry != null && paxos.learner.isChosen(asked)));
  }

  /** What was written anew meanwhile is in memory, for the next question. */
  void fetched(long now, int to, List<Entry> found, Effects<PaxosMessage> out) {
    if (found.isEmpty()) {
      return;
    }
    Entry entry = found.get(0);
    if (to == paxos.self().id()) {
      readAgain(now, entry, out);
      return;
    }
    for (int i = 0; i < waiting.length; i++) {
      AskSlot ask = waiting[i];
      if (ask != null && paxos.formation.idAt(i) == to && ask.slot() == entry.index()) {
        waiting[i] = null;
        if (paxos.slots.holds(entry.index(), entry.stamp())) {
          report(to, entry.index(), entry, out);
        }
      }
    }
  }

  private void readAgain(long now, Entry entry, Effects<PaxosMessage> out) {
    if (lacks()
        && entry.index() == paxos.slots.firstFaulty()
        && Ballot.of(entry.stamp()).equals(paxos.slots.ballotAt(entry.index()))) {
      refill(now, entry, out);
    }
  }
}
