package io.quorate.paxos;

import static java.util.Objects.requireNonNull;

import io.quorate.paxos.PaxosMessage.Damaged;
import io.quorate.paxos.PaxosMessage.Prepare;
import io.quorate.paxos.PaxosMessage.PrepareNack;
import io.quorate.paxos.PaxosMessage.Promise;
import io.quorate.paxos.Synod.Report;
import io.quorate.spi.Configuration;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import io.quorate.spi.Quorum;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Phase 1 of one ballot: gathers what a quorum of acceptors has accepted, slot by slot. */
final class Preparing {
  private static final int COMPLETE = -1;
  private static final int REFUSED = -2;

  private final PaxosEngine paxos;
  private final Prepare prepare;
  private final int[] nextPart;
  private final long[] incarnations;
  private final TreeMap<Long, Report> reports = new TreeMap<>();
  private final TreeMap<Long, Damage> damage = new TreeMap<>();
  private long chosenTo;
  private final Ballot released;
  private Ballot earlier = Ballot.NONE;
  private boolean asking;
  private boolean formed;

  /** Who has damaged a slot, as bits by place, and the highest ballot of what was lost there. */
  private record Damage(Ballot ballot, int places) {
    static Damage worse(Damage one, Damage other) {
      return new Damage(Synod.raised(one.ballot, other.ballot), one.places | other.places);
    }
  }

  /**
   * Begins.
   *
   * @param released the ballot of the leader that has given its lease back, so that this one
   *     follows it; NONE if there is none
   */
  Preparing(PaxosEngine paxos, Prepare prepare, Ballot released) {
    this.paxos = paxos;
    this.prepare = prepare;
    this.released = released;
    nextPart = new int[paxos.formation.voters()];
    incarnations = new long[nextPart.length];
    chosenTo = paxos.learner.chosenTo();
    formed = paxos.acceptor.isFormed();
  }

  Ballot ballot() {
    return prepare.ballot();
  }

  boolean isAsking() {
    return asking;
  }

  /** Phase 1a: the own promise is durable, so the round is spent, whatever happens (P14). */
  void ask(Effects<PaxosMessage> out) {
    asking = true;
    for (int place = 0; place < nextPart.length; place++) {
      int id = paxos.formation.idAt(place);
      if (id != paxos.self().id()) {
        out.send(id, prepare);
      }
    }
  }

  /** Takes in a part of a promise; returns whether it belongs here and to what came before. */
  boolean takes(Member from, Promise promise) {
    int place = paxos.formation.placeOf(from);
    if (!promise.ballot().equals(prepare.ballot()) || promise.attempt() != prepare.attempt()) {
      return false;
    }
    if (incarnations[place] != from.incarnation()) {
      incarnations[place] = from.incarnation();
      nextPart[place] = 0;
    }
    if (promise.part() != nextPart[place]) {
      return false; // Told before, or a part was lost: the next ballot asks again.
    }
    nextPart[place] = promise.last() ? COMPLETE : promise.part() + 1;
    chosenTo = Math.max(chosenTo, promise.chosenTo());
    formed |= promise.formed();
    earlier = Synod.raised(earlier, promise.earlier());
    for (Entry entry : promise.accepted()) {
      Report report = new Report(entry, isIn(promise.chosen(), entry.index()));
      reports.merge(entry.index(), report, Synod::weightier);
    }
    for (Damaged slot : promise.damaged()) {
      damage.merge(slot.slot(), new Damage(slot.ballot(), 1 << place), Damage::worse);
    }
    return true;
  }

