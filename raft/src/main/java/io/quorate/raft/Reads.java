package io.quorate.raft;

import io.quorate.raft.RaftMessage.ReadIndexReply;
import io.quorate.spi.Check;
import io.quorate.spi.Effects;
import java.util.ArrayList;
import java.util.List;

/** Reads that a leader confirms (§6.4): many share a round, one round is on its way at a time. */
/* A read joins the round that begins after it came, never one that is on its way: whoever confirms a
 * round says "you led when I heard of it", and that has to be after the read was asked for. Rounds
 * are numbered by the leader alone and a number is used once in a term (Q2). */
final class Reads {
  /** More than these are refused. */
  static final int READS_MAX = 65_536;

  private record Read(int from, long id) {}

  private List<Read> waiting = new ArrayList<>();
  private List<Read> underway = new ArrayList<>();
  private long round;
  private long index;

  /** The last round that was begun; 0 before the first. */
  long round() {
    return round;
  }

  boolean isUnderway() {
    return !underway.isEmpty();
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * A read waits for the next round.
   *
   * @param from 0 for this replica, else who asked
   */
  void add(long term, int from, long id, Effects<RaftMessage> out) {
    Read read = new Read(from, id);
    if (waiting.size() + underway.size() >= READS_MAX) {
      refuse(term, read, out);
    } else {
      waiting.add(read);
    }
  }

  /** All that wait go into a round, which will confirm this commit index. */
  void begin(long commit) {
    Check.that(underway.isEmpty(), "one round of reads at a time");
    List<Read> empty = underway;
    underway = waiting;
    waiting = empty;
    index = commit;
    round++;
  }

  /** A quorum has confirmed the round. */
  void confirmed(long term, Effects<RaftMessage> out) {
    for (Read read : underway) {
      if (read.from() == 0) {
        out.readable(read.id(), index);
      } else {
        out.send(read.from(), new ReadIndexReply(term, read.id(), true, index));
      }
    }
    underway.clear();
  }

  /** The leadership is over. */
  void fail(long term, Effects<RaftMessage> out) {
    for (Read read : underway) {
      refuse(term, read, out);
    }
    for (Read read : waiting) {
      refuse(term, read, out);
    }
    underway.clear();
    waiting.clear();
  }

  private static void refuse(long term, Read read, Effects<RaftMessage> out) {
    if (read.from() == 0) {
      out.unreadable(read.id());
    } else {
      out.send(read.from(), new ReadIndexReply(term, read.id(), false, 0));
    }
  }
}
