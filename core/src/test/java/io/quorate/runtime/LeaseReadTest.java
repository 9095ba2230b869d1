package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ReadMode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Reads that a leader answers alone. */
class LeaseReadTest {
  private static final long LEASE_NANOS = 1_000_000_000;

  private final Bench bench = new Bench();

  private LocalReplica leased() {
    LocalReplica replica = bench.leading();
    bench.settle();
    bench.engine.answersReads = false;
    renew();
    renew(); // Of the first round it is not known how the clocks stood.
    return replica;
  }

  private void renew() {
    long since = bench.loop.now;
    bench.input(out -> out.lease(since, since + LEASE_NANOS));
    bench.settle();
  }

  private static CompletableFuture<byte[]> read(LocalReplica replica) {
    return replica.query(new byte[] {7}, ReadMode.LEASE);
  }

  @Test
  void nobodyIsAskedWhileTheLeaseHolds() {
    LocalReplica replica = leased();
    int asked = bench.engine.readIds.size();
    CompletableFuture<byte[]> read = read(replica);
    bench.settle();
    assertArrayEquals(new byte[] {7}, read.join());
    assertEquals(asked, bench.engine.readIds.size());
    bench.loop.now += LEASE_NANOS;
    CompletableFuture<byte[]> late = read(replica);
    bench.settle();
    assertFalse(late.isDone());
    assertEquals(asked + 1, bench.engine.readIds.size());
  }

  @Test
  void whatIsCommittedIsAppliedFirst() {
    LocalReplica replica = leased();
    bench.engine.commits = false;
    CompletableFuture<?> written = replica.propose(new byte[] {1});
    bench.settle();
    holdApply(true);
    bench.input(out -> out.commit(bench.engine.last));
    CompletableFuture<byte[]> read = read(replica);
    bench.settle();
    assertFalse(read.isDone(), "a command is committed, and not applied");
    bench.machine.query = question -> bench.machine.applied.get(0);
    holdApply(false);
    bench.settle();
    assertArrayEquals(new byte[] {1}, read.join());
    assertTrue(written.isDone());
  }

  @Test
  void whoLeadsNoMoreAsks() {
    LocalReplica replica = leased();
    bench.input(out -> out.leader(0, Bench.STAMP));
    bench.settle();
    int asked = bench.engine.readIds.size();
    CompletableFuture<byte[]> read = read(replica);
    bench.settle();
    assertFalse(read.isDone());
    assertEquals(asked + 1, bench.engine.readIds.size());
  }

  @Test
  void aMachineThatAllowsItIsAskedByTheCallersThread() {
    bench.machine.answersConcurrently = true;
    LocalReplica replica = leased();
    assertArrayEquals(new byte[] {7}, read(replica).join());
    assertFalse(replica.query(new byte[] {7}).isDone(), "not for other reads");
    bench.machine.query =
        question -> {
          throw new IllegalArgumentException("no question");
        };
    CompletableFuture<byte[]> failed = read(replica);
    assertInstanceOf(
        IllegalArgumentException.class,
        assertThrows(CompletionException.class, failed::join).getCause());
  }

  @Test
  void theCallersThreadDoesNotOvertakeWhatIsApplied() {
    bench.machine.answersConcurrently = true;
    LocalReplica replica = leased();
    bench.engine.commits = false;
    CompletableFuture<?> written = replica.propose(new byte[] {1});
    bench.settle();
    holdApply(true);
    bench.input(out -> out.commit(bench.engine.last));
    bench.settle();
    CompletableFuture<byte[]> read = read(replica);
    assertFalse(read.isDone());
    holdApply(false);
    bench.settle();
    assertTrue(read.isDone());
    assertTrue(written.isDone() && read(replica).isDone());
  }

  @Test
  void aQuestionThatIsTooLongIsRefusedAsAnyOther() {
    bench.machine.answersConcurrently = true;
    LocalReplica replica = leased();
    CompletableFuture<byte[]> read =
        replica.query(new byte[Batch.COMMAND_BYTES_MAX + 1], ReadMode.LEASE);
    assertTrue(read.isCompletedExceptionally());
  }

  private void holdApply(boolean held) {
    bench.applyWorker().stopped = held;
  }
}
