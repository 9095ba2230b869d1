package io.quorate.raft;

import io.quorate.spi.Check;

/** What a leader knows of one follower, and what it has sent and not seen acknowledged. */
/* PROBING: where the logs are equal is not known; one Append is out, repeated by heartbeats. The
 * first acknowledgement starts PIPELINING: entries are sent as they come and `next` runs ahead. Any
 * refusal, or a broken connection, goes back to probing and opens a new SESSION: answers of an older
 * one tell of messages that this state was not made from, and are ignored (R6).
 */
final class Progress {
  /** Bound on bytes that are sent and not acknowledged; the last message may exceed it. */
  static final int WINDOW_BYTES = 16 << 20;

  /** Bound on messages with entries that are sent and not acknowledged. */
  static final int WINDOW_MESSAGES = 256;

  private final int id;
  private final long[] sentIndexes = new long[WINDOW_MESSAGES];
  private final int[] sentBytes = new int[WINDOW_MESSAGES];
  private int head;
  private int messages;
  private long bytes;

  private long next;
  private long match;
  private long session;
  private boolean probing;
  private boolean probeSent;
  private boolean fetching;

  /** When it was last heard in this term. */
  long heardAt;

  /** Its question after it had lost its record (D9); 0 if there was none. */
  long rejoinToken;

  /** The entry that was appended when it was asked. */
  long rejoinIndex;

  /** It refused what it had acknowledged before: its disk lost something. */
  boolean hasLost;

  Progress(int id, long next, long session, long now) {
    this.id = id;
    this.next = next;
    this.session = session;
    probing = true;
    heardAt = now;
  }

  int id() {
    return id;
  }

  /** The next entry to send. */
  long next() {
    return next;
  }

  /** The follower holds all entries up to here durably, equal to the leader's. */
  long match() {
    return match;
  }

  long session() {
    return session;
  }

  boolean isProbing() {
    return probing;
  }

  /** Whether another message with entries may be sent. */
  boolean hasRoom() {
    return probing ? !probeSent : messages < WINDOW_MESSAGES && bytes < WINDOW_BYTES;
  }

  /** Starts anew from an index, in a new session. */
  void probe(long from, long newSession) {
    Check.that(from > match, "R7 next is above match", from, match);
    Check.that(newSession > session, "R6 sessions are used once", newSession, session);
    next = from;
    session = newSession;
    probing = true;
    probeSent = false;
    fetching = false;
    messages = 0;
    bytes = 0;
  }

  /** Entries from {@link #next} to {@code last} were sent; none if last is next - 1. */
  void sent(long last, int weight) {
    Check.that(hasRoom(), "a window is not exceeded", messages, bytes);
    if (probing) {
      probeSent = true;
    } else {
      int tail = (head + messages) % WINDOW_MESSAGES;
      sentIndexes[tail] = last;
      sentBytes[tail] = weight;
      messages++;
      bytes += weight;
      next = last + 1;
    }
  }

  /** The follower has acknowledged, in this session. Returns whether {@link #match} has grown. */
  boolean acknowledged(long durable, long written) {
    attended(durable, written);
    Check.that(next > durable, "R7 next is above match", next, durable);
    if (durable <= match) {
      return false;
    }
    match = durable;
    return true;
  }

  /** The follower has it, in this session, and does not testify to that. */
  void attended(long durable, long written) {
    Check.that(durable <= written, "ID1 what is durable was written", durable, written);
    while (messages > 0 && sentIndexes[head] <= durable) {
      bytes -= sentBytes[head];
      head = (head + 1) % WINDOW_MESSAGES;
      messages--;
    }
    probing = false;
    next = Math.max(next, written + 1);
  }

  /** Whether a fetch may be asked for: one at a time. */
  boolean startFetch() {
    boolean free = !fetching;
    fetching = true;
    return free;
  }

  void endFetch() {
    fetching = false;
  }
}
