package io.quorate.raft;

import io.quorate.raft.RaftMessage.Answer;
import io.quorate.raft.RaftMessage.Appended;
import io.quorate.raft.RaftMessage.RequestVote;
import io.quorate.raft.RaftMessage.VoteReply;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import io.quorate.testkit.Rules;
import io.quorate.testkit.Witness;

/** What Raft's messages claim to be on disk. */
final class RaftWitness implements Witness<RaftMessage> {
  @Override
  public Rules rules() {
    return Rules.LOG_SHAPED;
  }

  @Override
  public void testifies(Member self, int to, RaftMessage message, Claims claims) {
    if (message instanceof VoteReply reply && reply.answer() == Answer.GRANTED) {
      claims.saved("the vote that it grants", saved -> hasVote(saved, reply.term(), to));
      claims.promise(new Stamp(reply.term(), 0));
      claims.vote(new Stamp(reply.term(), 0), to);
    } else if (message instanceof RequestVote request) {
      claims.saved("its own vote (E2)", saved -> hasVote(saved, request.term(), self.id()));
      claims.promise(new Stamp(request.term(), 0));
      claims.vote(new Stamp(request.term(), 0), self.id());
    } else if (message instanceof Appended reply) {
      claims.saved("its term", saved -> record(saved).term() == reply.term());
      claims.promise(new Stamp(reply.term(), 0));
      claims.entriesTo(reply.match());
    }
  }

  private static boolean hasVote(byte[] saved, long term, int candidate) {
    RaftRecord record = record(saved);
    Member votedFor = record.votedFor();
    return record.term() == term && votedFor != null && votedFor.id() == candidate;
  }

  private static RaftRecord record(byte[] saved) {
    return saved.length == 0 ? RaftRecord.NONE : RaftCodec.decodeRecord(saved);
  }
}
