package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
  private static final Stamp STAMP = new Stamp(1, 0);
  private final ClusterClock clock = new ClusterClock();

  private static Entry batch(long index, long time) {
    return new Entry(
        1, index, Entry.Kind.BATCH, STAMP, Batch.end(Batch.begin(time, 1, STAMP, 0, 0)));
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
  @DisplayName("IC9: the newest entries tell the time, over a hole and past no-ops and old batches")
  void theNewestEntriesOfAnyLogTellTheTime() {
    Bench.Store store = new Bench.Store();
    Tail tail =
        new Tail(
            new Recovered(1, true, null, 1, 1, 0, List.of(), List.of(), List.of(), null, List.of()),
            1);
    for (Entry entry : List.of(batch(1, 100), batch(2, 900), batch(500, 700), noOp(1_000))) {
      store.write(entry);
      tail.write(entry, entry.index());
    }
    clock.seeNewest(store, 1, tail);
    clock.lead(0);
    assertEquals(900, clock.leaderTime(0));
  }

  @Test
  @DisplayName("D8: what is damaged is not read, and seen when it is written again")
  void whatIsDamagedIsNotRead() {
    Bench.Store store = new Bench.Store();
    List<StampRun> runs = List.of(new StampRun(1, STAMP));
    Tail tail =
        new Tail(
            new Recovered(1, false, null, 1, 1, 2, runs, List.of(), List.of(2L), null, List.of()),
            1);
    store.write(batch(1, 300));
    store.write(batch(2, 900));
    clock.seeNewest(store, 1, tail);
    clock.lead(0);
    assertEquals(300, clock.leaderTime(0));
    clock.seen(batch(2, 900));
    clock.lead(0);
    assertEquals(900, clock.leaderTime(0));
  }

  @Test
  @DisplayName("a start reads the newest batch, and no more of a log than a window")
  void aStartDoesNotReadTheWholeLog() {
    Bench.Store store = new Bench.Store();
    Tail tail =
        new Tail(
            new Recovered(1, true, null, 1, 1, 0, List.of(), List.of(), List.of(), null, List.of()),
            1);
    for (Entry entry : List.of(batch(1, 900), batch(2, 700), noOp(1_100), noOp(5_000))) {
      store.write(entry);
      tail.write(entry, entry.index());
    }
    clock.seeNewest(store, 1, tail);
    clock.lead(0);
    assertEquals(700, clock.leaderTime(0));
  }

  private static Entry noOp(long index) {
    return new Entry(1, index, Entry.Kind.LEAD, STAMP, Payload.EMPTY);
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
