package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** No stage of a replica waits for another, and none goes on past a failure. */
class StagesTest {
  private final Bench bench = new Bench();

  @Test
  @DisplayName("Q6: while a command is applied, the loop receives, writes, commits and sends")
  void theLoopDoesNotWaitForTheMachine() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> slow = replica.propose(new byte[1]);
    bench.applyWorker().stopped = true;
    bench.settle();
    CompletableFuture<byte[]> read = replica.query(new byte[1]);
    CompletableFuture<Reply> behind = replica.propose(new byte[2]);
    int before = bench.sentOf(Wire.MESSAGES).size();
    bench.input(out -> out.send(2, 0));
    bench.settle();
    assertEquals(before + 1, bench.sentOf(Wire.MESSAGES).size(), "a heartbeat is answered");
    assertTrue(bench.engine.inputs.contains("durable 2"), "the command behind is written");
    assertEquals(2, bench.engine.last);
    assertFalse(slow.isDone() || read.isDone() || behind.isDone());
    bench.applyWorker().stopped = false;
    bench.settle();
    assertEquals(1, slow.join().index());
    assertEquals(2, behind.join().index());
    assertTrue(read.isDone());
  }

  @Test
  @DisplayName(
      "R10: an entry that cannot be read is not skipped: the engine is told what came first")
  void aFailedReadIsNotSkipped() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.settle();
    assertTrue(reply.isDone());
    int before = bench.sent.size();
    bench.store.failRead = true;
    bench.input(out -> out.fetch(2, 1, 100));
    bench.settle();
    assertFalse(replica.closed().isDone());
    assertTrue(bench.engine.inputs.contains("fetched"));
    assertEquals(before, bench.sent.size());
  }
}
