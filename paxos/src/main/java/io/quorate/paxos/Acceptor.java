package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.Accept;
import io.quorate.paxos.PaxosMessage.Accepted;
import io.quorate.paxos.PaxosMessage.Commit;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Promises and accepts ("Paxos Made Simple" §2.2, acceptor; phases 1b and 2b). Its state is the
 * promised ballot, one for all slots, and what stands in {@link Slots}.
 */
/* Nothing is told before it is durable (ID1). Every write that is on its way to the disk waits in
 * `pending`, in the order of its ticket; what becomes durable is told if the ballot that it was
 * accepted in is still the promised one, and else only noted, because its leader's Accept of a later
 * ballot, or the next Prepare, will ask again (P2, P3).
 *
 * What is learned is written through here too: the acceptor is the one who writes slots, and a
 * chosen value that is stored counts as accepted in the ballot that it comes with. That ballot is at
 * least one that chose it, so a value that stands here in a higher one is the same (P2c).
 */
final class Acceptor {
  /** How far the saved record may lag behind what is chosen: so much a restart learns again. */
  private static final int CHOSEN_LAG_SLOTS = 4_096;

  private static final int CHOSEN_LAG_BYTES = 64 << 20;

  /**
   * A write on its way to the disk.
   *
   * @param slot 0 if it is no value
   * @param ballot that it is told in; NONE if nobody waits for it
   * @param sequence of the Accept that ends here; 0 if none does
   */
  private record Pending(long ticket, long slot, Ballot ballot, long sequence) {}

  private final PaxosEngine paxos;
  private final Slots slots;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final SlotRange.Gatherer durable = new SlotRange.Gatherer();
  private final @Nullable Reporting[] reportings;
  private final boolean silent;

  private Ballot promised;
  private Ballot promisedEarlier;
  private boolean formed;
  private long savedChosenTo;
  private long chosenToAtSave;
  private long bytesSinceSave;
  private long promiseTicket;
  private long foundingTicket;
  private long issued;
  private long reached;

  // Of the promised ballot's leader.
  private long sequence;
  private long round;

  /**
   * An acceptor with what it has saved.
   *
   * @param silent whether its record is lost: see {@link #testifies}
   */
  Acceptor(PaxosEngine paxos, Slots slots, PaxosRecord saved, boolean silent) {
    this.paxos = paxos;
    this.slots = slots;
    this.silent = silent;
    reportings = new Reporting[paxos.formation.voters()];
    promised = Synod.raised(saved.promised(), slots.highest());
    promisedEarlier = promised;
    formed = saved.formed() || slots.base() > 0; // There is no snapshot without a command.
    savedChosenTo = saved.chosenTo();
    chosenToAtSave = savedChosenTo;
  }

  /** The highest ballot that was promised or accepted in. */
  Ballot promised() {
    return promised;
  }

  /**
   * The ballot that was promised before that one; that one itself if an earlier life has promised
   * it, of which no more is known.
   */
  Ballot promisedEarlier() {
    return promisedEarlier;
  }

  /** Whether all founding voters are known to have held the founding entry durably. */
  boolean isFormed() {
    return formed;
  }

  /** Whether the founding entry is durable here. */
  boolean isFounded() {
    return paxos.formation.isFounded() && foundingTicket <= reached;
  }

  /**
   * Whether it may promise and tell what it has accepted. Not once the record of its promises is
   * lost (P34): it might go back on one. It keeps what it hears, as a learner does, and saves
   * nothing, or its next life would not know.
   */
  boolean testifies() {
    return !silent;
  }

  /** Whether the promise, as it is now, is durable. */
  boolean isPromiseDurable() {
    return promiseTicket <= reached;
  }

  /** Its word that it has promised nothing higher; NONE while it cannot give it (ID1). */
  Ballot testimony() {
    return testifies() && isPromiseDurable() ? promised : Ballot.NONE;
  }

  // ---- phase 1b ----

