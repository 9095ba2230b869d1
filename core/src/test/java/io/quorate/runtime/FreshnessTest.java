package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FreshnessTest {
  private long wall = 1_000;
  private final Freshness freshness = new Freshness(() -> wall);

  @Test
  void nothingIsKnownBeforeTheFirstRound() {
    assertEquals(Freshness.UNKNOWN, freshness.age(5));
  }

  @Test
  void theAgeRunsFromWhenTheRoundWasAsked() {
    freshness.confirmed(10, 1_000, 7);
    wall = 1_005;
    assertEquals(15, freshness.age(25));
    assertEquals(7, freshness.index());
  }

  @Test
  void aRoundThatWasAskedEarlierMakesNothingOlder() {
    freshness.confirmed(10, 1_000, 7);
    freshness.confirmed(9, 999, 6);
    assertEquals(15, freshness.age(25));
    assertEquals(7, freshness.index());
  }

  @Test
  void whereTheMonotonicClockStoodStillTheWallClockTells() {
    freshness.confirmed(10, 1_000, 7);
    wall = 61_000;
    assertEquals(60_000, freshness.age(11));
  }

  @Test
  void aWallClockThatWasPutBackMakesNothingYounger() {
    freshness.confirmed(10, 1_000, 7);
    wall = 0;
    assertEquals(15, freshness.age(25));
  }

  @Test
  void clocksOverflow() {
    freshness.confirmed(Long.MAX_VALUE - 1, 1_000, 7);
    assertEquals(3, freshness.age(Long.MIN_VALUE + 1));
    freshness.confirmed(Long.MIN_VALUE + 1, 1_000, 8);
    assertEquals(8, freshness.index());
  }
}
