package io.quorate.raft;

import io.quorate.raft.RaftMessage.Append;
import io.quorate.raft.RaftMessage.Rejoin;
import io.quorate.raft.RaftMessage.Rejoined;
import io.quorate.spi.Effects;
import io.quorate.spi.Member;
import java.util.List;

/**
 * What a replica is that has lost its term and vote: silent, until others go on without it (D9).
 */
/* It may have voted in any term, for a candidate that has not won yet. So it testifies to nothing,
 * and saves nothing (a record would look like one that was never lost), until a leader has committed
 * an entry that it appended after this replica's restart: that entry is on a quorum Q of others, for
 * this replica has acknowledged nothing since. Whomever it may have voted for in a higher term needs
 * another vote out of Q; whoever of Q gave one before could not acknowledge the entry any more, and
 * after that refuses a candidate that lacks it. So no such vote counts any more, and this replica may
 * go on in the leader's term, with its vote in it spent.
 *
 * "After the restart" is proven by a token: it asks the leader, who appends an entry then, and tells
 * its index. Another term, another question.
 */
final class Rejoining {
  private final RaftEngine raft;
  private long asked;
  private long token;
  private long index;

  Rejoining(RaftEngine raft) {
    this.raft = raft;
  }

  /** The leader of the term has spoken. */
  void heard(Member leader, Append append, Effects<RaftMessage> out) {
    boolean first = asked != raft.term();
    if (first) {
      asked = raft.term();
      token = raft.token();
      index = 0;
    }
    if (index == 0 && (first || append.entries().isEmpty())) {
      out.send(leader.id(), new Rejoin(asked, token));
    }
  }

  void onRejoined(Rejoined reply) {
    if (reply.token() == token) {
      index = reply.index();
    }
  }

  /**
   * Whether others have committed the leader's entry.
   *
   * @param match up to there the log is durably that of the term's leader
   */
  boolean isOver(long match) {
    return index > 0 && asked == raft.term() && raft.commit() >= index && match >= index;
  }

  void findings(List<String> findings) {
    String why =
        "the record of this replica's votes is damaged: it does not vote, and acknowledges";
    if (raft.formation.voters() < 3) {
      findings.add(why + " nothing; a group of two has no quorum without it: restore all of it");
    } else if (asked == raft.term() && index > 0) {
      findings.add(why + " nothing until the others have committed entry " + index);
    } else {
      findings.add(why + " nothing until the others have committed without it");
    }
  }
}
