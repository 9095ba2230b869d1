package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Damaged;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A promise on its way to one proposer, in parts: all that was accepted from its first slot on, and
 * what of that is known to be chosen (P7, P8). Values that are no longer in memory are fetched.
 */
final class Reporting {
  /** How much one part carries; a larger value travels alone. */
  static final int PART_BYTES = 1 << 20;

  private static final int DAMAGED_BYTES = 32;

  private final PaxosEngine paxos;
  private final Member to;
  private final Prepare prepare;
  private final Ballot earlier;
  private final long ticket;
  private final List<Entry> entries = new ArrayList<>();
  private final SlotRange.Gatherer chosen = new SlotRange.Gatherer();
  private final List<Damaged> damaged = new ArrayList<>();
  private long chosenTo;
  private long bytes;
  private long next;
  private int parts;
  private boolean fetching;
  private boolean done;

  /** To be made when all writes up to {@code ticket}, the promise among them, are durable. */
  Reporting(PaxosEngine paxos, Member to, Prepare prepare, long ticket) {
    this.paxos = paxos;
    this.to = to;
    this.prepare = prepare;
    earlier = paxos.acceptor.promisedEarlier();
    this.ticket = ticket;
    chosenTo = paxos.learner.chosenTo();
    next = Math.max(prepare.from(), chosenTo + 1);
  }

  boolean isFor(Ballot promised) {
    return prepare.ballot().equals(promised);
  }

  /** When this is durable the report may be made. */
  long ticket() {
    return ticket;
  }

  boolean isDone() {
    return done;
  }

  /** Sends what can be sent now. */
  void advance(Effects<PaxosMessage> out) {
    while (!done && !fetching) {
      if (next > paxos.slots.last()) {
        done = true;
        send(out);
      } else if (isSkipped()) {
        next++;
      } else if (paxos.slots.isFaulty(next)) {
        addDamaged(out);
      } else {
        take(paxos.slots.resident(next), out);
      }
    }
  }

  /** The slots that are in a snapshot now are chosen, like those below the first that is told. */
  void rebased() {
    if (next <= paxos.slots.base()) {
      next = paxos.slots.base() + 1;
      chosenTo = Math.max(chosenTo, paxos.slots.base());
      fetching = false;
    }
  }

  /** Nothing, or what the proposer knows, because it has proposed it in this ballot. */
  private boolean isSkipped() {
    Ballot accepted = paxos.slots.ballotAt(next);
    return accepted.equals(Ballot.NONE) || accepted.equals(prepare.ballot());
  }

  /** P33: what cannot be read is told, with the ballot that its header names. */
  private void addDamaged(Effects<PaxosMessage> out) {
    damaged.add(new Damaged(next, paxos.slots.ballotAt(next)));
    bytes += DAMAGED_BYTES;
    next++;
    if (bytes >= PART_BYTES) {
      send(out);
    }
  }

  private void take(@Nullable Entry entry, Effects<PaxosMessage> out) {
    boolean full = entry != null && bytes > 0 && bytes + entry.weight() > PART_BYTES;
    if (full || (entry == null && !entries.isEmpty())) {
      send(out);
    } else if (entry == null) {
      fetching = true;
      out.fetch(to.id(), next, PART_BYTES);
    } else {
      add(entry);
    }
  }

  private void add(Entry entry) {
    entries.add(entry);
    bytes += entry.weight();
    if (paxos.learner.isChosen(next)) {
      chosen.add(next);
    }
    next++;
  }

  /** What is not as it was when the fetch was asked for is in memory again, or fetched again. */
  void fetched(int whose, List<Entry> found, Effects<PaxosMessage> out) {
    if (fetching && paxos.slots.isFaulty(next)) {
      fetching = false; // The read has shown that.
    }
    if (!fetching || whose != to.id() || found.isEmpty() || found.get(0).index() != next) {
      return;
    }
    fetching = false;
    for (Entry entry : found) {
      if (entry.index() != next || isSkipped() || !paxos.slots.holds(next, entry.stamp())) {
        break;
      }
      add(entry);
    }
    if (!entries.isEmpty()) {
      send(out);
    }
  }

  private void send(Effects<PaxosMessage> out) {
    Promise promise =
        new Promise(
            prepare.ballot(),
            prepare.attempt(),
            earlier,
            parts++,
            done,
            chosenTo,
            paxos.acceptor.isFounded(),
            paxos.acceptor.isFormed(),
            List.copyOf(entries),
            chosen.take(),
            List.copyOf(damaged));
    entries.clear();
    damaged.clear();
    bytes = 0;
    if (to.id() == paxos.self().id()) {
      paxos.proposer.onPromise(to, promise, out);
    } else {
      out.send(to.id(), promise);
    }
  }
}
