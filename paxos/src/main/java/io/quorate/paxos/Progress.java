package io.quorate.paxos;

import io.quorate.spi.Check;

/** What a leader knows of one acceptor, and what it has sent it and not heard of since. */
/* Accepts are numbered, and an answer says up to which number all is dealt with: accepted durably,
 * or lost, which the acceptor finds out by itself. So a lost Accept does not hold the window for
 * longer than until the next Commit is answered.
 */
final class Progress {
  /** Bound on bytes that are sent and not answered for; the last message may exceed it. */
  static final int WINDOW_BYTES = 16 << 20;

  /** Bound on messages that are sent and not answered for. */
  static final int WINDOW_MESSAGES = 256;

  private final int place;
  private final int id;
  private final int[] weights = new int[WINDOW_MESSAGES];
  private long sequence;
  private long answered;
  private long bytes;
  private long sentTo;

  /** When it was last heard in this ballot. */
  long heardAt;

  /** Whether it has the founding entry durably. */
  boolean founded;

  /** Whether its connection broke and it was not heard since: only signs of life are sent. */
  boolean paused;

  /** Since when it refuses this ballot for a higher one; meaningless if it does not. */
  long refusedAt;

  boolean refuses;

  Progress(int place, int id, long sentTo, long now) {
    this.place = place;
    this.id = id;
    this.sentTo = sentTo;
    heardAt = now;
  }

  int place() {
    return place;
  }

  int id() {
    return id;
  }

  /** The number of the last Accept. */
  long sequence() {
    return sequence;
  }

  /** The last slot that was sent, if it had to be. */
  long sentTo() {
    return sentTo;
  }

  /** These slots need not be sent. */
  void skipTo(long slot) {
    sentTo = Math.max(sentTo, slot);
  }

  /** Whether it has answered for all that was sent. */
  boolean isIdle() {
    return !paused && answered == sequence;
  }

  /** How many messages it has not answered for. */
  long lag() {
    return sequence - answered;
  }

  boolean hasRoom() {
    return !paused && sequence - answered < WINDOW_MESSAGES && bytes < WINDOW_BYTES;
  }

  /** Takes the number for an Accept that ends with that slot. */
  long send(long last, long weight) {
    Check.that(
        sequence - answered < WINDOW_MESSAGES, "a window is not exceeded", sequence, answered);
    skipTo(last);
    sequence++;
    weights[(int) (sequence % WINDOW_MESSAGES)] = (int) weight;
    bytes += weight;
    return sequence;
  }

  /** All Accepts up to that number are dealt with. */
  void answered(long to) {
    Check.that(to <= sequence, "what was not sent is not answered", to, sequence);
    while (answered < to) {
      answered++;
      bytes -= weights[(int) (answered % WINDOW_MESSAGES)];
    }
  }
}
