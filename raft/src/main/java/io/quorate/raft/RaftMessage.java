package io.quorate.raft;

import io.quorate.spi.Entry;
import java.util.List;

/**
 * What replicas say to each other. Fields carry the dissertation's names (Figure 3.1); who sends is
 * told by the transport, as a {@link io.quorate.spi.Member}.
 */
sealed interface RaftMessage {
  /** The sender's current term. */
  long term();

  /** A voter's answer to a vote or pre-vote. The codes are part of the wire format. */
  enum Answer {
    GRANTED(1, "granted"),
    LEADER_HEARD(2, "refused: it hears a leader"),
    LOG_OLDER(3, "refused: its log is newer"),
    VOTE_SPENT(4, "refused: it gave its vote of this term to another"),
    TERM_OLDER(5, "refused: its term is higher"),
    RECORD_LOST(6, "refused: the record of its votes is damaged");

    private static final Answer[] BY_CODE = values();
    private final int code;
    private final String words;

    Answer(int code, String words) {
      this.code = code;
      this.words = words;
    }

    int code() {
      return code;
    }

    static Answer of(int code) {
      if (code < 1 || code > BY_CODE.length) {
        throw new IllegalArgumentException("no answer to a vote has the code " + code);
      }
      return BY_CODE[code - 1];
    }

    String words() {
      return words;
    }
  }

  /**
   * "Would you vote for me in term + 1?" (§9.6). Changes no persistent state, of nobody (E5).
   *
   * @param round told in the reply; another for each round (E5, E8)
   */
  record PreVote(long term, long round, long lastIndex, long lastTerm) implements RaftMessage {}

  /** The answer; a refusal's term may be higher than the candidate's (E7). */
  record PreVoteReply(long term, long round, Answer answer) implements RaftMessage {}

  /**
   * Sent when the candidate's own vote is durable (E2).
   *
   * @param handed whether the leader has asked the candidate to stand (§3.10): then nobody refuses
   *     because it hears that leader
   */
  record RequestVote(long term, long lastIndex, long lastTerm, boolean handed)
      implements RaftMessage {
    /** Of who stands by itself. */
    RequestVote(long term, long lastIndex, long lastTerm) {
      this(term, lastIndex, lastTerm, false);
    }
  }

  /**
   * The leader hands over: "stand for election now" (§3.10).
   *
   * @param released whether the leader has given its lease back, so that who wins the next term has
   *     nothing to wait for
   */
  record TimeoutNow(long term, boolean released) implements RaftMessage {}

  /**
   * A grant leaves when the vote is durable.
   *
   * @param election the term that was asked for
   */
  record VoteReply(long term, long election, Answer answer) implements RaftMessage {}

  /**
   * AppendEntries; without entries a heartbeat.
   *
   * @param session echoed by the answer; see {@link Progress} (R6)
   * @param commit the leader's commit index
   * @param round the leader's last read round, echoed by the answer (Q2)
   */
  record Append(
      long term,
      long session,
      long prevIndex,
      long prevTerm,
      List<Entry> entries,
      long commit,
      long round)
      implements RaftMessage {}

  /**
   * "My log equals yours up to {@code match}, durably, and up to {@code written}, written."
   *
   * @param round the highest read round heard from this leader
   */
  record Appended(long term, long session, long match, long written, long round)
      implements RaftMessage {}

  /**
   * The entry at {@code prevIndex} is not what the leader takes it for, or the leader's term is
   * over.
   *
   * @param lastIndex the follower's last entry
   * @param conflictTerm the term of the follower's entry at prevIndex; 0 if it has none
   * @param conflictIndex the first uncommitted entry that it has of that term (§3.5, "fast
   *     backtracking")
   */
  record AppendRefused(
      long term,
      long session,
      long prevIndex,
      long lastIndex,
      long conflictTerm,
      long conflictIndex,
      long round)
      implements RaftMessage {}

  /**
   * Installing snapshots (§5; Figure 5.3 of the dissertation): "You lack entries that I have no
   * longer." The follower gets a snapshot from the runtime; in the place of an Append, also as a
   * heartbeat, and answered as such.
   *
   * @param lastIndex the least that the snapshot includes: the base of the leader's log
   * @param round the leader's last read round, echoed by the answer (Q2)
   */
  record InstallSnapshot(long term, long session, long lastIndex, long round)
      implements RaftMessage {}

  /** Asks anybody for the entry at {@code index}, which is damaged here (D8). In any term. */
  record CopyRequest(long term, long index, long entryTerm) implements RaftMessage {}

  /** The answer, if the one asked holds it. In any term; another than the entry's. */
  record Copy(long term, Entry entry) implements RaftMessage {}

  /** As {@link Appended}, from who has lost its record: it is no testimony (D9). */
  record Attended(long term, long session, long match, long written) implements RaftMessage {}

  /** A follower that has lost its record asks the leader to go on without it (D9). */
  record Rejoin(long term, long token) implements RaftMessage {}

  /** The leader has appended an entry since it was asked: the one at {@code index}. */
  record Rejoined(long term, long token, long index) implements RaftMessage {}

  /**
   * A follower asks for the leader's commit index, confirmed (§6.4). The token is used once.
   *
   * @param confirms whether this is its word that it has voted in no later term
   */
  record ReadIndex(long term, long token, boolean confirms) implements RaftMessage {}

  /** The answer; not confirmed if the asked one does not lead (any more). */
  record ReadIndexReply(long term, long token, boolean confirmed, long index)
      implements RaftMessage {}
}
