package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ReadMode;
import io.quorate.runtime.Calls.Query;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadsTest {
  private static final long LOST = 500_000_000;
  private final Reads reads = new Reads();

  @Test
  void allThatWaitShareOneRound() {
    Query a = add(0);
    Query b = add(0);
    long id = begin(0);
    assertFalse(reads.hasUnasked());
    Query later = add(0);
    assertEquals(List.of(a, b), confirmed(id));
    assertEquals(List.of(), confirmed(id));
    assertEquals(List.of(later), confirmed(begin(0)));
    assertTrue(reads.isEmpty());
  }

  @Test
  void aRefusedRoundWaitsUntilItIsAskedAgain() {
    Query a = add(0);
    reads.refused(begin(0));
    assertFalse(reads.hasUnasked());
    assertFalse(reads.isEmpty());
    reads.askAgain();
    assertEquals(List.of(a), confirmed(begin(0)));
  }

  @Test
  void aRoundWithoutAnAnswerIsAskedAgainUnderAnotherIdAndTheOldAnswerCountsForNothing() {
    Query a = add(0);
    long lost = begin(0);
    reads.askLostAgain(LOST - 1);
    assertFalse(reads.hasUnasked());
    reads.askLostAgain(LOST);
    assertTrue(reads.hasUnasked());
    assertEquals(List.of(), confirmed(lost));
    assertEquals(List.of(a), confirmed(begin(LOST)));
  }

  @Test
  void whatWaitsForACommitIsTakenOutOnceItIsReached() {
    Query a = add(0);
    Query b = add(0);
    reads.awaitCommit(0, 5, confirmed(begin(0)));
    assertFalse(reads.isEmpty());
    assertEquals(List.of(), reads.committed(4));
    List<Reads.Confirmed> reached = reads.committed(5);
    assertEquals(List.of(new Reads.Confirmed(5, List.of(a, b))), reached);
    assertTrue(reads.isEmpty());
  }

  @Test
  void theOverdueAreTakenOutWhereverTheyWait() {
    Query refused = add(10);
    reads.refused(begin(0));
    Query uncommitted = add(10);
    reads.awaitCommit(0, 9, confirmed(begin(0)));
    Query asked = add(10);
    begin(0);
    Query unasked = add(10);
    Query inTime = add(11);
    assertEquals(List.of(), reads.overdue(9));
    List<Query> overdue = reads.overdue(10);
    assertEquals(4, overdue.size());
    assertTrue(overdue.containsAll(List.of(refused, uncommitted, asked, unasked)));
    assertEquals(List.of(inTime), reads.all());
    assertTrue(reads.isEmpty());
  }

  /** P39: such an index may never be reached. */
  @Test
  void whatAQuorumHasConfirmedTooHighIsAskedOfTheLeaderAfterAWhile() {
    Query ofQuorum = new Query(new byte[0], 0, ReadMode.QUORUM);
    reads.add(ofQuorum);
    assertFalse(reads.hasUnasked());
    assertTrue(reads.hasUnaskedOfQuorum());
    reads.awaitCommit(7, 9, confirmed(reads.beginOfQuorum(0, 0)));
    assertFalse(reads.hasUnaskedOfQuorum());
    Query other = add(0);
    reads.awaitCommit(7, 9, confirmed(begin(0)));
    reads.askLostAgain(7 + LOST - 1);
    assertFalse(reads.hasUnasked());
    reads.askLostAgain(7 + LOST);
    assertFalse(reads.hasUnaskedOfQuorum());
    assertEquals(List.of(ofQuorum), confirmed(begin(0)));
    assertEquals(List.of(new Reads.Confirmed(9, List.of(other))), reads.committed(9));
  }

  private long begin(long now) {
    return reads.begin(now, 0);
  }

  private List<Query> confirmed(long id) {
    Reads.Round round = reads.confirmed(id);
    return round == null ? List.of() : round.queries();
  }

  private Query add(long deadline) {
    Query query = new Query(new byte[0], deadline, ReadMode.LINEARIZABLE);
    reads.add(query);
    return query;
  }
}
