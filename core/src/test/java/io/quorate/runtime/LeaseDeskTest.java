package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeaseDeskTest {
  private static final long MILLI = 1_000_000;
  private static final long LEASE = 1_000 * MILLI;

  private long now = Long.MAX_VALUE - 700 * MILLI; // The clock overflows.
  private long wall = 5_000 * MILLI;
  private final LeaseDesk desk = new LeaseDesk(() -> now, () -> wall);

  private void pass(long millis) {
    now += millis * MILLI;
    wall += millis * MILLI;
  }

  /** A round that is sent now and confirmed a little later. */
  private void renew() {
    long since = now;
    pass(2);
    desk.granted(since, since + LEASE);
  }

  /** From the second round on: before, nothing is known of the clocks when one is sent. */
  private void lead() {
    renew();
    assertFalse(desk.holds());
    pass(100);
    renew();
    assertTrue(desk.holds());
  }

  @Test
  void aLeaseHoldsUntilItsEnd() {
    assertFalse(desk.holds());
    lead();
    pass(997);
    assertTrue(desk.holds());
    pass(1);
    assertFalse(desk.holds());
    renew();
    assertTrue(desk.holds());
  }

  @Test
  void whoLeadsNoMoreHoldsNone() {
    lead();
    desk.ended();
    assertFalse(desk.holds());
    renew();
    assertFalse(desk.holds(), "what was confirmed late says nothing of the next time");
  }

  @Test
  void whatIsCommittedIsTold() {
    desk.committed(7);
    assertEquals(7, desk.commit());
  }

  @Test
  @DisplayName("Q5: a machine that was suspended takes no lease for longer than it is")
  void aSuspendedMachineHasLostItsLease() {
    lead();
    wall += 990 * MILLI;
    assertTrue(desk.holds());
    wall += 10 * MILLI;
    assertFalse(desk.holds());
    renew();
    assertFalse(desk.holds(), "of what was sent since, the clocks' difference is not known yet");
    renew();
    assertTrue(desk.holds());
  }

  @Test
  @DisplayName(
      "Q5: a wall clock that is put forward ends a lease, one that is put back hides nothing")
  void theWallClockGrantsNothing() {
    lead();
    wall += 3_600_000 * MILLI;
    assertFalse(desk.holds());
    renew();
    renew();
    assertTrue(desk.holds());
    wall -= 3_600_000 * MILLI;
    assertTrue(desk.holds());
    pass(998);
    assertFalse(desk.holds(), "it makes none longer");
    renew();
    wall += 2_000 * MILLI; // Suspended.
    assertFalse(desk.holds());
  }

  /** With a round trip longer than a heartbeat. */
  @Test
  void roundsThatOverlapKeepALease() {
    long[] sent = new long[40];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = now;
      if (i >= 3) {
        desk.granted(sent[i - 3], sent[i - 3] + LEASE);
      }
      if (i > 8) {
        assertTrue(desk.holds(), "round " + i);
      }
      pass(100);
    }
    pass(700);
    assertFalse(desk.holds());
  }
}
