package io.quorate.testkit.world;

import static io.quorate.testkit.world.World.MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Loop;
import io.quorate.testkit.WorldFault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimClockTest {
  private final World world = new World(1);
  private final Life life = new Life(1, world.setting, Long.MAX_VALUE - 5);
  private final SimClock clock = life.clock();
  private final List<Long> rang = new ArrayList<>();

  private Loop.Scheduled timer(long delay) {
    return clock.schedule(delay, () -> rang.add(world.agenda.now()));
  }

  @Test
  void itBeginsAnywhereAndOverflows() {
    assertEquals(Long.MAX_VALUE - 5, clock.nanoTime());
    timer(100);
    world.pass(100);
    assertEquals(Long.MIN_VALUE + 94, clock.nanoTime());
    assertEquals(List.of(100L), rang);
  }

  @Test
  void timersFollowTheRateAlsoIfItChangesLater() {
    timer(1_000);
    clock.rate(4);
    world.pass(100);
    clock.rate(0.5);
    world.pass(10_000);
    assertEquals(List.of(100 + 2 * 600L), rang);
    assertEquals(1, world.happened(WorldFault.CLOCK_DRIFTED));
  }

  @Test
  void aTimerNeverRingsBeforeItsTimeWhateverTheRate() {
    for (double rate : new double[] {0.3, 0.7, 1.1, 3.3, 1e6}) {
      clock.rate(rate);
      long due = clock.nanoTime() + 12_345_677;
      List<Long> late = new ArrayList<>();
      clock.schedule(12_345_677, () -> late.add(clock.nanoTime() - due));
      world.pass(1_000 * MILLIS);
      assertEquals(1, late.size());
      assertEquals(0, late.get(0), Math.max(2, rate));
    }
  }

  @Test
  void aLeapMakesTimersDue() {
    timer(1_000);
    timer(5_000);
    clock.jump(2_000);
    world.pass(0);
    assertEquals(List.of(0L), rang);
    world.pass(10_000);
    assertEquals(List.of(0L, 3_000L), rang);
  }

  @Test
  void aCancelledTimerDoesNotRingAfterAPauseEither() {
    Loop.Scheduled one = timer(10);
    Loop.Scheduled other = timer(200);
    life.pause(true);
    world.pass(100);
    one.cancel();
    life.resume();
    other.cancel();
    world.pass(1_000);
    assertEquals(List.of(), rang);
  }

  @Test
  void aClockThatWentOnHasItsTimersDueAfterThePause() {
    timer(10);
    life.pause(true);
    world.pass(100);
    assertEquals(Long.MIN_VALUE + 94, clock.nanoTime());
    assertEquals(List.of(), rang);
    life.resume();
    world.pass(0);
    assertEquals(List.of(100L), rang);
  }

  @Test
  void aClockThatStoodGoesOnFromThere() {
    timer(10);
    world.pass(3);
    life.pause(false);
    world.pass(100);
    assertEquals(Long.MAX_VALUE - 2, clock.nanoTime());
    life.resume();
    world.pass(100);
    assertEquals(List.of(110L), rang);
  }
}
