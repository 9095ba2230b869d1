package io.quorate.spi;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads that a leader confirms: many share a round, and one round with reads is on its way at a
 * time. Rounds without reads may begin at any time. Loop only.
 */
/* A read joins the round that begins after it came, never one that is on its way: whoever confirms a
 * round says "you led when I heard of it", and that has to be after the read was asked for. Rounds
 * are numbered by the leader alone and a number is used once in a term or ballot (Q2); who counts
 * the confirmations is the engine.
 */
final class ReadRounds {
  /** More than these are refused. */
  static final int READS_MAX = 65_536;

  /** Tells whoever asked for a read. */
  interface Answers {
    /**
     * A read is over. May not ask for another one.
     *
     * @param from 0 for this replica, else the member that asked
     * @param id as the read was asked for
     * @param confirmed whether it may be served
     * @param index once this is applied; 0 if not confirmed
     */
    void answer(int from, long id, boolean confirmed, long index);
  }

  private record Read(int from, long id) {}

  private List<Read> waiting = new ArrayList<>();
  private List<Read> underway = new ArrayList<>();
  private long round;
  private long askedIn;
  private long index;

  /** The last round that was begun; 0 before the first. */
  long round() {
    return round;
  }

  /** Whether a round with reads was begun and is neither confirmed nor failed. */
  boolean isUnderway() {
    return !underway.isEmpty();
  }

  /** Whether a read waits for the next round. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * A read waits for the next round.
   *
   * @param from 0 for this replica, else who asked
   */
  void add(int from, long id, Answers to) {
    if (waiting.size() + underway.size() >= READS_MAX) {
      to.answer(from, id, false, 0);
    } else {
      waiting.add(new Read(from, id));
    }
  }

  /** A round begins that no read waits for. */
  void begin() {
    round++;
  }

  /** All that wait go into a round, which will confirm this commit index. */
  void begin(long commit) {
    Check.that(underway.isEmpty(), "one round of reads at a time");
    List<Read> empty = underway;
    underway = waiting;
    waiting = empty;
    index = commit;
    askedIn = ++round;
  }

  /**
   * A quorum has confirmed all rounds up to that one.
   *
   * @return whether reads were answered
   */
  boolean confirmed(long upTo, Answers to) {
    if (underway.isEmpty() || upTo < askedIn) {
      return false;
    }
    for (Read read : underway) {
      to.answer(read.from(), read.id(), true, index);
    }
    underway.clear();
    return true;
  }

  /** The leadership is over: all that wait or are on their way are refused. */
  void fail(Answers to) {
    for (Read read : underway) {
      to.answer(read.from(), read.id(), false, 0);
    }
    for (Read read : waiting) {
      to.answer(read.from(), read.id(), false, 0);
    }
    underway.clear();
    waiting.clear();
  }
}
