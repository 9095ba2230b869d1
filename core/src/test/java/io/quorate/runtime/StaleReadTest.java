package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.ReadMode;
import io.quorate.TooStaleException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Reads of limited age. */
class StaleReadTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Bench bench = new Bench();

  @Test
  void oneConfirmationServesAllThatComeWhileItIsYoung() {
    LocalReplica replica = bench.leading();
    bench.settle(); // The read that tells whether it is ready has been confirmed.
    bench.engine.answersReads = false;
    int asked = bench.engine.readIds.size();
    for (int i = 0; i < 3; i++) {
      CompletableFuture<byte[]> read = replica.queryStale(new byte[1], HOUR);
      bench.settle();
      assertTrue(read.isDone() && !read.isCompletedExceptionally());
    }
    assertEquals(asked, bench.engine.readIds.size());
  }

  @Test
  void whatMakesTheStateYoungIsWaitedFor() {
    LocalReplica replica = bench.leading();
    bench.settle();
    bench.engine.answersReads = false;
    bench.engine.commits = false;
    CompletableFuture<?> written = replica.propose(new byte[1]);
    CompletableFuture<byte[]> confirmed = replica.query(new byte[1]);
    bench.settle();
    long id = bench.engine.readIds.remove();
    bench.input(out -> out.readable(id, bench.engine.last));
    bench.settle();
    assertFalse(confirmed.isDone());
    CompletableFuture<byte[]> young = replica.queryStale(new byte[1], HOUR);
    bench.settle();
    assertFalse(young.isDone(), "the command that makes it young is not applied yet");
    bench.input(out -> out.commit(bench.engine.last));
    bench.settle();
    assertTrue(young.isDone() && !young.isCompletedExceptionally());
    assertFalse(written.isCompletedExceptionally());
  }

  /** P39: what a quorum has accepted may never be chosen. */
  @Test
  void whatAQuorumHasAcceptedIsNotWaitedFor() {
    LocalReplica replica = bench.leading();
    bench.settle();
    bench.engine.answersReads = false;
    CompletableFuture<byte[]> ofQuorum = replica.query(new byte[1], ReadMode.QUORUM);
    bench.settle();
    long id = bench.engine.readIds.remove();
    bench.input(out -> out.readable(id, bench.engine.last + 9));
    bench.settle();
    assertFalse(ofQuorum.isDone());
    CompletableFuture<byte[]> young = replica.queryStale(new byte[1], HOUR);
    bench.settle();
    assertTrue(young.isDone());
  }

  @Test
  void whoCannotKeepTheLimitSaysWhatItKnows() {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.leading();
    CompletableFuture<byte[]> read = replica.queryStale(new byte[1], Duration.ofMillis(5));
    bench.pass(10_100);
    Throwable cause = assertThrows(CompletionException.class, read::join).getCause();
    assertEquals(TooStaleException.UNKNOWN, assertInstanceOf(TooStaleException.class, cause).age());
  }

  @Test
  void anAgeBelowZeroIsRefused() {
    LocalReplica replica = bench.leading();
    assertThrows(
        IllegalArgumentException.class,
        () -> replica.queryStale(new byte[1], Duration.ofMillis(-1)));
  }
}
