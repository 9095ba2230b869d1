package io.quorate.raft;

import io.quorate.raft.RaftMessage.TimeoutNow;
import io.quorate.spi.Effects;
import org.jspecify.annotations.Nullable;

/** A leader's way out of office in favour of another voter (§3.10). */
/* It ends with the leader's role: nothing of it is left for a later leadership (A4). Whoever is to
 * take over has to hold the whole log, and all of it has to be committed, before it is told to stand:
 * then it wins, and whoever waits for an outcome here has it.
 */
final class Transfer {
  /** A target that lacks more entries than a leader has in flight is not waited for. */
  static final int LAG_ENTRIES = 1024;

  private final RaftEngine raft;
  private final Progress target;
  private final long deadline;
  private final boolean released;
  private boolean told;

  /**
   * Begins.
   *
   * @param released whether the leader's lease, which is over, spares the target its wait
   */
  Transfer(RaftEngine raft, Progress target, long now, boolean released) {
    this.raft = raft;
    this.target = target;
    this.released = released;
    deadline = now + raft.timing.electionTimeoutNanos();
  }

  /** The one that is to take over; of several, the one that lacks least. */
  static @Nullable Progress choose(
      RaftEngine raft, @Nullable Progress[] followers, int target, long now) {
    Progress best = null;
    for (Progress follower : followers) {
      if (follower != null
          && (target == 0 || target == follower.id())
          && (best == null || follower.match() > best.match())
          && isNear(raft, follower, now)) {
        best = follower;
      }
    }
    return best;
  }

  private static boolean isNear(RaftEngine raft, Progress follower, long now) {
    return !follower.isProbing()
        && now - follower.heardAt < raft.timing.electionTimeoutNanos()
        && raft.log.last() - follower.match() <= LAG_ENTRIES;
  }

  long deadline() {
    return deadline;
  }

  int target() {
    return target.id();
  }

  /** Tells the target to stand, once it holds all, and again with each heartbeat. */
  void advance(boolean again, Effects<RaftMessage> out) {
    boolean ready = target.match() == raft.log.last() && raft.commit() == raft.log.last();
    if (ready && (again || !told)) {
      told = true;
      out.send(target.id(), new TimeoutNow(raft.term(), released));
    }
  }
}
