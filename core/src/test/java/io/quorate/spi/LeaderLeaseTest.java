package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderLeaseTest {
  private static final long MILLI = 1_000_000;

  private final List<String> told = new ArrayList<>();

  @Test
  void withoutLeasesNobodyWaitsAndNothingIsTold() {
    LeaderLease lease = new LeaderLease(0, 100, false);
    assertFalse(lease.isWaiting());
    assertFalse(lease.isWanted());
    lease.begins(1, 100);
    lease.confirmed(1, effects());
    assertEquals(List.of(), told);
  }

  /** Whatever the clocks do: the slowest one measures the lease, and the fastest one the wait. */
  @Test
  void theWaitIsLongerThanTheLeaseByAnyTwoClocks() {
    for (long millis : new long[] {1, 7, 100, 999, 1_000, 3_600_000}) {
      double slow = 1 / (1 + LeaderLease.DRIFT_THOUSANDTHS / 1000.0);
      double fast = 1 + LeaderLease.DRIFT_THOUSANDTHS / 1000.0;
      double leaseLasts = millis * MILLI / slow;
      double waitLasts = LeaderLease.waitNanos(millis * MILLI) / fast;
      assertTrue(waitLasts >= leaseLasts * 0.999_999_999, millis + " ms");
      assertTrue(waitLasts <= leaseLasts * 1.000_01 + 1_000, "and not by more than that");
    }
  }

  @Test
  void theWaitEndsWhenItIsOver() {
    long wonAt = Long.MAX_VALUE - 5 * MILLI; // The clock overflows meanwhile.
    LeaderLease lease = new LeaderLease(10, wonAt, false);
    assertTrue(lease.isWaiting());
    assertEquals(wonAt + 10_201_000, lease.waitEnd());
    assertFalse(lease.passes(lease.waitEnd() - 1));
    assertTrue(lease.isWaiting());
    assertTrue(lease.passes(lease.waitEnd()));
    assertFalse(lease.isWaiting());
    assertFalse(lease.passes(lease.waitEnd()), "once");
  }

  @Test
  void aLeaseRunsFromWhenItsRoundWasSent() {
    LeaderLease lease = new LeaderLease(10, 0, true);
    assertFalse(lease.isWaiting());
    lease.begins(1, 100);
    lease.begins(2, 200);
    lease.begins(3, 300);
    lease.confirmed(2, effects());
    lease.confirmed(1, effects());
    lease.confirmed(2, effects());
    lease.confirmed(3, effects());
    assertEquals(List.of("lease [200, 10000200]", "lease [300, 10000300]"), told);
  }

  @Test
  void aRoundThatIsNotRememberedRenewsNothing() {
    LeaderLease lease = new LeaderLease(10, 0, true);
    for (int round = 1; round <= 65; round++) {
      lease.begins(round, round);
    }
    lease.confirmed(1, effects());
    assertEquals(List.of(), told);
    lease.confirmed(2, effects());
    assertEquals(List.of("lease [2, 10000002]"), told);
  }

  @Test
  void whoHasGivenItBackTakesNoneAgain() {
    LeaderLease lease = new LeaderLease(10, 0, true);
    lease.begins(1, 100);
    assertTrue(lease.release(), "it spares the successor its wait");
    assertFalse(lease.isWanted());
    lease.confirmed(1, effects());
    lease.begins(2, 200);
    lease.confirmed(2, effects());
    assertEquals(List.of(), told);
  }

  @Test
  void whoWaitsItselfSparesNobodyTheWait() {
    LeaderLease lease = new LeaderLease(10, 0, false);
    assertFalse(lease.release());
    assertTrue(lease.isWaiting(), "and goes on waiting");
    assertTrue(lease.passes(lease.waitEnd()));
    assertTrue(lease.release());
  }

  private Effects<?> effects() {
    return (Effects<?>)
        Proxy.newProxyInstance(
            Effects.class.getClassLoader(),
            new Class<?>[] {Effects.class},
            (proxy, method, arguments) -> {
              told.add(method.getName() + " " + Arrays.toString(arguments));
              return null;
            });
  }
}
