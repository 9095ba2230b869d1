package io.quorate.runtime;

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
final class SessionTable {
  private final long expiryNanos;
  private final LinkedHashMap<SessionId, Session> sessions = new LinkedHashMap<>(64, 0.75f, true);
  private @Nullable Session recent;

  SessionTable(long expiryNanos) {
    this.expiryNanos = expiryNanos;
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
      if (session == recent) {
        recent = null;
      }
    }
  }

  /** Writes all of it, in the order in which sessions will expire. */
  void write(DataOutputStream out) throws IOException {
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
    int count = SnapshotHead.bounded(in.readInt(), Integer.MAX_VALUE, "sessions");
    for (int i = 0; i < count; i++) {
      Session session = Session.read(in);
      sessions.put(session.id, session);
    }
  }

  private @Nullable Session find(Batch.Reader command, long time) {
    if (recent != null && command.isOf(recent.id)) {
      return recent;
    }
    SessionId id = command.session();
    Session session = sessions.get(id);
    if (session == null && id.born() <= time && id.born() >= time - expiryNanos) {
      session = new Session(id, command.mark());
      sessions.put(id, session);
    }
    if (session != null) {
      recent = session;
    }
    return session;
  }

  private static final class Session {
    private final SessionId id;
    private long mark;
    private long lastTime;
    // outcomes[sequence & (length - 1)], for sequences from the mark on
    private @Nullable Outcome[] outcomes = new @Nullable Outcome[16];

    Session(SessionId id, long mark) {
      this.id = id;
      this.mark = mark;
    }

    void advance(long to) {
      if (to - mark >= outcomes.length) {
        outcomes = new @Nullable Outcome[16];
        mark = to;
      }
      while (mark < to) {
        outcomes[slot(mark++)] = null;
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

    static Session read(DataInputStream in) throws IOException {
      SessionId id = new SessionId(in.readLong(), in.readLong());
      Session session = new Session(id, in.readLong());
      session.lastTime = in.readLong();
      int kept = SnapshotHead.bounded(in.readInt(), Batch.WINDOW, "replies of a session");
      for (int i = 0; i < kept; i++) {
        int above = SnapshotHead.bounded(in.readInt(), Batch.WINDOW - 1, "sequences");
        Outcome.Code code = Outcome.Code.of(in.readByte());
        long index = in.readLong();
        byte[] value = SnapshotHead.readBytes(in, Applier.REPLY_BYTES_MAX);
        session.settle(session.mark + above, new Outcome(code, index, value));
      }
      return session;
    }
  }
}
