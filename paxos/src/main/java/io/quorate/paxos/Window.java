package io.quorate.paxos;

import io.quorate.spi.Check;

/** What a leader knows of one acceptor, and what it has sent it and not heard of since. */
/* Accepts are numbered, and an answer says up to which number all is dealt with: accepted durably,
 * or lost, which the acceptor finds out by itself. So a lost Accept does not hold the window for
 * longer than until the next Commit is answered.
 */
final class Window {
  /** Bound on bytes that are sent and not answered for; the last message may exceed it. */
  static final int BYTES_MAX = 16 << 20;

  /** Bound on messages that are sent and not answered for. */
  static final int MESSAGES_MAX = 256;

  private final int place;
  private final int id;
  private final int[] weights = new int[MESSAGES_MAX];
  private long sequence;
  private long answered;
  private long bytes;
  private long sentTo;

  /** When it was last heard in this ballot. */
  long heardAt;

  /** The highest round of reads that it has confirmed. */
  long round;

  /** Whether it has the founding entry durably. */
  boolean founded;

  /** Whether its connection broke and it was not heard since: only signs of life are sent. */
  boolean paused;

  /** Since when it refuses this ballot for a higher one; meaningless if it does not. */
  long refusedAt;

  boolean refuses;

  Window(int place, int id, long sentTo, long now) {
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

  boolean hasRoom() {
    return !paused && sequence - answered < MESSAGES_MAX && bytes < BYTES_MAX;
  }

  /** Takes the number for an Accept that ends with that slot. */
  long send(long last, long weight) {
    Check.that(sequence - answered < MESSAGES_MAX, "a window is not exceeded", sequence, answered);
    skipTo(last);
    sequence++;
    weights[(int) (sequence % MESSAGES_MAX)] = (int) weight;
    bytes += weight;
    return sequence;
  }

  /** All Accepts up to that number are dealt with. */
  void answered(long to) {
    Check.that(to <= sequence, "what was not sent is not answered", to, sequence);
    while (answered < to) {
      answered++;
      bytes -= weights[(int) (answered % MESSAGES_MAX)];
    }
  }
}
