package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OutcomeUnknownException;
import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Calls.Retry;
import io.quorate.runtime.Outcome.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Proposals are futures; what matters is asked.
class ProposalsTest {
  private static final Outcome OK = new Outcome(Code.OK, 1, new byte[0]);
  private static final Outcome EXPIRED = Outcome.text(Code.EXPIRED, 0, "gone");
  private final Admission admission = new Admission();
  private long drawn;
  private final Proposals proposals =
      new Proposals(() -> new SessionId(0, ++drawn), admission, Runnable::run);

  @Test
  void commandsAreNumberedInTheOrderOfTheirArrivalAndHandedOutOnce() {
    List<Proposal> added = add(3);
    for (int i = 0; i < 3; i++) {
      assertSame(added.get(i), next());
      assertEquals(i + 1, added.get(i).sequence);
      assertEquals(1, added.get(i).mark);
    }
    assertNull(proposals.peek());
    assertFalse(proposals.isEmpty());
  }

  @Test
  void theMarkPassesOnlyASettledRun() {
    add(3);
    take(3);
    proposals.settle(2, OK);
    assertEquals(1, proposals.mark());
    proposals.settle(1, OK);
    assertEquals(3, proposals.mark());
    proposals.settle(3, OK);
    assertEquals(4, proposals.mark());
    assertTrue(proposals.isEmpty());
    assertEquals(0, admission.count());
  }

  @Test
  void whatIsUnsettledIsHandedAgainUnderTheSameSequences() {
    List<Proposal> added = add(4);
    take(4);
    proposals.settle(1, OK);
    proposals.settle(3, OK);
    proposals.handAgain();
    assertSame(added.get(1), next());
    assertSame(added.get(3), next());
    assertNull(proposals.peek());
    assertEquals(2, added.get(1).sequence);
    assertEquals(2, added.get(1).mark);
    assertTrue(proposals.isRepeated(4));
    assertFalse(proposals.isRepeated(1));
  }

  @Test
  void aSecondOutcomeOfACommandIsIgnored() {
    add(1);
    take(1);
    proposals.settle(1, OK);
    assertNull(proposals.settle(1, OK));
    assertNull(proposals.settle(77, OK));
    assertEquals(0, admission.count());
  }

  @Test
  void aFullWindowHoldsBackUntilItsOldestCommandIsSettled() {
    for (int i = 0; i <= Batch.WINDOW; i++) {
      proposals.add(new Proposal(new byte[0], 0));
    }
    take(Batch.WINDOW);
    assertNull(proposals.peek());
    proposals.settle(2, OK);
    assertNull(proposals.peek());
    proposals.settle(1, OK);
    Proposal last = next();
    assertEquals(Batch.WINDOW + 1, last.sequence);
    assertTrue(last.sequence - last.mark < Batch.WINDOW);
  }

  @Test
  void whatIsOverdueIsTakenOutWhateverItsPlace() {
    List<Proposal> added = add(3); // Deadlines 0, 1, 2.
    Proposal hurried = addWithDeadline(-5);
    take(1);
    assertEquals(List.of(), proposals.overdue(-6));
    assertEquals(List.of(hurried), proposals.overdue(-1));
    assertEquals(List.of(added.get(0), added.get(1)), proposals.overdue(1));
    assertEquals(List.of(), proposals.overdue(1));
    assertEquals(1, admission.count());
    assertSame(added.get(2), next());
    assertEquals(List.of(added.get(2)), proposals.overdue(2));
    assertTrue(proposals.isEmpty());
  }

  @Test
  void deadlinesMayPassTheEndOfTheClock() {
    Proposal late = addWithDeadline(Long.MAX_VALUE - 1);
    Proposal later = addWithDeadline(Long.MIN_VALUE + 5);
    assertEquals(List.of(), proposals.overdue(Long.MAX_VALUE - 2));
    assertEquals(List.of(late), proposals.overdue(Long.MIN_VALUE));
    assertEquals(List.of(later), proposals.overdue(Long.MIN_VALUE + 5));
  }

  @Test
  void whatWasHandedOutAndTimedOutKeepsItsPlaceUntilItIsResolved() {
    Proposal late = late();
    assertTrue(proposals.isEmpty());
    assertEquals(1, proposals.mark());
    Retry retry = retry(late);
    assertSame(retry, next());
    assertEquals(1, retry.sequence);
    assertEquals(late.session, retry.session);
    assertTrue(proposals.isRepeated(1));
    proposals.settle(1, OK);
    assertEquals(1, retry.join().index());
    assertEquals(2, proposals.mark());
    assertEquals(0, admission.count());
  }

  @Test
  void anOutcomeThatComesLateAnswersTheRetry() {
    Proposal late = late();
    proposals.settle(1, OK);
    assertEquals(2, proposals.mark());
    Retry retry = retry(late);
    assertNull(proposals.peek());
    assertEquals(1, retry.join().index());
    assertEquals(0, admission.count());
  }

