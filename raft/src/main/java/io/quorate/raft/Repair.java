package io.quorate.raft;

import io.quorate.raft.RaftMessage.Copy;
import io.quorate.raft.RaftMessage.CopyRequest;
import io.quorate.spi.Effects;
import io.quorate.spi.Entry;
import io.quorate.spi.LogView;
import io.quorate.spi.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refills damaged entries from whoever holds them, leader or not (D8, D10). */
/* Index and term of a damaged entry are known, and name one value (IR3): so any copy of the same
 * index and term is the right one, whoever has it, committed or not, and neither who asks nor who
 * answers has to be in any particular term. The lowest one is asked for, one at a time, for until it
 * is there nothing above it counts. Members take turns, this one among them: a read that failed once
 * may succeed later.
 */
final class Repair {
  private final RaftEngine raft;
  private final @Nullable CopyRequest[] waiting;
  private int place;
  private long askAt;
  private int asked;

  Repair(RaftEngine raft) {
    this.raft = raft;
    waiting = new CopyRequest[raft.formation.voters()];
  }

  // ---- the one who lacks ----

  private boolean lacks() {
    return raft.log.firstFaulty() != LogView.NONE_FAULTY;
  }

  /** There is, or may be, damage that was not known. */
  void begin(long now, Effects<RaftMessage> out) {
    askAt = now;
    tick(now, out);
  }

  /** How long until {@link #tick} is wanted. */
  long patience(long now) {
    return lacks() ? askAt - now : RaftEngine.IDLE_NANOS;
  }

  void tick(long now, Effects<RaftMessage> out) {
    if (lacks() && now - askAt >= 0) {
      place = (place + 1) % waiting.length;
      ask(now, out);
    }
  }

  private void ask(long now, Effects<RaftMessage> out) {
    long index = raft.log.firstFaulty();
    int id = raft.formation.idAt(place);
    askAt = now + raft.timing.heartbeatNanos();
    if (id == raft.self().id()) {
      out.fetch(id, index, 1);
    } else {
      out.send(id, new CopyRequest(raft.term(), index, raft.log.termAt(index)));
      if (index > raft.commit() && ++asked > 2 * waiting.length) {
        out.needSnapshot(id, index); // Perhaps nobody has it any more but in one.
      }
    }
  }

  /** Only what has the same index and term is a copy; another's entry never takes its place. */
  void onCopy(long now, Entry entry, Effects<RaftMessage> out) {
    if (!raft.log.isFaulty(entry.index()) || !raft.log.holds(entry)) {
      return;
    }
    raft.log.refill(entry, out);
    asked = 0;
    if (lacks()) {
      ask(now, out);
    }
  }

  // ---- the one who has ----

  void onCopyRequest(Member from, CopyRequest request, Effects<RaftMessage> out) {
    long index = request.index();
    if (!raft.log.holds(index, request.entryTerm()) || raft.log.isFaulty(index)) {
      return;
    }
    Entry entry = raft.log.resident(index);
    if (entry != null) {
      out.send(from.id(), new Copy(raft.term(), entry));
    } else {
      waiting[raft.formation.placeOf(from)] = request;
      out.fetch(from.id(), index, 1);
    }
  }

  /** What was written under another term meanwhile is no answer. */
  void fetched(long now, int to, List<Entry> entries, Effects<RaftMessage> out) {
    if (entries.isEmpty()) {
      return;
    }
    Entry entry = entries.get(0);
    if (to == raft.self().id()) {
      onCopy(now, entry, out);
      return;
    }
    for (int i = 0; i < waiting.length; i++) {
      CopyRequest request = waiting[i];
      if (request != null
          && raft.formation.idAt(i) == to
          && request.index() == entry.index()
          && request.entryTerm() == entry.stamp().high()) {
        waiting[i] = null;
        out.send(to, new Copy(raft.term(), entry));
      }
    }
  }

  void findings(List<String> findings) {
    if (lacks()) {
      int id = raft.formation.idAt(place);
      findings.add(
          String.format(
              "entry %d is damaged on this replica: it waits for a copy from member %d, and"
                  + " neither acknowledges anything above nor stands for election before it has it",
              raft.log.firstFaulty(), id));
    }
  }
}
