package io.quorate.paxos;

import io.quorate.spi.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What replicas say to each other; who sends is told by the transport, as a {@link
 * io.quorate.spi.Member}. An {@link Entry}'s stamp is the ballot that its value was accepted in.
 */
sealed interface PaxosMessage {

  /** A message of one ballot. */
  sealed interface OfBallot extends PaxosMessage {
    Ballot ballot();
  }

  // ---- election: nothing persistent changes, no ballot is told ----

  /**
   * "I hear no leader. Do you?"
   *
   * @param token told in the reply; another for each round of questions
   * @param chosenTo all slots up to there are known here to be chosen
   */
  record Poll(long token, long chosenTo) implements PaxosMessage {}

  /** The answer: granted if the one who answers hears no other leader either. */
  record PollReply(long token, boolean granted, long chosenTo) implements PaxosMessage {}

  // ---- phase 1 ----

  /**
   * Phase 1a, once for all slots.
   *
   * @param attempt told in the answers; keeps those to an earlier life apart
   * @param from the first slot that the proposer does not know to be chosen
   */
  record Prepare(Ballot ballot, long attempt, long from) implements OfBallot {}

  /**
   * Phase 1b, in parts: nothing below the ballot will be accepted, and this is all that was.
   *
   * @param earlier the highest ballot that was promised before this one; this one if that is not
   *     known any more
   * @param part counted from 0, each on the heels of the one before
   * @param last whether no part follows
   * @param chosenTo all slots up to there are chosen; their values are fetched, not reported
   * @param founded whether the founding entry is durable here
   * @param formed whether all founding voters are known to have it
   * @param accepted what was accepted from the proposer's first slot on and above chosenTo
   * @param chosen which of these are known to be chosen
   * @param damaged what was accepted too and cannot be read: never to be taken for nothing (P33)
   */
  record Promise(
      Ballot ballot,
      long attempt,
      Ballot earlier,
      int part,
      boolean last,
      long chosenTo,
      boolean founded,
      boolean formed,
      List<Entry> accepted,
      List<SlotRange> chosen,
      List<Damaged> damaged)
      implements OfBallot {}

  /** A slot whose value is damaged on disk; in which ballot it was accepted is known. */
  record Damaged(long slot, Ballot ballot) {}

  /** No promise: a higher one was given. */
  record PrepareNack(Ballot ballot, long attempt, Ballot promised) implements OfBallot {}

  // ---- phase 2 ----

  /**
   * Phase 2a, for slots that stand together.
   *
   * @param sequence numbers the Accepts to this acceptor in this ballot, for the window
   * @param chosenTo all slots up to there are chosen
   * @param round the leader's last round of reads
   */
  record Accept(
      Ballot ballot, long sequence, List<Entry> entries, long chosenTo, long round, boolean formed)
      implements OfBallot {}

  /**
   * Phase 2b: these slots are accepted in this ballot, durably.
   *
   * @param sequence all Accepts up to this one are dealt with
   * @param accepted at least what became durable since the last answer
   * @param missing what a {@link Commit} spoke of and was never received
   * @param round the highest round of reads heard in this ballot
   * @param founded whether the founding entry is durable here
   */
  record Accepted(
      Ballot ballot,
      long sequence,
      List<SlotRange> accepted,
      List<SlotRange> missing,
      long round,
      boolean founded)
      implements OfBallot {}

  /** Not accepted: a higher ballot was promised. */
  record AcceptNack(Ballot ballot, Ballot promised) implements OfBallot {}

  /**
   * What is chosen; the leader's sign of life. Answered with {@link Accepted}.
   *
   * @param sentTo the last slot that was sent to this acceptor in this ballot: it says which it
   *     lacks
   * @param chosenTo valid for values accepted in this very ballot; others are fetched (P13)
   */
  record Commit(
      Ballot ballot, long sequence, long sentTo, long chosenTo, long round, boolean formed)
      implements OfBallot {}

  /**
   * The leader hands over: "prepare a ballot above mine", once the one addressed has all that is
   * chosen.
   *
   * @param released whether the leader has given its lease back, so that the ballot that is
   *     prepared has nothing to wait for, if none came in between
   */
  record Cede(Ballot ballot, long chosenTo, boolean released) implements OfBallot {}

  // ---- learning ----

  /** Asks anybody for chosen values. */
  record CatchupRequest(long from, long to) implements PaxosMessage {}

  /**
   * Chosen values, from the slot asked for on; empty if the one asked does not know it.
   *
   * @param chosenTo all slots up to there are chosen
   * @param base what was chosen up to there is in a snapshot, and its values are here no longer
   */
  record CatchupResponse(List<Entry> entries, long chosenTo, long base) implements PaxosMessage {}

  /** Asks anybody what it has accepted in a slot, whose chosen value the one who asks has lost. */
  record AskSlot(long slot) implements PaxosMessage {}

  /**
   * What stands in the slot; not sent if that is damaged too, or in a snapshot.
   *
   * @param accepted null if nothing was accepted there
   * @param chosen whether that is known to be chosen
   */
  record SlotReport(long slot, @Nullable Entry accepted, boolean chosen) implements PaxosMessage {}

  // ---- reads ----

  /**
   * A follower asks the leader what a read has to wait for. The token is used once.
   *
   * @param promised the highest ballot that it has promised; NONE if it cannot tell
   */
  record ReadIndex(long token, Ballot promised) implements PaxosMessage {}

  /**
   * The answer: all slots up to {@code index} are chosen.
   *
   * @param ballot the leader's, in which it is confirmed; NONE if the one asked does not lead
   */
  record ReadIndexReply(long token, Ballot ballot, long index) implements PaxosMessage {
    boolean confirmed() {
      return !ballot.equals(Ballot.NONE);
    }
  }

  /** Asks an acceptor up to where it has accepted anything. The token is used once. */
  record AskAccepted(long token) implements PaxosMessage {}

  /** The answer: nothing was ever accepted above that slot, which may be undecided. */
  record Accepts(long token, long highest) implements PaxosMessage {}
}