  @Test
  void twoRetriesOfOneCommandEndAlike() {
    Proposal late = late();
    Retry first = retry(late);
    Retry second = retry(late);
    assertSame(first, next());
    assertNull(proposals.peek());
    assertEquals(1, admission.count());
    proposals.settle(1, OK);
    assertEquals(1, first.join().index());
    assertEquals(1, second.join().index());
    assertEquals(0, admission.count());
  }

  @Test
  void aRetryThatTimesOutMayBeRetried() {
    Proposal late = late();
    Retry retry = retry(late);
    take(1);
    assertEquals(List.of(retry), proposals.overdue(100));
    Retry again = retry(retry);
    assertSame(again, next());
    assertEquals(3, again.copies);
  }

  @Test
  void whatNobodyAsksForIsNotSentAgain() {
    late();
    proposals.handAgain();
    assertNull(proposals.peek());
    assertEquals(List.of(), proposals.oldest(1000));
  }

  @Test
  void moreThanHalfOfTheWindowIsNotKeptForWhatTimedOut() {
    Proposal late = late();
    for (int i = 0; i < Batch.WINDOW; i++) {
      Proposal other = addWithDeadline(1_000);
      take(1);
      proposals.settle(other.sequence, OK);
      long pinned = other.sequence < Batch.WINDOW / 2 + 1 ? 1 : other.sequence + 1;
      assertEquals(pinned, proposals.mark());
    }
    Retry retry = retry(late);
    assertInstanceOf(
        OutcomeUnknownException.class,
        assertThrows(CompletionException.class, retry::join).getCause());
    assertEquals(0, admission.count());
  }

  @Test
  void noMoreThanSoManyThatTimedOutAreKept() {
    List<Proposal> late = new ArrayList<>();
    for (int i = 0; i < Leftovers.COUNT_MAX + 2; i++) {
      late.add(late());
    }
    assertEquals(3, proposals.mark());
    assertTrue(retry(late.get(1)).isCompletedExceptionally());
    assertFalse(retry(late.get(2)).isDone());
  }

  @Test
  void whatTheLeaderDidNotTakeIsCertainOnlyIfThereWasNoOtherCopy() {
    List<Proposal> added = add(2);
    take(2);
    SessionId session = added.get(0).session;
    assertNull(proposals.refused(new SessionId(0, 99), 1));
    assertSame(added.get(0), proposals.refused(session, 1));
    proposals.handAgain();
    take(1);
    assertNull(proposals.refused(session, 2));
    assertEquals(1, admission.count());
  }

  /** The apply thread is another one. */
  @Test
  void whatIsSettledBetweenPeekAndTakeIsTakenAllTheSame() {
    List<Proposal> added = add(2);
    take(2);
    proposals.handAgain();
    assertSame(added.get(0), proposals.peek());
    proposals.settle(1, OK);
    assertSame(added.get(0), proposals.take());
    assertSame(added.get(1), next());
    assertNull(proposals.peek());
  }

  /** Handed to a leader once, and timed out. */
  private Proposal late() {
    Proposal proposal = addWithDeadline(10);
    take(1);
    assertEquals(List.of(proposal), proposals.overdue(10));
    return proposal;
  }

  private Retry retry(Proposal late) {
    assertTrue(admission.admit(10));
    Retry retry = new Retry(Objects.requireNonNull(late.unresolved), 50);
    proposals.add(retry);
    return retry;
  }

  private Proposal addWithDeadline(long deadline) {
    Proposal proposal = new Proposal(new byte[10], deadline);
    assertTrue(admission.admit(10));
    proposals.add(proposal);
    return proposal;
  }

  @Test
  void anExpiredSessionIsReplacedOnceItsWindowIsEmpty() {
    List<Proposal> added = add(3);
    take(2);
    SessionId old = added.get(0).session;
    Proposal refused = proposals.settle(1, EXPIRED);
    assertSame(added.get(0), refused);
    assertTrue(proposals.sessionExpired(added.get(0)));
    assertNull(proposals.peek()); // The second is unsettled under the old session.
    proposals.settle(2, OK);
    assertSame(added.get(0), next());
    assertNotEquals(old, added.get(0).session);
    assertEquals(3, added.get(0).sequence);
    assertEquals(3, added.get(0).mark);
    assertSame(added.get(2), next());
    assertEquals(2, admission.count());
  }

  @Test
  void aRepeatedCommandOfAnExpiredSessionHasAnUnknownOutcome() {
    List<Proposal> added = add(1);
    take(1);
    proposals.handAgain();
    take(1);
    proposals.settle(1, EXPIRED);
    assertFalse(proposals.sessionExpired(added.get(0)));
    assertTrue(proposals.isEmpty());
    assertEquals(0, admission.count());
  }

  @Test
  void anyTakesOutEverything() {
    add(5);
    take(3);
    int count = 0;
    while (proposals.any() != null) {
      count++;
    }
    assertEquals(5, count);
    assertEquals(0, admission.count());
  }

  private List<Proposal> add(int count) {
    List<Proposal> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Proposal proposal = new Proposal(new byte[10], i);
      assertTrue(admission.admit(10));
      added.add(proposal);
      proposals.add(proposal);
    }
    return added;
  }

  private Proposal next() {
    assertNotNull(proposals.peek());
    return proposals.take();
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      next();
    }
  }
}
