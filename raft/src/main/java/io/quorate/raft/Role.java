package io.quorate.raft;

import io.quorate.spi.Effects;
import io.quorate.spi.Engine;
import io.quorate.spi.Member;
import java.util.List;

/**
 * What a replica is in its current term. State that exists in one role only lives in that role's
 * class. Messages arrive levelled: their term is the current one.
 */
sealed interface Role permits Follower, Candidate, Leader {
  /** The word for people. */
  String name();

  /** Who may be told to lead; 0 if nobody. */
  int leader();

  /** Whether a vote or pre-vote has to be refused because there is a leader (§4.2.3). */
  boolean hearsLeader(long now);

  long deadline();

  void tick(long now, Effects<RaftMessage> out);

  /** The lowest index of the entries that others lack and get from memory. */
  default long wanted() {
    return Engine.NOTHING;
  }

  /** Something became durable: the record, entries or both. */
  void durable(long now, Effects<RaftMessage> out);

  void peerLost(long now, int member, Effects<RaftMessage> out);

  void read(long now, long id, Effects<RaftMessage> out);

  /** This replica has granted a pre-vote to another. */
  default void granted(
      long now, Member to, RaftMessage.PreVote request, Effects<RaftMessage> out) {}

  default void onPreVoteReply(
      long now, Member from, RaftMessage.PreVoteReply reply, Effects<RaftMessage> out) {}

  default void onVoteReply(
      long now, Member from, RaftMessage.VoteReply reply, Effects<RaftMessage> out) {}

  default void onAppended(
      long now, Member from, RaftMessage.Appended reply, Effects<RaftMessage> out) {}

  default void onAppendRefused(
      long now, Member from, RaftMessage.AppendRefused reply, Effects<RaftMessage> out) {}

  /** Refused by all but a leader. */
  default void onReadIndex(
      long now, Member from, RaftMessage.ReadIndex request, Effects<RaftMessage> out) {
    out.send(from.id(), new RaftMessage.ReadIndexReply(request.term(), request.token(), false, 0));
  }

  default void onReadIndexReply(
      long now, Member from, RaftMessage.ReadIndexReply reply, Effects<RaftMessage> out) {}

  default void onAttended(
      long now, Member from, RaftMessage.Attended reply, Effects<RaftMessage> out) {}

  /** Another voter is to lead; refused by all but a leader. */
  default void transfer(long now, int target, Effects<RaftMessage> out) {
    out.transferFailed("this replica does not lead");
  }

  /** Ignored by all but a leader. */
  default void onRejoin(
      long now, Member from, RaftMessage.Rejoin request, Effects<RaftMessage> out) {}

  /** The role is over: whoever waits for it is told. */
  void leave(Effects<RaftMessage> out);

  /** Why there is no progress, one fact each. */
  void findings(long now, List<String> findings);
}
