package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Reply;
import io.quorate.runtime.Intake.Origin;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandOverTest {
  private final Tail tail =
      new Tail(
          new Recovered(1, true, null, 1, 1, 0, List.of(), List.of(), List.of()), Long.MAX_VALUE);
  private final HandOver handOver = new HandOver(tail, 1);

  @Test
  void whatIsInFlightIsCountedUntilItIsTruncated() {
    for (int i = 1; i <= 4; i++) {
      handOver.proposed(append(i, 100));
    }
    assertEquals(400, handOver.inFlightBytes());
    handOver.truncated(3);
    assertEquals(200, handOver.inFlightBytes());
  }

  @Test
  void commitNeverDecreases() {
    handOver.committed(3);
    handOver.committed(3);
    assertThrows(IllegalStateException.class, () -> handOver.committed(2));
  }

  @Test
  void whatIsCommittedIsNeverTruncated() {
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

  private Origin append(long index, int bytes) {
    Payload value = Payload.of(new byte[bytes]);
    tail.append(new Entry(1, index, Entry.Kind.BATCH, Stamp.NONE, value), index);
    Origin origin = new Origin(value, null);
    origin.index = index;
    return origin;
  }
}
