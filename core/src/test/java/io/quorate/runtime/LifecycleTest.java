package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A replica's life as its owner sees it: ready, waiting, closed or halted. */
class LifecycleTest {
  private final Bench bench = new Bench();

  @Test
  void aReplicaIsReadyOnceItHasAppliedAllThatWasCommittedBefore() {
    bench.engine.answersReads = false;
    bench.engine.commits = false;
    LocalReplica replica = bench.leading();
    bench.input(out -> out.readable(bench.engine.readIds.getLast(), 1));
    bench.settle();
    assertFalse(replica.ready().isDone(), "what the leader named is not committed here");
    bench.input(
        out -> {
          out.write(
              new io.quorate.spi.Entry(
                  1, 1, io.quorate.spi.Entry.Kind.LEAD, Bench.STAMP, io.quorate.spi.Payload.EMPTY));
          out.commit(1);
        });
    bench.settle();
    assertTrue(replica.ready().isDone());
    assertNull(replica.ready().join());
    assertEquals(1, replica.status().appliedEntry());
  }

  @Test
  void whoeverWaitsForReadyCannotMakeItSo() {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.started();
    assertTrue(replica.ready().complete(null));
    assertFalse(replica.ready().isDone());
  }

  @Test
  void aCloseCompletesClosedAndFailsWhoWaitsForReady() throws InterruptedException {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.started();
    close(replica);
    assertNull(replica.closed().join());
    String why = String.valueOf(failure(replica.ready()).getMessage());
    assertEquals("member 1 is closed", why);
    assertTrue(bench.store.closed);
    assertTrue(bench.linkClosed);
    close(replica); // Again, to no effect.
  }

  @Test
  void aHaltFailsClosedWithItsCauseAndLeavesTheReplicaToBeClosed() throws InterruptedException {
    LocalReplica replica = bench.leading();
    bench.store.failSync = true;
    bench.input(out -> out.save(new byte[] {3}));
    bench.settle();
    String why = String.valueOf(failure(replica.closed()).getMessage());
    assertTrue(why.contains("member 1 has halted: the disk is gone"), why);
    assertEquals("halted", replica.status().role());
    assertTrue(replica.explain().contains("the disk is gone"));
    close(replica);
    assertTrue(bench.store.closed);
    assertEquals(why, failure(replica.closed()).getMessage());
  }

  @Test
  void aProposalWithoutALeaderWaitsAndThenSaysWhyThereIsNone() {
    LocalReplica replica = bench.started();
    bench.connected(2);
    bench.listener().refused(3, "QRT-101: another cluster");
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.pass(9_900);
    assertFalse(reply.isDone());
    bench.pass(200);
    NotLeaderException no = assertInstanceOf(NotLeaderException.class, failure(reply));
    assertEquals(0, no.leader());
    String why = String.valueOf(no.getMessage());
    assertTrue(why.contains("no leader is known to member 1"), why);
    assertTrue(why.contains("member 3 refuses the connection: QRT-101: another cluster"), why);
  }

  @Test
  void aProposalThatALeaderComesInTimeForIsServed() {
    LocalReplica replica = bench.started();
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.pass(5_000);
    bench.input(out -> out.leader(1, Bench.STAMP));
    bench.settle();
    assertEquals(1, reply.join().index());
  }

  @Test
  void aCallMayHaveATimeoutOfItsOwn() {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.started();
    CompletableFuture<Reply> patient = replica.propose(new byte[1]);
    CompletableFuture<Reply> hurried = replica.propose(new byte[1], Duration.ofMillis(200));
    CompletableFuture<byte[]> query =
        replica.query(new byte[1], ReadMode.LINEARIZABLE, Duration.ofMillis(200));
    bench.pass(300);
    assertInstanceOf(NotLeaderException.class, failure(hurried));
    assertInstanceOf(QuorateException.class, failure(query));
    assertFalse(patient.isDone());
    assertEquals(1, replica.status().waiting());
    assertThrows(
        IllegalArgumentException.class, () -> replica.propose(new byte[1], Duration.ofDays(366)));
  }

  @Test
  void aRetryResolvesWhatTimedOut() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<Reply> late = replica.propose(new byte[] {5}, Duration.ofMillis(200));
    bench.pass(300);
    var unknown = assertInstanceOf(OutcomeUnknownException.class, failure(late));
    CompletableFuture<Reply> retry = unknown.retry(Duration.ofSeconds(5));
    bench.settle();
    long both = bench.engine.last;
    assertEquals(2, both);
    bench.input(out -> out.commit(both));
    bench.settle();
    assertEquals(1, retry.join().index());
    assertEquals(1, bench.machine.applied.size());
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aRetryAfterTheOutcomeHasComeIsAnsweredOutsideTheLoop() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<Reply> late = replica.propose(new byte[] {5}, Duration.ofMillis(200));
    bench.pass(300);
    bench.input(out -> out.commit(1));
    bench.settle();
    var unknown = assertInstanceOf(OutcomeUnknownException.class, failure(late));
    bench.backgroundWorker().stopped = true;
    CompletableFuture<Reply> retry = unknown.retry(Duration.ofSeconds(5));
    bench.settle();
    assertFalse(retry.isDone());
    bench.backgroundWorker().stopped = false;
    bench.settle();
    assertEquals(1, retry.join().index());
    assertEquals(1, bench.engine.last);
  }

  /** From a thread that waits for the end, as this one is the loop's. */
  private void close(LocalReplica replica) throws InterruptedException {
    replica.close();
    bench.settle();
    Thread owner = new Thread(replica::close);
    owner.start();
    owner.join();
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "the future is settled");
    Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }
}
