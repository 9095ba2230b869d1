package io.quorate.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.runtime.Outcome.Code;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which commands of which session were applied, with their replies: replicated state, equal on all
 * replicas because it follows from the log alone. Apply thread only.
 */
/* Bounded, by rules that look at replicated state only, so that all replicas forget the same:
 *
 * - Above the most sessions, or outcomes of all sessions together, the session that was silent
 *   longest is evicted: as an expired one, but before its time. Then its birth is no proof any more
 *   that it has expired: a late copy of a command that was applied could register it anew. Hence
 *   the floor: no session that was born at or before an evicted one is registered any more. Who is
 *   refused so was never known, and is named anew, of a later time.
 * - Above the most bytes of replies, those of the sessions that were silent longest are dropped, the
 *   lowest sequences first, down to three quarters. That a command was applied, and its index, stays.
 */
final class SessionTable {
  /** The most of everything. A part of the replicated state's rules: equal on all replicas. */
  record Bounds(int sessions, int outcomes, long replyBytes) {}

  static final Bounds BOUNDS = new Bounds(1 << 16, 1 << 20, 64 << 20);

  private static final byte[] DROPPED =
      "its reply is not kept any more: too many others came after it".getBytes(UTF_8);

  private final long expiryNanos;
  private final Bounds bounds;
  private final LinkedHashMap<SessionId, Session> sessions = new LinkedHashMap<>(64, 0.75f, true);
  private @Nullable Session recent;
  private long floor = Long.MIN_VALUE;
  private int outcomes;
  private long replyBytes;

  SessionTable(long expiryNanos) {
    this(expiryNanos, BOUNDS);
  }

  /** With bounds of its own, for tests. */
  SessionTable(long expiryNanos, Bounds bounds) {
    this.expiryNanos = expiryNanos;
    this.bounds = bounds;
  }

  int size() {
    return sessions.size();
  }

  /**
   * The outcome that settles the command without applying it, or null if it is to be applied and
   * its outcome handed to {@link #settle}.
   */
  @Nullable Outcome admit(Batch.Reader command, long time) {
    Session session = find(command, time);
    if (session == null) {
      return Outcome.text(
          Code.EXPIRED,
          0,
          "session "
              + command.session()
              + " has expired or was never known; what became of its commands in flight cannot be"
              + " told: open a new client");
    }
    session.lastTime = time;
    session.advance(command.mark());
    long sequence = command.sequence();
    if (sequence < session.mark || sequence - session.mark >= Batch.WINDOW) {
      return Outcome.text(
          Code.OUT_OF_WINDOW,
          0,
          "sequence "
              + sequence
              + " is outside the session's window that begins at "
              + session.mark
              + ": an old copy, refused");
    }
    return session.settled(sequence);
  }

  /** Keeps the outcome of the command that was admitted last, for its retries. */
  void settle(long sequence, Outcome outcome) {
    if (recent == null) {
      throw new IllegalStateException("no command was admitted");
    }
    recent.settle(sequence, outcome);
    if (replyBytes > bounds.replyBytes) {
      dropReplies(bounds.replyBytes / 4 * 3);
    }
    while (outcomes > bounds.outcomes && sessions.size() > 1) {
      evictEldest();
    }
  }

  private void dropReplies(long target) {
    for (Session session : sessions.values()) {
      session.dropReplies(target);
      if (replyBytes <= target) {
        return;
      }
    }
  }

  /** Never the session of the command under way, which is the youngest. */
  private void evictEldest() {
    Iterator<Session> eldest = sessions.values().iterator();
    Session evicted = eldest.next();
    eldest.remove();
    evicted.forgetAll();
    floor = Math.max(floor, evicted.id.born());
  }

  /** Forgets the sessions that were silent for longer than the expiry. */
  void expire(long time) {
    Iterator<Session> eldest = sessions.values().iterator();
    while (eldest.hasNext()) {
      Session session = eldest.next();
      if (time - session.lastTime <= expiryNanos) {
        return;
      }
      eldest.remove();
      session.forgetAll();
      if (session == recent) {
        recent = null;
      }
    }
  }

  /** Writes all of it, in the order in which sessions will expire. */
  void write(DataOutputStream out) throws IOException {
    out.writeLong(floor);
    out.writeInt(sessions.size());
    for (Session session : sessions.values()) {
      session.write(out);
    }
  }

  /**
   * Replaces all by what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the bytes are no session table
   */
  void read(DataInputStream in) throws IOException {
    sessions.clear();
    recent = null;
    outcomes = 0;
    replyBytes = 0;
    floor = in.readLong();
    int count = SnapshotHead.bounded(in.readInt(), Integer.MAX_VALUE, "sessions");
    for (int i = 0; i < count; i++) {
      SessionId id = new SessionId(in.readLong(), in.readLong());
      Session session = new Session(id, in.readLong());
      session.read(in);
      sessions.put(id, session);
    }
  }

