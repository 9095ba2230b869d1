package io.quorate.runtime;

import io.quorate.Command;
import io.quorate.CommandRejectedException;
import io.quorate.SnapshotWriter;
import io.quorate.StateMachine;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Base;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds committed entries to the state machine: cluster clock, fence, session table, command index.
 * All of it is replicated state, a function of the log alone. Apply thread only.
 */
final class Applier {
  /** Hears what each command of an entry led to, in order. */
  interface Listener {
    /**
     * One command is settled.
     *
     * @param position of the command in its batch, from 0
     */
    void settled(Entry entry, int position, Batch.Reader command, Outcome outcome);
  }

  private static final Lead NO_LEAD = new Lead(0, Stamp.NONE);
  private static final byte[] NOTHING = new byte[0];

  /** The most bytes of a reply, and of any outcome that is kept. */
  static final int REPLY_BYTES_MAX = 1 << 20;

  /** 32 KiB of UTF-8 whatever the characters. */
  private static final int REFUSAL_CHARS_MAX = 10_000;

  private final StateMachine machine;
  private final Comparator<Stamp> stamps;
  private final SessionTable sessions;
  private final Batch.Reader reader = new Batch.Reader();
  private final AppliedCommand command = new AppliedCommand();
  private final List<Entry> configurations = new ArrayList<>();
  private List<Entry> draft = List.of();
  private long entryIndex;
  private Stamp entryStamp = Stamp.NONE;
  private long commandIndex;
  private long time;
  private Lead fence = NO_LEAD;

  /** As many as last time; to grow by doubling costs more than what is written. */
  private int frontBytes = 1024;

  Applier(StateMachine machine, Comparator<Stamp> stamps, SessionTable sessions) {
    this.machine = machine;
    this.stamps = stamps;
    this.sessions = sessions;
  }

  private byte[] front() throws IOException {
    ByteArrayOutputStream front = new ByteArrayOutputStream(frontBytes + frontBytes / 8);
    DataOutputStream out = new DataOutputStream(front);
    List<Entry> known = entryIndex == 0 ? draft : configurations;
    new SnapshotHead(known, commandIndex, time, fence).write(out);
    sessions.write(out);
    frontBytes = front.size();
    return front.toByteArray();
  }

  /** What a machine that keeps its state is to keep with it. */
  byte[] bookmark(long epoch) throws IOException {
    ByteArrayOutputStream bookmark = new ByteArrayOutputStream();
    Bookmark.write(
        new DataOutputStream(bookmark), epoch, new Base(entryIndex, entryStamp), front());
    return bookmark.toByteArray();
  }

