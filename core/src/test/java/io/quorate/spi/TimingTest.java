package io.quorate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final long MILLI = 1_000_000;

  @Test
  void whatIsDrawnLiesWithinItsBounds() {
    Timing timing = new Timing(1000 * MILLI, 100 * MILLI, new Random(1));
    for (int i = 0; i < 1000; i++) {
      assertIn(1000, timing.electionNanos(), 1250);
      assertIn(40, timing.hintedNanos(2), 50);
      assertIn(50, timing.retryNanos(), 100);
    }
    assertEquals(1000 * MILLI, timing.electionTimeoutNanos());
    assertEquals(100 * MILLI, timing.heartbeatNanos());
  }

  @Test
  void aRetryNeverTakesLongerThanAnElectionTimeout() {
    Timing timing = new Timing(30 * MILLI, 10 * MILLI, new Random(1));
    assertEquals(30 * MILLI, timing.retryNanos());
  }

  @Test
  void optionsThatCannotWorkAreRefusedWithARemedy() {
    assertEquals(
        "the heartbeat is 0 ms; choose a time above zero, 100 ms if in doubt", refusal(1000, 0));
    assertEquals(
        "the election timeout is 3600001 ms; choose an hour at most", refusal(3_600_001, 100));
    assertEquals(
        "the election timeout of 299 ms is less than three heartbeats of 100 ms: one lost message"
            + " would depose a leader; raise the one or lower the other",
        refusal(299, 100));
    Timing.validate(Duration.ofMillis(300), Duration.ofMillis(100));
    Timing.validate(Duration.ofHours(1), Duration.ofMillis(100));
  }

  private static String refusal(long timeout, long heartbeat) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class,
                () -> Timing.validate(Duration.ofMillis(timeout), Duration.ofMillis(heartbeat)))
            .getMessage());
  }

  private static void assertIn(long leastMillis, long nanos, long mostMillis) {
    assertTrue(nanos >= leastMillis * MILLI && nanos <= mostMillis * MILLI, () -> nanos + " ns");
  }
}
