package io.quorate.raft;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.AppendRefused;
import io.quorate.raft.RaftMessage.InstallSnapshot;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends each follower of a leader what it lacks (§3.5), as far as its window reaches. */
/* Heartbeats carry prev = next - 1, the last entry that the follower should have: whatever was lost
 * on the way, or on its disk, shows as a refusal within one heartbeat (R8), so nothing is resent on a
 * guess and a slow disk is not taken for a loss. They are acknowledged at once, with what is durable.
 */
final class Replication {
  /** How much one Append carries; a larger entry travels alone. */
  static final int APPEND_BYTES = 1 << 20;

  private final RaftEngine raft;
  private final long term;
  private final @Nullable Progress[] followers;
  private long sessions;
  private long round;

  /** Nothing is known of anybody yet. */
  Replication(RaftEngine raft, long now) {
    this.raft = raft;
    term = raft.term();
    followers = new Progress[raft.formation.voters()];
    for (int i = 0; i < followers.length; i++) {
      int id = raft.formation.idAt(i);
      if (id != raft.self().id()) {
        followers[i] = new Progress(id, raft.log.last() + 1, ++sessions, now);
      }
    }
  }

  /** By their places in the configuration; null in that of the leader. */
  @Nullable Progress[] followers() {
    return followers;
  }

  /** The first entry that a follower lacks. Who is read for from disk wants nothing. */
  long wanted() {
    long least = Engine.NOTHING;
    for (Progress follower : followers) {
      long lacked = follower == null ? Engine.NOTHING : follower.match() + 1;
      boolean held = lacked > raft.log.base() && lacked <= raft.log.last();
      if (held && raft.log.resident(lacked) != null) {
        least = Math.min(least, lacked);
      }
    }
    return least;
  }

  // ---- sending ----

  /**
   * Tells everybody who leads.
   *
   * @param round that all messages from here on carry
   */
  void heartbeats(long round, Effects<RaftMessage> out) {
    this.round = round;
    for (Progress follower : followers) {
      if (follower != null && isBelowBase(follower)) {
        install(follower, out);
      } else if (follower != null) {
        send(follower, List.of(), out);
      }
    }
  }

  /** An entry that was just written. */
  void send(Entry entry, Effects<RaftMessage> out) {
    List<Entry> alone = List.of(entry);
    for (Progress follower : followers) {
      if (follower == null) {
        continue;
      }
      if (follower.next() == entry.index() && !follower.isProbing() && follower.hasRoom()) {
        send(follower, alone, out);
        follower.sent(entry.index(), entry.weight());
      } else {
        more(follower, out);
      }
    }
  }

  void all(Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower != null) {
        more(follower, out);
      }
    }
  }

  /** What the follower lacks, as far as its window reaches. */
  void more(Progress follower, Effects<RaftMessage> out) {
    if (isBelowBase(follower)) {
      return; // Each heartbeat says so.
    }
    while (follower.hasRoom() && (follower.isProbing() || follower.next() <= raft.log.last())) {
      List<Entry> entries = new ArrayList<>();
      long next = follower.next();
      long bytes = 0;
      while (next <= raft.log.last()) {
        Entry entry = raft.log.resident(next);
        if (entry == null || (bytes > 0 && bytes + entry.weight() > APPEND_BYTES)) {
          break;
        }
        entries.add(entry);
        bytes += entry.weight();
        next++;
      }
      if (entries.isEmpty() && next <= raft.log.last()) {
        if (!raft.log.isFaulty(next) && follower.startFetch()) {
          out.fetch(follower.id(), next, APPEND_BYTES);
        }
        return;
      }
      send(follower, entries, out);
      follower.sent(next - 1, (int) bytes);
    }
  }

  /** An Append stands right behind what it extends (R10) and carries this leader's term (R21). */
  private void send(Progress follower, List<Entry> entries, Effects<RaftMessage> out) {
    long prev = follower.next() - 1;
    Check.that(raft.term() == term, "R21 a leader sends in its own term", raft.term(), term);
    Check.that(prev >= follower.match(), "R7 next is above match", prev, follower.match());
    out.send(
        follower.id(),
        new Append(
            term, follower.session(), prev, raft.log.termAt(prev), entries, raft.commit(), round));
  }

  /** Whether the next entry that the follower lacks is in the log no longer. */
  private boolean isBelowBase(Progress follower) {
    return follower.next() <= raft.log.base();
  }

  /** §5: what it needs is in a snapshot only. */
  private void install(Progress follower, Effects<RaftMessage> out) {
    out.send(follower.id(), new InstallSnapshot(term, follower.session(), raft.log.base(), round));
  }

  // ---- what comes back ----

  /** Entries from disk; void if the follower has been sent elsewhere meanwhile. */
  void fetched(int to, List<Entry> entries, Effects<RaftMessage> out) {
    for (Progress follower : followers) {
      if (follower == null || follower.id() != to) {
        continue;
      }
      follower.endFetch();
      if (!isBelowBase(follower)
          && !entries.isEmpty()
          && entries.get(0).index() == follower.next()
          && follower.hasRoom()) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
          Entry entry = entries.get(i);
          Check.that(
              entry.index() == follower.next() + i, "R10 entries start at prev + 1, without holes");
          if (entry.index() > raft.log.last()
              || entry.stamp().high() != raft.log.termAt(entry.index())) {
            entries = entries.subList(0, i);
            break;
          }
          bytes += entry.weight();
        }
        if (!entries.isEmpty()) {
          send(follower, entries, out);
          follower.sent(follower.next() + entries.size() - 1, bytes);
        }
      }
      more(follower, out);
    }
  }

  /** Tries again below, by whole terms; every refusal strictly lowers next (R14, R18). */
  void refused(Progress follower, AppendRefused reply, Effects<RaftMessage> out) {
    long prev = reply.prevIndex();
    long before = follower.next();
    Check.that(prev < before, "R7 what was not sent is not refused", prev, before);
    if (prev <= follower.match()) {
      follower.hasLost = true; // Nothing to gain by trying at the pace of the network.
      return;
    }
    long match = follower.match();
    long next = Math.min(prev, reply.lastIndex() + 1);
    if (reply.conflictTerm() > 0) {
      long low = Math.max(match, raft.log.base()) + 1;
      long same = raft.log.firstOfTerm(reply.conflictTerm() + 1, low, prev) - 1;
      boolean known = same > match && raft.log.termAt(same) == reply.conflictTerm();
      next = Math.min(prev, known ? same + 1 : reply.conflictIndex());
    }
    if (next <= raft.log.base() && prev > raft.log.base() && reply.lastIndex() >= raft.log.base()) {
      next = raft.log.base() + 1; // Before it takes a snapshot: it may have what stands there.
    }
    follower.probe(Math.max(match + 1, next), ++sessions);
    if (isBelowBase(follower)) {
      install(follower, out);
    }
    more(follower, out);
  }

  /** The connection broke: what was on its way is lost. */
  void lost(int member) {
    for (Progress follower : followers) {
      if (follower != null && follower.id() == member) {
        follower.probe(Math.max(follower.match(), raft.log.base()) + 1, ++sessions);
      }
    }
  }
}