  private @Nullable Session find(Batch.Reader command, long time) {
    if (recent != null && command.isOf(recent.id)) {
      return recent;
    }
    SessionId id = command.session();
    Session session = sessions.get(id);
    if (session == null && mayBegin(id.born(), time)) {
      session = new Session(id, command.mark());
      sessions.put(id, session);
      if (sessions.size() > bounds.sessions) {
        evictEldest();
      }
    }
    if (session != null) {
      recent = session;
    }
    return session;
  }

  private boolean mayBegin(long born, long time) {
    return born <= time && born >= time - expiryNanos && born > floor;
  }

  private final class Session {
    private static final int SLOTS_MIN = 16;

    private final SessionId id;
    private long mark;
    private long lastTime;
    private int count;
    // outcomes[sequence & (length - 1)], for sequences from the mark on
    private @Nullable Outcome[] outcomes = new @Nullable Outcome[SLOTS_MIN];

    Session(SessionId id, long mark) {
      this.id = id;
      this.mark = mark;
    }

    void advance(long to) {
      while (count > 0 && mark < to) {
        int slot = slot(mark++);
        forget(outcomes[slot]);
        outcomes[slot] = null;
      }
      mark = Math.max(mark, to);
      if (count == 0 && outcomes.length > SLOTS_MIN) {
        outcomes = new @Nullable Outcome[SLOTS_MIN];
      }
    }

    @Nullable Outcome settled(long sequence) {
      return sequence - mark < outcomes.length ? outcomes[slot(sequence)] : null;
    }

    void settle(long sequence, Outcome outcome) {
      while (sequence - mark >= outcomes.length) {
        grow();
      }
      outcomes[slot(sequence)] = outcome;
      count++;
      SessionTable.this.outcomes++;
      replyBytes += bytesOf(outcome);
    }

    /** From the lowest sequence on, until no more than that many bytes are kept in all. */
    void dropReplies(long target) {
      for (long sequence = mark; sequence < mark + outcomes.length; sequence++) {
        Outcome kept = outcomes[slot(sequence)];
        if (replyBytes <= target) {
          return;
        }
        if (kept != null && bytesOf(kept) > 0) {
          replyBytes -= bytesOf(kept);
          outcomes[slot(sequence)] = new Outcome(Code.FAILED, kept.index(), DROPPED);
        }
      }
    }

    void forgetAll() {
      for (Outcome kept : outcomes) {
        forget(kept);
      }
    }

    private void forget(@Nullable Outcome kept) {
      if (kept != null) {
        count--;
        SessionTable.this.outcomes--;
        replyBytes -= bytesOf(kept);
      }
    }

    private void grow() {
      @Nullable Outcome[] larger = new @Nullable Outcome[outcomes.length * 2];
      for (long sequence = mark; sequence < mark + outcomes.length; sequence++) {
        larger[(int) (sequence & (larger.length - 1))] = outcomes[slot(sequence)];
      }
      outcomes = larger;
    }

    private int slot(long sequence) {
      return (int) (sequence & (outcomes.length - 1));
    }

    void write(DataOutputStream out) throws IOException {
      out.writeLong(id.born());
      out.writeLong(id.random());
      out.writeLong(mark);
      out.writeLong(lastTime);
      int kept = 0;
      for (@Nullable Outcome outcome : outcomes) {
        kept += outcome == null ? 0 : 1;
      }
      out.writeInt(kept);
      for (long sequence = mark; sequence < mark + outcomes.length; sequence++) {
        Outcome outcome = outcomes[slot(sequence)];
        if (outcome != null) {
          out.writeInt((int) (sequence - mark));
          out.writeByte(outcome.code().number());
          out.writeLong(outcome.index());
          out.writeInt(outcome.value().length);
          out.write(outcome.value());
        }
      }
    }

    void read(DataInputStream in) throws IOException {
      lastTime = in.readLong();
      int kept = SnapshotHead.bounded(in.readInt(), Batch.WINDOW, "replies of a session");
      for (int i = 0; i < kept; i++) {
        int above = SnapshotHead.bounded(in.readInt(), Batch.WINDOW - 1, "sequences");
        Outcome.Code code = Outcome.Code.of(in.readByte());
        long index = in.readLong();
        byte[] value = SnapshotHead.readBytes(in, Applier.REPLY_BYTES_MAX);
        settle(mark + above, new Outcome(code, index, value));
      }
    }
  }

  /** The bytes that dropping the reply would free; all share the text of one that was dropped. */
  private static long bytesOf(Outcome kept) {
    return kept.code() == Code.FAILED ? 0 : kept.value().length;
  }
}
