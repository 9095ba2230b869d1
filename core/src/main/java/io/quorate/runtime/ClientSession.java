package io.quorate.runtime;

import io.quorate.SessionExpiredException;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Outcome.Code;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The one session of a client: how it is named, kept alive, and lost. Loop only. */
/* Named by a cluster time that a member told. Until the group has answered a command of it, it may
 * never have been registered, because that time was too old: then it is named once more, of the
 * leader's time; nothing was said in it. Once it is established it is never replaced. It lives on
 * as long as the client is connected, because the client now and then sends the last command that
 * was answered again, without its bytes: that applies nothing, whatever is still kept of it.
 */
final class ClientSession {
  /** How long a session is silent at most while its client is connected: a sixth of its life. */
  static final long KEEP_ALIVE_NANOS = 600_000_000_000L;

  private final RandomGenerator random;
  private @Nullable Long clusterTime;
  private boolean timeIsOld;
  private boolean lost;
  private long answered;
  private long seen;

  ClientSession(RandomGenerator random) {
    this.random = random;
  }

  /** A cluster time that had passed when the session was named, see {@link SessionId}. */
  @Nullable SessionId draw() {
    Long time = clusterTime;
    return time == null || timeIsOld ? null : new SessionId(time, random.nextLong());
  }

  /** A member has told the time. */
  void told(long time, boolean byLeader) {
    clusterTime = clusterTime == null ? time : Math.max(clusterTime, time);
    timeIsOld &= !byLeader;
  }

  /** Whether the leader's time is needed to go on. */
  boolean needsTime() {
    return timeIsOld;
  }

  /** The client was told of what that many commands have led to, or is about to be. */
  void told(Outcome outcome) {
    if (outcome.code() == Code.OK || outcome.code() == Code.REJECTED) {
      seen = Math.max(seen, outcome.index());
    }
  }

  /** The command index that no later answer may be older than (Q9). */
  long seen() {
    return seen;
  }

  /** The group has said what became of a command. */
  void answered(long sequence, Outcome outcome) {
    boolean applied = outcome.index() > 0 && outcome.code() != Code.OVERLOADED;
    if (applied) {
      answered = Math.max(answered, sequence);
    }
  }

  /**
   * The group does not know the session. The refused copy is also a fence: nothing of the session
   * is ever applied after it. So if the session never was established, and there was no other copy,
   * nothing is lost, and the command may go again in another session.
   */
  boolean mayBeNamedAnew(Proposal refused) {
    boolean may = answered == 0 && refused.copies == 1 && !lost;
    timeIsOld |= may;
    return may;
  }

  /** Whether it can only be the sign of life that was refused under this sequence. */
  boolean isSign(long sequence) {
    return answered != 0 && sequence == answered;
  }

  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  static SessionExpiredException exception(boolean maybeApplied) {
    return new SessionExpiredException(
        "the group has forgotten the session of this client, which was silent for too long; "
            + (maybeApplied
                ? "an earlier copy of the command may have been applied before: ask the state"
                    + " machine what it holds, and open a new client"
                : "the command is not applied: open a new client and propose it again"),
        maybeApplied);
  }

  /** What keeps the session alive, as a command; null if nothing was answered yet. */
  Batch.@Nullable Source sign(@Nullable SessionId session, long mark) {
    return session == null || answered == 0 || lost
        ? null
        : new Sign(session, answered, Math.min(mark, answered));
  }

  /** A command that is settled already, without its bytes. */
  private record Sign(SessionId session, long sequence, long mark) implements Batch.Source {
    @Override
    public ByteBuffer command() {
      return ByteBuffer.allocate(0);
    }

    @Override
    public int length() {
      return 0;
    }
  }
}
