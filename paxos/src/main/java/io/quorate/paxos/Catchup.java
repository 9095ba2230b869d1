package io.quorate.paxos;

import io.quorate.paxos.PaxosMessage.CatchupRequest;
import io.quorate.paxos.PaxosMessage.CatchupResponse;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chosen values on their way from who has them, any replica, to who lacks them. */
/* The one who lacks them asks, a piece at a time: so nobody keeps books on it, its pace is its own,
 * and a follower that is far behind costs the leader nothing but what it asks it for (P43). Who has
 * said most is asked; one who does not answer in time, or not usefully, is followed by the next.
 */
final class Catchup {
  /** How much one response carries; a larger value travels alone. */
  static final int RESPONSE_BYTES = 1 << 20;

  private final PaxosEngine paxos;
  private final @Nullable CatchupRequest[] waiting;
  private long knownTo;
  private int source;
  private boolean asked;
  private long askAgainAt;

  Catchup(PaxosEngine paxos) {
    this.paxos = paxos;
    waiting = new CatchupRequest[paxos.formation.voters()];
  }

  long knownTo() {
    return knownTo;
  }

  // ---- the one who lacks ----

  void knows(long now, int member, long to, Effects<PaxosMessage> out) {
    if (to > knownTo) {
      knownTo = to;
      if (!asked) {
        source = member;
      }
    }
    if (!asked && lacks()) {
      ask(now, out);
    }
  }

  /** A response has come; {@code further} if it brought what was lacking. */
  void answered(long now, int member, boolean further, long to, Effects<PaxosMessage> out) {
    if (further && member == source) {
      asked = false;
    }
    knows(now, member, to, out);
  }

  long patience(long now) {
    return asked && lacks() ? askAgainAt - now : PaxosEngine.IDLE_NANOS;
  }

  void tick(long now, Effects<PaxosMessage> out) {
    if (asked && now - askAgainAt >= 0) {
      asked = false;
      if (lacks()) {
        source = paxos.formation.idAt((placeOfSource() + 1) % waiting.length);
        ask(now, out);
      }
    }
  }

  private boolean lacks() {
    return paxos.learner.chosenTo() < knownTo;
  }

  private void ask(long now, Effects<PaxosMessage> out) {
    if (source == paxos.self().id()) {
      source = paxos.formation.idAt((placeOfSource() + 1) % waiting.length);
    }
    long aheadFrom = paxos.learner.aheadFrom();
    long to = aheadFrom == 0 ? knownTo : Math.min(knownTo, aheadFrom - 1);
    asked = true;
    askAgainAt = now + 2 * paxos.timing.heartbeatNanos();
    out.send(source, new CatchupRequest(paxos.learner.chosenTo() + 1, to));
  }

  private int placeOfSource() {
    for (int place = 0; place < waiting.length; place++) {
      if (paxos.formation.idAt(place) == source) {
        return place;
      }
    }
    return 0;
  }

  // ---- the one who has ----

  void serve(Member from, CatchupRequest request, Effects<PaxosMessage> out) {
    List<Entry> entries = new ArrayList<>();
    long to = Math.min(request.to(), paxos.learner.chosenTo());
    long bytes = 0;
    boolean isHere = request.from() > paxos.slots.base(); // Else a snapshot has it.
    for (long slot = request.from(); isHere && slot <= to && !paxos.slots.isFaulty(slot); slot++) {
      Entry entry = paxos.slots.resident(slot);
      if (entry == null && entries.isEmpty()) {
        waiting[paxos.formation.placeOf(from)] = request;
        out.fetch(from.id(), slot, RESPONSE_BYTES);
        return;
      }
      if (entry == null || (bytes > 0 && bytes + entry.weight() > RESPONSE_BYTES)) {
        break;
      }
      entries.add(entry);
      bytes += entry.weight();
    }
    out.send(from.id(), response(entries));
  }

  private CatchupResponse response(List<Entry> entries) {
    return new CatchupResponse(entries, paxos.learner.chosenTo(), paxos.slots.base());
  }

  /** What was written again meanwhile is in memory, for the next request. */
  void fetched(int to, List<Entry> found, Effects<PaxosMessage> out) {
    for (int place = 0; place < waiting.length; place++) {
      CatchupRequest request = waiting[place];
      if (request == null
          || paxos.formation.idAt(place) != to
          || found.isEmpty()
          || found.get(0).index() != request.from()) {
        continue;
      }
      waiting[place] = null;
      List<Entry> entries = new ArrayList<>();
      for (Entry entry : found) {
        long slot = entry.index();
        if (slot > Math.min(request.to(), paxos.learner.chosenTo())
            || !paxos.slots.holds(slot, entry.stamp())) {
          break;
        }
        entries.add(entry);
      }
      out.send(to, response(entries));
    }
  }
}
