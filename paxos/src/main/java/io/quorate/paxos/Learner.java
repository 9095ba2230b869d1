package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.util.List;

/**
 * Knows which values are chosen ("Paxos Made Simple" §2.3), in any order; tells the runtime in
 * order; asks others for what it lacks.
 */
/* There are three ways to know that the value in a slot here is chosen, and no other:
 * - this replica leads and has counted a quorum that accepted it in its ballot;
 * - the leader of a ballot says that the slot is chosen, and the value here was accepted in that very
 *   ballot. In any other ballot it may be another value, which is then asked for (P13);
 * - somebody who knows it sends the value (catch-up, or a promise that flags it).
 *
 * A leader that learns in the third way of another value than the one it has proposed stores it, and
 * with it promises the higher ballot that it was chosen in: its own ballot is over, before it could
 * tell its followers that what they have accepted in it is chosen.
 */
final class Learner {
  private final PaxosEngine paxos;
  private final Slots slots;
  private final SlotSet ahead = new SlotSet();
  private final Catchup catchup;
  private final long recorded;
  private long chosenTo;
  private long published;

  private Ballot told = Ballot.NONE;
  private Stamp toldStamp = Stamp.NONE;
  private long toldTo;

  Learner(PaxosEngine paxos, Slots slots, long chosenTo) {
    this.paxos = paxos;
    this.slots = slots;
    recorded = chosenTo;
    this.chosenTo = Math.max(slots.base(), Math.min(chosenTo, slots.firstFaulty() - 1));
    published = slots.base(); // The runtime knows it to be committed.
    catchup = new Catchup(paxos);
  }

  /** Tells what is chosen. What of it is damaged here, and is below that, is asked for (P35). */
  void start(long now, Effects<PaxosMessage> out) {
    publish(out);
    knows(now, paxos.self().id(), recorded, out);
  }

  /** All slots up to there are known to be chosen. */
  long chosenTo() {
    return chosenTo;
  }

  boolean isChosen(long slot) {
    return slot <= chosenTo || ahead.contains(slot);
  }

  /** The first slot of those above {@link #chosenTo} that are known to be chosen; 0 if none is. */
  long aheadFrom() {
    return ahead.isEmpty() ? 0 : ahead.first();
  }

  /** The value in the slot is chosen. {@link #publish} has to follow. */
  void choose(long slot) {
    if (slot <= chosenTo) {
      return;
    }
    Check.that(slots.holds(slot), "IC3 what is chosen is held", slot, slots.last());
    if (slot == chosenTo + 1) {
      chosenTo = ahead.removeFrom(slot + 1);
    } else {
      ahead.add(slot);
    }
  }

  /** What is in a snapshot is chosen, and need not be published. */
  void rebased(Effects<PaxosMessage> out) {
    published = Math.max(published, slots.base());
    if (slots.base() > chosenTo) {
      ahead.removeTo(slots.base());
      chosenTo = ahead.removeFrom(slots.base() + 1);
      publish(out);
    }
  }

  /** In the order of the slots, whatever the order in which they were chosen. */
  void publish(Effects<PaxosMessage> out) {
    if (chosenTo > published) {
      published = chosenTo;
      out.commit(chosenTo);
    }
  }

  /** The leader of a ballot says that all slots up to {@code to} are chosen. */
  void told(long now, Member by, Ballot ballot, long to, Effects<PaxosMessage> out) {
    if (ballot.isAbove(told)) {
      told = ballot;
      toldStamp = ballot.stamp();
      toldTo = chosenTo;
    }
    if (ballot.equals(told)) {
      for (long slot = Math.max(toldTo, chosenTo) + 1; slot <= Math.min(to, slots.last()); slot++) {
        if (slots.holds(slot, toldStamp)) {
          choose(slot);
        }
      }
      toldTo = Math.max(toldTo, to);
      publish(out);
    }
    knows(now, by.id(), to, out);
  }

  /** A value was accepted; the ballot's leader may have called it chosen before it came. */
  void accepted(long slot, Stamp ballot, Effects<PaxosMessage> out) {
    if (slot <= toldTo && slot > chosenTo && ballot.equals(toldStamp)) {
      choose(slot);
      publish(out);
    }
  }

  /** Somebody who knows says that this is the value. */
  void learn(Entry chosen, Effects<PaxosMessage> out) {
    long slot = chosen.index();
    boolean faulty = slots.isFaulty(slot);
    if (isChosen(slot) && !faulty) {
      return;
    }
    Ballot held = slots.ballotAt(slot);
    if (Ballot.of(chosen.stamp()).isAbove(held)) {
      paxos.acceptor.store(chosen, out);
    } else if (faulty) {
      paxos.acceptor.store(slots.entry(slot, chosen, held.stamp()), out); // The same (P2c).
    }
    choose(slot);
    while (chosenTo < recorded && slots.holds(chosenTo + 1)) {
      choose(chosenTo + 1); // Known before the damage below was found.
    }
    publish(out);
  }

  // ---- catch-up ----

  /** A member knows all slots up to there to be chosen. */
  void knows(long now, int member, long to, Effects<PaxosMessage> out) {
    catchup.knows(now, member, to, out);
  }

  void onCatchupResponse(
      long now, Member from, CatchupResponse response, Effects<PaxosMessage> out) {
    List<Entry> entries = response.entries();
    long before = chosenTo;
    if (response.base() > chosenTo) {
      out.needSnapshot(from.id(), response.base());
    }
    for (int i = 0; i < entries.size(); i++) {
      learn(entries.get(i), out);
    }
    catchup.answered(now, from.id(), chosenTo > before, response.chosenTo(), out);
  }

  void onCatchupRequest(Member from, CatchupRequest request, Effects<PaxosMessage> out) {
    catchup.serve(from, request, out);
  }

  void fetched(int to, List<Entry> entries, Effects<PaxosMessage> out) {
    catchup.fetched(to, entries, out);
  }

  /** How long until {@link #tick} is wanted. */
  long patience(long now) {
    return catchup.patience(now);
  }

  void tick(long now, Effects<PaxosMessage> out) {
    catchup.tick(now, out);
  }

  /** Until when slots are known to be chosen by somebody. */
  long knownTo() {
    return catchup.knownTo();
  }
}