  /** Promises, if it may; the answer leaves when the promise is durable. */
  void onPrepare(Member from, Prepare prepare, Effects<PaxosMessage> out) {
    Check.that(Synod.mayPromise(promised, prepare.ballot()), "IP7 no promise is taken back");
    raise(prepare.ballot(), out);
    reportings[paxos.formation.placeOf(from)] = new Reporting(paxos, from, prepare, issued);
    report(out);
  }

  private void report(Effects<PaxosMessage> out) {
    for (int place = 0; place < reportings.length; place++) {
      Reporting reporting = reportings[place];
      if (reporting != null && reporting.isFor(promised) && reporting.ticket() <= reached) {
        reporting.advance(out);
      }
      if (reporting != null && (reporting.isDone() || !reporting.isFor(promised))) {
        reportings[place] = null;
      }
    }
  }

  /** A value cannot be read: a promise that waits for it goes on without. */
  void damaged(Effects<PaxosMessage> out) {
    fetched(0, List.of(), out);
  }

  /** Values from disk, for a promise. */
  void fetched(int to, List<Entry> entries, Effects<PaxosMessage> out) {
    for (Reporting reporting : reportings) {
      if (reporting != null && reporting.isFor(promised)) {
        reporting.fetched(to, entries, out);
      }
    }
    report(out);
  }

  // ---- phase 2b ----

  /** Accepts what a leader proposes; to be told once it is durable. */
  void onAccept(Accept accept, Effects<PaxosMessage> out) {
    raise(accept.ballot(), out);
    round = Math.max(round, accept.round());
    List<Entry> entries = accept.entries();
    for (int i = 0; i < entries.size(); i++) {
      accept(entries.get(i), out);
    }
    pending.add(new Pending(issued, 0, promised, accept.sequence()));
    flush(out);
  }

  /**
   * Accepts one value, of this replica's own leadership or another's, in the promised ballot. What
   * is in a snapshot is chosen, so this is the same value: it is not stored, and no proposer will
   * ask for it, because each promise from here tells that the slot is chosen.
   */
  void accept(Entry entry, Effects<PaxosMessage> out) {
    Check.that(
        promised.equals(Ballot.of(entry.stamp())), "IP6 a value is accepted as promised (P4)");
    long slot = entry.index();
    if (slot > slots.base() && !slots.holds(slot, entry.stamp())) {
      checkChosenStays(entry);
      saveChosen(entry.weight(), out);
      write(entry, out);
    }
    pending.add(new Pending(issued, slot, promised, 0));
    paxos.learner.accepted(slot, entry.stamp(), out);
  }

  private void checkChosenStays(Entry entry) {
    Entry held = paxos.learner.isChosen(entry.index()) ? slots.resident(entry.index()) : null;
    Check.that(
        held == null || (held.kind() == entry.kind() && held.value().crc() == entry.value().crc()),
        "IP2 a chosen value stays",
        entry.index(),
        entry.stamp().high());
  }

  /** Stores a chosen value, under the ballot that it comes with. */
  void store(Entry entry, Effects<PaxosMessage> out) {
    raise(Ballot.of(entry.stamp()), out);
    write(entry, out);
    pending.add(new Pending(issued, entry.index(), Ballot.NONE, 0));
  }

  private void write(Entry entry, Effects<PaxosMessage> out) {
    boolean founds = entry.kind() == Entry.Kind.FOUNDING && !paxos.formation.isFounded();
    issued = slots.write(entry, out);
    if (founds) {
      foundingTicket = issued;
    }
  }