  /** Goes on behind what the machine has kept. Before all else. */
  void resume(Bookmark bookmark) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bookmark.front()));
      SnapshotHead head = SnapshotHead.read(in);
      sessions.read(in);
      stands(head, bookmark.base());
    } catch (IOException e) {
      throw new IllegalArgumentException("a bookmark that ends early", e);
    }
  }

  /** All that is agreed on behind the last entry that was applied. */
  Capture capture(long epoch) throws IOException {
    byte[] front = front();
    SnapshotWriter captured = machine.capture();
    return new Capture(
        epoch,
        entryIndex,
        entryStamp,
        front,
        captured != null ? captured : machine::snapshot,
        captured != null);
  }

  /**
   * Replaces all by what a {@link Capture} wrote.
   *
   * @param base the entry that it stands behind
   * @throws HaltException if the bytes are no snapshot, or the state machine cannot restore it
   */
  void restore(Base base, InputStream content) throws IOException {
    try {
      DataInputStream in = new DataInputStream(content);
      SnapshotHead head = SnapshotHead.read(in);
      sessions.read(in);
      machine.restore(in);
      stands(head, base);
    } catch (IOException | RuntimeException e) {
      if (e instanceof StorageException damaged) {
        throw damaged;
      }
      throw new HaltException(
          "the snapshot behind entry "
              + base.index()
              + " cannot be restored: "
              + e
              + "; this replica stops. Correct StateMachine.restore, or use the version that wrote"
              + " the snapshot, and start again",
          e);
    }
  }

  private void stands(SnapshotHead head, Base base) {
    configurations.clear();
    draft = head.configurations();
    if (base.index() > 0) { // Else there is none yet, and the head names that which is to come.
      configurations.addAll(draft);
    }
    commandIndex = head.commandIndex();
    time = head.time();
    fence = head.fence();
    entryIndex = base.index();
    entryStamp = base.stamp();
  }

  /**
   * Applies the next entry.
   *
   * @throws HaltException if the state machine threw something that is no deterministic answer
   */
  void apply(Entry entry, Listener listener) {
    if (entry.index() != entryIndex + 1) {
      throw new IllegalStateException(
          "IC5 entry " + entry.index() + " is not the next to apply after " + entryIndex);
    }
    switch (entry.kind()) {
      case BATCH -> applyBatch(entry, listener);
      case LEAD -> raiseFence(entry);
      case FOUNDING -> configurations.add(entry);
      case CONFIGURATION, STOP ->
          throw new HaltException(
              "entry " + entry.index() + " is a " + entry.kind() + ", which needs a newer version");
    }
    entryIndex = entry.index();
    entryStamp = entry.stamp();
  }

  private void applyBatch(Entry entry, Listener listener) {
    reader.open(entry.value());
    time = Math.max(time, reader.time());
    sessions.expire(time);
    if (isFenced()) {
      return;
    }
    for (int position = 0; reader.next(); position++) {
      Outcome outcome = sessions.admit(reader, time);
      if (outcome == null) {
        outcome = applyCommand(entry);
        sessions.settle(reader.sequence(), outcome);
      }
      listener.settled(entry, position, reader, outcome);
    }
  }

  /**
   * The fence is what the value says: the entry's stamp is that of whoever proposed it last. A
   * leader that was superseded may have left its first entry behind that of a later one; that does
   * not lower the fence.
   */
  private void raiseFence(Entry entry) {
    if (entry.value().length() == 0) {
      return;
    }
    Lead lead = Lead.decode(entry.value());
    if (lead.epoch() > fence.epoch()
        || (lead.epoch() == fence.epoch() && stamps.compare(lead.origin(), fence.origin()) > 0)) {
      fence = lead;
    }
  }

  /** A batch whose proposer was superseded by a leader that is known here counts for nothing. */
  private boolean isFenced() {
    return reader.originEpoch() == fence.epoch()
        && stamps.compare(reader.origin(), fence.origin()) < 0;
  }

  private Outcome applyCommand(Entry entry) {
    commandIndex++;
    try {
      byte[] reply = machine.apply(command);
      if (reply != null && reply.length > REPLY_BYTES_MAX) {
        return Outcome.text(
            Code.FAILED,
            commandIndex,
            "its reply of "
                + reply.length
                + " bytes is not kept: StateMachine.apply may return at most "
                + REPLY_BYTES_MAX);
      }
      return new Outcome(Code.OK, commandIndex, reply == null ? NOTHING : reply);
    } catch (CommandRejectedException no) {
      return Outcome.text(Code.REJECTED, commandIndex, refusal(no.getMessage()));
    } catch (Throwable failure) {
      throw new HaltException(
          "the state machine failed on command "
              + commandIndex
              + " (entry "
              + entry.index()
              + "): "
              + failure
              + "; this replica stops, because the replicas could no longer be known to agree."
              + " Correct StateMachine.apply and start again: the command is applied anew",
          failure);
    }
  }

  /** Cut where it is too long, not refused: the replicas agree on either. */
  private static String refusal(@Nullable String message) {
    if (message == null) {
      return "rejected";
    }
    return message.length() <= REFUSAL_CHARS_MAX
        ? message
        : message.substring(0, REFUSAL_CHARS_MAX);
  }

  /** The last entry applied. */
  long entryIndex() {
    return entryIndex;
  }

  /** The last command applied. */
  long commandIndex() {
    return commandIndex;
  }

  /** Cluster time. */
  long time() {
    return time;
  }

  int sessionCount() {
    return sessions.size();
  }

  /** The command under way, in place in its batch. */
  private final class AppliedCommand implements Command {
    @Override
    public long index() {
      return commandIndex;
    }

    @Override
    public long time() {
      return time;
    }

    @Override
    public String session() {
      return reader.session().toString();
    }

    @Override
    public int length() {
      return reader.length();
    }

    @Override
    public byte[] bytes() {
      return reader.copy();
    }

    @Override
    public ByteBuffer buffer() {
      return reader.command();
    }
  }

  /** Ends this replica; the message is for a person. */
  static final class HaltException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HaltException(String message) {
      super(message);
    }

    HaltException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
