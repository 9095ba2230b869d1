package io.quorate.runtime;

import io.quorate.DurableStateMachine;
import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.spi.Base;
import io.quorate.spi.Configuration;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Stamp;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the state is that a {@link DurableStateMachine} has kept: all of a snapshot but the state
 * (docs/wire-format.md).
 *
 * @param base the last entry that the state includes
 * @param front head and session table
 */
record Bookmark(long epoch, Base base, SnapshotHead head, byte[] front) {
  private static final int FORMAT = 1;

  /**
   * Has the machine open its store.
   *
   * @return null if it keeps nothing, or has nothing yet
   * @throws QuorateException if it throws, or what it returns is no bookmark
   */
  static @Nullable Bookmark open(StateMachine machine) {
    if (!(machine instanceof DurableStateMachine durable)) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = durable.open();
    } catch (IOException | RuntimeException e) {
      throw new QuorateException(
          "the state machine cannot open its store ("
              + e
              + "): see to it that it can, or empty it, and its state is made anew",
          e);
    }
    try {
      return bytes == null ? null : decode(bytes);
    } catch (IOException | IllegalArgumentException e) {
      throw new QuorateException(
          "DurableStateMachine.open has returned what is no bookmark of this version ("
              + e.getMessage()
              + "): return what commit was given last, or null with an empty state",
          e);
    }
  }

  private static Bookmark decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int format = in.read();
    if (format != FORMAT) {
      throw new IllegalArgumentException("format " + format + " and not " + FORMAT);
    }
    long epoch = in.readLong();
    Base base = new Base(in.readLong(), new Stamp(in.readLong(), in.readLong()));
    byte[] front = in.readAllBytes();
    SnapshotHead head = SnapshotHead.read(new DataInputStream(new ByteArrayInputStream(front)));
    return new Bookmark(epoch, base, head, front);
  }

  static void write(DataOutputStream out, long epoch, Base base, byte[] front) throws IOException {
    out.writeByte(FORMAT);
    out.writeLong(epoch);
    out.writeLong(base.index());
    out.writeLong(base.stamp().high());
    out.writeLong(base.stamp().low());
    out.write(front);
  }

  /** Whether it stands at or behind a snapshot: that one's state is no news then. */
  static boolean covers(@Nullable Bookmark bookmark, SnapshotDesk.@Nullable Found found) {
    return bookmark != null && (found == null || bookmark.base.index() >= found.snapshot().index());
  }

  /**
   * Checks that state and log belong together.
   *
   * @param configurations of the log and its snapshot
   * @throws QuorateException if they do not
   */
  void check(
      LogStore.Recovered log, SnapshotDesk.@Nullable Found found, List<Entry> configurations) {
    String own = FoundingState.newest(head).clusterId().toString();
    String of = "none";
    if (!configurations.isEmpty()) {
      of = Configuration.decode(configurations.get(0).value()).clusterId().toString();
    } else if (found != null) { // A group is to be founded with it.
      of = FoundingState.newest(found.head()).clusterId().toString();
    }
    if (!own.equals(of) && log.faulty().isEmpty()) {
      throw new QuorateException(
          "the state machine's store is of cluster "
              + own
              + ", and the log of "
              + of
              + ": start with the store and the log that belong together, or empty the store");
    }
    long last = Math.max(log.last(), found == null ? 0 : found.snapshot().index());
    if (base.index() > last) {
      throw new QuorateException(
          String.format(
              "the state machine's store includes entry %d, and the log ends with entry %d: the"
                  + " log was put back to an older state, or has lost what was durable. It must"
                  + " not be used again; replace the member by one with an empty log and store",
              base.index(), last));
    }
  }
}
