package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Reply;
import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandOverTest {
  /** When what was proposed at 0 is so old that the window is as large as it gets. */
  private static final long LATE = 1_000_000_000;

  private final Tail tail =
      new Tail(
          new Recovered(1, true, null, 1, 1, 0, List.of(), List.of(), List.of(), null, List.of()),
          Long.MAX_VALUE);
  private final HandOver handOver = new HandOver(tail, 1);

  @Test
  void theWindowIsBoundedByBytesUntilTheyAreTruncated() {
    for (int i = 1; i <= 4; i++) {
      assertTrue(handOver.hasRoom(LATE));
      handOver.proposed(append(i, 4 << 20));
    }
    assertFalse(handOver.hasRoom(LATE));
    handOver.truncated(4);
    assertTrue(handOver.hasRoom(LATE));
  }

  /**
   * A path that takes as long as 25 ms carries 160 MB/s; one that takes less has enough with less.
   */
  @Test
  void theWindowGrowsWithTheAgeOfTheOldestInFlight() {
    for (int i = 1; i <= 4; i++) {
      handOver.proposed(append(i, 1 << 20));
    }
    assertFalse(handOver.hasRoom(0));
    assertFalse(handOver.hasRoom(25_000_000));
    assertTrue(handOver.hasRoom(26_000_000));
    handOver.proposed(append(5, 8 << 20));
    assertFalse(handOver.hasRoom(74_000_000));
    assertTrue(handOver.hasRoom(76_000_000));
  }

  @Test
  void theWindowIsBoundedByEntriesHoweverSmall() {
    for (int i = 1; i <= 1024; i++) {
      assertTrue(handOver.hasRoom(LATE));
      handOver.proposed(append(i, 1));
    }
    assertFalse(handOver.hasRoom(LATE));
    handOver.truncated(1024);
    assertTrue(handOver.hasRoom(LATE));
  }

  @Test
  void whatIsProposedTakesThePlaceOfOwnBatchesThereAndBehind() {
    for (int i = 1; i <= 4; i++) {
      handOver.proposed(append(i, 4 << 20));
    }
    handOver.proposed(append(3, 100)); // A leader again, which has recovered two of them.
    for (int i = 4; i <= 1024; i++) {
      assertTrue(handOver.hasRoom(LATE), "two large ones and " + (i - 3) + " small ones");
      handOver.proposed(append(i, 1));
    }
    assertFalse(handOver.hasRoom(LATE));
  }

  @Test
  void anOwnBatchThatHasLeftMemoryIsInFlightUntilItIsHandedOver() {
    Bench bench = new Bench();
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    List<CompletableFuture<Reply>> proposed = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      proposed.add(replica.propose(new byte[1 << 20]));
      bench.loop.now += 100_000_000; // The window is as large as it gets.
      bench.settle();
    }
    long own = bench.engine.last;
    for (int i = 1; i <= 70; i++) {
      Entry far =
          new Entry(1, 1_000_000 + i, Entry.Kind.LEAD, Bench.STAMP, Payload.of(new byte[1 << 20]));
      bench.input(out -> out.write(far));
      bench.settle();
    }
    bench.input(out -> out.commit(own));
    bench.settle();
    bench.engine.commits = true;
    proposed.add(replica.propose(new byte[1 << 20]));
    bench.settle();
    assertEquals(own + 1, bench.engine.last, "the window has room again");
    assertTrue(proposed.stream().allMatch(CompletableFuture::isDone));
  }

  @Test
  void aCommitOverAHoleIsRefused() {
    append(1, 1);
    append(3, 1);
    handOver.committed(1);
    assertThrows(IllegalStateException.class, () -> handOver.committed(3));
    append(2, 1);
    handOver.committed(3);
  }

  @Test
  void commitNeverDecreases() {
    appendThree();
    handOver.committed(3);
    handOver.committed(3);
    assertThrows(IllegalStateException.class, () -> handOver.committed(2));
  }

  @Test
  void whatIsCommittedIsNeverTruncated() {
    appendThree();
    handOver.committed(3);
    handOver.truncated(4);
    assertThrows(IllegalStateException.class, () -> handOver.truncated(3));
  }

  @Test
  void aSlowStateMachineIsHandedABoundedNumberOfBytes() {
    Bench bench = new Bench();
    LocalReplica replica = bench.leading();
    bench.applyWorker().stopped = true;
    CompletableFuture<Reply> last = new CompletableFuture<>();
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 10; i++) {
        last = replica.propose(new byte[1 << 20]);
      }
      bench.settle();
    }
    assertTrue(bench.engine.last < 40, () -> "handed over " + bench.engine.last);
    assertEquals(0, replica.status().appliedEntry());
    bench.applyWorker().stopped = false;
    bench.settle();
    assertTrue(last.isDone());
    assertEquals(60, replica.status().appliedEntry());
  }

  @Test
  void whatIsInTheLogAtTheStartIsReadFromItAndAppliedInOrder() {
    Bench bench = new Bench();
    for (int i = 1; i <= 50; i++) {
      ByteBuffer batch = Batch.begin(i, 1, Bench.STAMP, 1, 33);
      Batch.putHeader(batch, new SessionId(0, 5), i, i, 1);
      batch.put((byte) i);
      bench.store.write(new Entry(1, i, Entry.Kind.BATCH, Bench.STAMP, Batch.end(batch)));
    }
    LocalReplica replica = bench.started();
    bench.input(out -> out.commit(50));
    bench.settle();
    assertEquals(50, replica.status().commandIndex());
    for (int i = 0; i < 50; i++) {
      assertEquals(i + 1, bench.machine.applied.get(i)[0]);
    }
  }

  private void appendThree() {
    for (int i = 1; i <= 3; i++) {
      append(i, 1);
    }
  }

  private Origin append(long index, int bytes) {
    Payload value = Payload.of(new byte[bytes]);
    tail.write(new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), value), index);
    Origin origin = new Origin(value, null);
    origin.index = index;
    return origin;
  }
}