  /**
   * Says that it is there, what it has of the slots that the leader believes it has, and what not:
   * so a lost Accept and a lost Accepted are both mended (P41), and a slow disk is not taken for a
   * loss. Only a promise that this raises has to be durable first; what is missing is then told in
   * answer to the next one.
   */
  void onCommit(Commit commit, Effects<PaxosMessage> out) {
    raise(commit.ballot(), out);
    round = Math.max(round, commit.round());
    if (!isPromiseDurable()) {
      pending.add(new Pending(issued, 0, promised, 0));
      return;
    }
    if (pending.isEmpty()) {
      sequence = Math.max(sequence, commit.sequence());
    }
    BitSet undurable = new BitSet();
    for (Pending write : pending) {
      if (write.slot() > commit.chosenTo() && write.slot() <= commit.sentTo()) {
        undurable.set((int) (write.slot() - commit.chosenTo()));
      }
    }
    SlotRange.Gatherer accepted = new SlotRange.Gatherer();
    SlotRange.Gatherer missing = new SlotRange.Gatherer();
    for (long slot = commit.chosenTo() + 1; slot <= commit.sentTo(); slot++) {
      if (slot > slots.base() && !slots.holds(slot, promised.stamp())) {
        missing.add(slot);
      } else if (!undurable.get((int) (slot - commit.chosenTo()))) {
        accepted.add(slot);
      }
    }
    tell(accepted.take(), missing.take(), out);
  }

  /** The only place where this replica testifies to what it has written (ID1). */
  void durable(long ticket, Effects<PaxosMessage> out) {
    Check.that(ticket <= issued, "ID1 only a ticket that was issued is reported", ticket, issued);
    reached = Math.max(reached, ticket);
    flush(out);
    report(out);
  }

  private void flush(Effects<PaxosMessage> out) {
    boolean answers = false;
    while (!pending.isEmpty() && pending.getFirst().ticket() <= reached) {
      Pending done = pending.removeFirst();
      if (!done.ballot().equals(promised)) {
        continue;
      }
      if (done.slot() > 0) {
        durable.add(done.slot());
      } else {
        sequence = Math.max(sequence, done.sequence());
        answers = true;
      }
    }
    if (answers || !durable.isEmpty()) {
      tell(durable.take(), List.of(), out);
    }
  }

  private void tell(List<SlotRange> accepted, List<SlotRange> missing, Effects<PaxosMessage> out) {
    if (silent) {
      return;
    }
    if (promised.member() == paxos.self().id()) {
      paxos.proposer.acceptedHere(promised, accepted, out);
    } else {
      out.send(
          promised.member(),
          new Accepted(promised, sequence, accepted, missing, round, isFounded()));
    }
  }

  /** What a promise was to tell of is in a snapshot now. */
  void rebased(Effects<PaxosMessage> out) {
    for (Reporting reporting : reportings) {
      if (reporting != null) {
        reporting.rebased();
      }
    }
    report(out);
  }

  // ---- the record ----

  /** An acceptance raises the promise as well (P4). */
  private void raise(Ballot ballot, Effects<PaxosMessage> out) {
    if (Synod.raised(promised, ballot).equals(promised)) {
      return;
    }
    promisedEarlier = promised;
    promised = ballot;
    sequence = 0;
    round = 0;
    save(out);
    promiseTicket = issued;
    paxos.raised(ballot, out);
  }

  /** All founding voters have the founding entry. */
  void formed(Effects<PaxosMessage> out) {
    if (!formed) {
      formed = true;
      save(out);
    }
  }

  /**
   * Beside other writes, now and then: a restart need not ask again what was long chosen. Seldom,
   * because it is a write more on all replicas at once: a slower lone command now and then.
   */
  private void saveChosen(long weight, Effects<PaxosMessage> out) {
    bytesSinceSave += weight;
    if (paxos.learner.chosenTo() - chosenToAtSave >= CHOSEN_LAG_SLOTS
        || bytesSinceSave >= CHOSEN_LAG_BYTES) {
      save(out);
    }
  }

  private void save(Effects<PaxosMessage> out) {
    if (silent) {
      return;
    }
    bytesSinceSave = 0;
    chosenToAtSave = paxos.learner.chosenTo();
    savedChosenTo = Math.max(savedChosenTo, durablyChosenTo());
    issued = out.save(PaxosCodec.encodeRecord(new PaxosRecord(promised, savedChosenTo, formed)));
  }

  /**
   * A slot is saved as chosen only once its value is durable: a crash may keep the record alone.
   */
  long durablyChosenTo() {
    long to = paxos.learner.chosenTo();
    for (Pending write : pending) {
      if (write.slot() > slots.base() && write.slot() <= to) {
        to = write.slot() - 1;
      }
    }
    return to;
  }
}
