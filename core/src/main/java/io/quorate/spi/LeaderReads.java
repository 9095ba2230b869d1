package io.quorate.spi;

/**
 * The reads that a leader confirms, in one term or ballot: by rounds, which its heartbeats carry
 * and a quorum repeats (Ongaro, "Consensus: Bridging Theory and Practice", §6.4). They keep its
 * lease as well.
 *
 * <p><b>Threads.</b> The loop thread only.
 *
 * <p><b>Bounds.</b> At most 65,536 reads wait; one more is refused at once.
 */
/* Whoever repeats a round follows nobody later when it does, which is after the round was begun, which
 * is after its reads were asked for (Q2). What was committed before the leader's own first entry is not
 * known until that is committed, so no read is answered before (Q1).
 */
public final class LeaderReads<M> {
  /** The leader's side. */
  public interface Leader<M> {
    /** Whether it has committed an entry of its own, and so knows all that was before (Q1). */
    boolean knowsCommit();

    /** The commit index. */
    long commit();

    /** Sends all others {@link #round}. */
    void heartbeats(Effects<M> out);

    /** Answers the question of another member. */
    void answer(int to, long token, boolean confirmed, long index, Effects<M> out);
  }

  private final Leader<M> leader;
  private final LeaderLease lease;
  private final int self;
  private final long[] repeated;
  private final ReadRounds rounds = new ReadRounds();

  /**
   * No read, and no round yet.
   *
   * @param lease kept by the same rounds
   * @param voters how many there are
   * @param self the leader's place among them
   */
  public LeaderReads(Leader<M> leader, LeaderLease lease, int voters, int self) {
    this.leader = leader;
    this.lease = lease;
    this.self = self;
    repeated = new long[voters];
  }

  /** The last round that was begun; 0 before the first. */
  public long round() {
    return rounds.round();
  }

  /** A read of this replica: {@link Effects#readable} or {@link Effects#unreadable} follows. */
  public void read(long now, long id, Effects<M> out) {
    rounds.add(0, id, answers(out));
    begin(now, out);
  }

  /**
   * A read of another member. Its question is its word that it had followed nobody later when it
   * asked, which was after the read began: where it and this leader are a quorum, nobody else has
   * to be asked (Q12).
   *
   * @param confirms whether it can give its word for this term or ballot
   */
  public void asked(long now, int from, long token, boolean confirms, Effects<M> out) {
    boolean isQuorum = confirms && Quorum.isMajority(2, repeated.length);
    if (isQuorum && leader.knowsCommit()) {
      leader.answer(from, token, true, leader.commit(), out);
    } else {
      rounds.add(from, token, answers(out));
      begin(now, out);
    }
  }

  /** A round begins, if reads wait and no others are on their way; also when more is committed. */
  public void begin(long now, Effects<M> out) {
    if (leader.knowsCommit() && rounds.isWaiting() && !rounds.isUnderway()) {
      rounds.begin(leader.commit());
      lease.begins(rounds.round(), now);
      leader.heartbeats(out);
      confirm(now, out);
    }
  }

  /** Before heartbeats that are due: with each a round begins, that no read has to wait for. */
  public void renewLease(long now, Effects<M> out) {
    if (lease.isWanted()) {
      rounds.begin();
      lease.begins(rounds.round(), now);
      confirm(now, out); // By this replica, which may be the only voter.
    }
  }

  /** Who has that place among the voters has repeated a round. */
  public void repeated(long now, int place, long round, Effects<M> out) {
    if (round > repeated[place]) {
      repeated[place] = round;
      confirm(now, out);
    }
  }

  private void confirm(long now, Effects<M> out) {
    repeated[self] = rounds.round();
    long confirmed = Quorum.reached(repeated);
    if (leader.knowsCommit()) {
      lease.confirmed(confirmed, out);
    }
    if (rounds.confirmed(confirmed, answers(out))) {
      begin(now, out);
    }
  }

  /** The leadership is over: all that wait or are on their way are refused. */
  public void fail(Effects<M> out) {
    rounds.fail(answers(out));
  }

  private ReadRounds.Answers answers(Effects<M> out) {
    return (from, id, confirmed, index) -> {
      if (from != 0) {
        leader.answer(from, id, confirmed, index, out);
      } else if (confirmed) {
        out.readable(id, index);
      } else {
        out.unreadable(id);
      }
    };
  }
}
