package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Entry;
import io.quorate.spi.Stamp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
  private final ClusterClock clock = new ClusterClock();

  private static Entry batch(long index, long time) {
    return new Entry(
        1, index, Entry.Kind.BATCH, Stamp.NONE, Batch.end(Batch.begin(time, 1, Stamp.NONE, 0, 0)));
  }

  @Test
  @DisplayName("IC9: a leader's time goes on from the greatest that it holds")
  void aLeaderGoesOnFromTheGreatestTimeItHolds() {
    clock.seen(batch(1, 900));
    clock.seen(batch(2, 700));
    clock.lead(5_000);
    assertEquals(900, clock.leaderTime(5_000));
    assertEquals(950, clock.leaderTime(5_050));
  }

  @Test
  @DisplayName("IC9: what passes between two reigns does not count")
  void downtimeDoesNotCount() {
    clock.lead(5_000);
    clock.seen(batch(1, clock.leaderTime(5_100)));
    clock.lead(9_000);
    assertEquals(100, clock.leaderTime(9_000));
    assertEquals(130, clock.leaderTime(9_030));
  }
}
