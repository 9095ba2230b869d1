package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.runtime.Calls.Proposal;
import io.quorate.runtime.Outcome.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // Proposals are futures; what matters is asked.
class ProposalsTest {
  private static final Outcome OK = new Outcome(Code.OK, 1, new byte[0]);
  private static final Outcome EXPIRED = Outcome.text(Code.EXPIRED, 0, "gone");
  private final Admission admission = new Admission();
  private long drawn;
  private final Proposals proposals = new Proposals(() -> new SessionId(0, ++drawn), admission);

  @Test
  void commandsAreNumberedInTheOrderOfTheirArrivalAndHandedOutOnce() {
    List<Proposal> added = add(3);
    for (int i = 0; i < 3; i++) {
      assertSame(added.get(i), proposals.take());
      assertEquals(i + 1, added.get(i).sequence);
      assertEquals(1, added.get(i).mark);
    }
    assertNull(proposals.peek());
    assertEquals(3, proposals.size());
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
    assertSame(added.get(1), proposals.take());
    assertSame(added.get(3), proposals.take());
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
    Proposal last = proposals.take();
    assertEquals(Batch.WINDOW + 1, last.sequence);
    assertTrue(last.sequence - last.mark < Batch.WINDOW);
  }

  @Test
  void theOldestOverdueCommandIsTakenOutFirst() {
    List<Proposal> added = add(3); // Deadlines 0, 1, 2.
    take(1);
    assertNull(proposals.overdue(-1));
    assertSame(added.get(0), proposals.overdue(1));
    assertSame(added.get(1), proposals.overdue(1));
    assertNull(proposals.overdue(1));
    assertEquals(1, admission.count());
    assertEquals(1, proposals.size());
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
    assertSame(added.get(0), proposals.take());
    assertNotEquals(old, added.get(0).session);
    assertEquals(3, added.get(0).sequence);
    assertEquals(3, added.get(0).mark);
    assertSame(added.get(2), proposals.take());
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

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      proposals.take();
    }
  }
}