  private static boolean isIn(List<SlotRange> ranges, long slot) {
    for (SlotRange range : ranges) {
      if (range.contains(slot)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Phase 1 is over: a quorum has promised, by whose voters count now. A promise that came before
   * the founding entry may be of an incarnation that this does not name.
   */
  boolean isComplete() {
    int promises = 0;
    Report first = reports.get(1L);
    Configuration told =
        paxos.formation.isFounded() || first == null
            ? null
            : Configuration.decode(first.entry().value());
    int counted = 0;
    for (int place = 0; place < nextPart.length; place++) {
      if (nextPart[place] == COMPLETE) {
        Member member = new Member(paxos.formation.idAt(place), incarnations[place]);
        promises += paxos.formation.placeOf(member) >= 0 ? 1 : 0;
        counted += told == null || told.counts(member) ? 1 : 0;
      }
    }
    return paxos.formation.hasVote()
        && promises >= paxos.formation.votesToWin()
        && (told == null
            || (told.counts(paxos.self()) && Quorum.isMajority(counted, nextPart.length)))
        && unsettled() == 0;
  }

  /** P33: the first slot that must not be decided yet, because of what is damaged; 0 if none. */
  private long unsettled() {
    Long slot = damage.isEmpty() ? null : damage.firstKey();
    while (slot != null) {
      Damage lost = requireNonNull(damage.get(slot));
      boolean settled =
          slot <= chosenTo
              || Synod.isSettled(reports.get(slot), lost.ballot, isQuorumWithout(lost.places));
      if (!settled) {
        return slot;
      }
      slot = damage.higherKey(slot);
    }
    return 0;
  }

  private boolean isQuorumWithout(int places) {
    int promises = 0;
    for (int place = 0; place < nextPart.length; place++) {
      Member member = new Member(paxos.formation.idAt(place), incarnations[place]);
      boolean counts =
          nextPart[place] == COMPLETE
              && (places & 1 << place) == 0
              && paxos.formation.placeOf(member) >= 0;
      promises += counts ? 1 : 0;
    }
    return promises >= paxos.formation.votesToWin();
  }

  /** Whether the refusal is one of this ballot. */
  boolean isRefused(Member from, PrepareNack nack) {
    if (!nack.ballot().equals(prepare.ballot()) || nack.attempt() != prepare.attempt()) {
      return false;
    }
    nextPart[paxos.formation.placeOf(from)] = REFUSED;
    return true;
  }

  boolean mayWin() {
    int left = 0;
    for (int part : nextPart) {
      left += part == REFUSED ? 0 : 1;
    }
    return left >= paxos.formation.votesToWin();
  }

  // ---- the result ----

  /**
   * All slots up to there are chosen, as somebody of the quorum knows: nothing is proposed there.
   */
  long chosenTo() {
    return chosenTo;
  }

  /** Whether somebody of the quorum knows that all founding voters have the founding entry. */
  boolean isFormed() {
    return formed;
  }

  /** The highest slot that anybody of the quorum has accepted something in. */
  long lastReported() {
    return reports.isEmpty() ? 0 : reports.lastKey();
  }

  /** What has to be proposed in the slot; null if it is free. */
  @Nullable Report report(long slot) {
    return reports.get(slot);
  }

  /** How long leases are, by the founding entry that counts or is about to be written. */
  long leaseMillis() {
    Report first = reports.get(1L);
    return paxos.formation.isFounded() || first == null
        ? paxos.formation.leaseMillis()
        : Configuration.decode(first.entry().value()).leaseMillis();
  }

  /**
   * Whether no leader before can hold a lease: the group is founded by this ballot, or the one that
   * has given its lease back was the last before. One in between would have had the promise of a
   * quorum, and somebody of this one would have told.
   */
  boolean isSpared() {
    boolean founds = !paxos.formation.isFounded() && !reports.containsKey(1L);
    return founds || (!released.equals(Ballot.NONE) && !earlier.isAbove(released));
  }

  /** Whose promises were counted, by place. */
  long[] incarnations() {
    return incarnations;
  }

  void findings(List<String> findings) {
    if (!asking) {
      findings.add("no leader: the disk has not made the promise of " + ballot() + " durable");
      return;
    }
    findings.add(
        String.format(
            "no leader: ballot %s needs the promises of %d of %d voters%s",
            ballot(),
            paxos.formation.votesToWin(),
            nextPart.length,
            paxos.formation.isFounded() ? "" : " (to found the group, of all)"));
    if (unsettled() != 0) {
      findings.add(
          String.format(
              "slot %d is damaged at one of them, and may have been chosen with its value: one"
                  + " more has to say what it has there",
              unsettled()));
    }
    for (int place = 0; place < nextPart.length; place++) {
      if (nextPart[place] != COMPLETE) {
        findings.add(
            String.format(
                "member %d: %s",
                paxos.formation.idAt(place),
                nextPart[place] == REFUSED
                    ? "refused: it has promised a higher ballot"
                    : "silent"));
      }
    }
  }
}
