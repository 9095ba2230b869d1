package io.quorate.raft;

import io.quorate.spi.Check;
import io.quorate.spi.Member;
import org.jspecify.annotations.Nullable;

/**
 * What survives a restart beside the log: the term and the vote in it (dissertation, Figure 3.1,
 * "persistent state"). One record, saved atomically, so that no crash separates the two (E3).
 *
 * @param votedFor with its incarnation: before formation nothing else keeps a wiped candidate from
 *     collecting the votes of one term twice. Null if the vote of the term is unspent.
 */
record RaftRecord(long term, @Nullable Member votedFor) {
  static final RaftRecord NONE = new RaftRecord(0, null);

  RaftRecord {
    Check.that(term >= 0, "a term is not below 0", term, 0);
    Check.that(term > 0 || votedFor == null, "nobody votes in term 0");
  }
}
