package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import io.quorate.SessionExpiredException;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A replica's promises to its callers: every future settles, whatever happens. */
class ReplicaTest {
  private final Bench bench = new Bench();

  @Test
  void aCommandIsAppliedAndAnswered() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> reply = replica.propose(bytes(5));
    bench.settle();
    assertEquals(1, reply.join().index());
    assertArrayEquals(bytes(5), reply.join().value());
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aCommandWithoutALeaderFailsAfterTheTimeoutAsCertainlyNotApplied() {
    LocalReplica replica = bench.started();
    CompletableFuture<Reply> reply = replica.propose(bytes(5));
    bench.pass(9_900);
    assertFalse(reply.isDone());
    bench.pass(200);
    assertInstanceOf(NotLeaderException.class, failure(reply));
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aCommandThatIsNotCommittedInTimeHasAnUnknownOutcome() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<Reply> reply = replica.propose(bytes(5));
    bench.pass(10_100);
    assertInstanceOf(OutcomeUnknownException.class, failure(reply));
    assertEquals(0, replica.status().waiting());
  }

  /** IC11. */
  @Test
  void closeSettlesWhatWaitsInEveryStage() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    bench.engine.answersReads = false;
    CompletableFuture<Reply> inLog = replica.propose(bytes(1));
    CompletableFuture<byte[]> unconfirmed = replica.query(bytes(2));
    bench.settle();
    bench.applyWorker().stopped = true;
    CompletableFuture<byte[]> atApply = replica.query(bytes(3), ReadMode.STALE);
    bench.loop.runAll();
    CompletableFuture<Reply> inMailbox = replica.propose(bytes(4));
    CompletableFuture<byte[]> queryInMailbox = replica.query(bytes(5), ReadMode.STALE);
    close(replica);
    assertInstanceOf(OutcomeUnknownException.class, failure(inLog));
    assertInstanceOf(QuorateException.class, failure(unconfirmed));
    assertInstanceOf(QuorateException.class, failure(atApply));
    assertTrue(inMailbox.isDone());
    assertInstanceOf(QuorateException.class, failure(queryInMailbox));
    assertTrue(bench.store.closed);
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aClosedReplicaRefusesAtOnce() {
    bench.engine.answersReads = false; // So that it is not ready.
    LocalReplica replica = bench.started();
    close(replica);
    assertInstanceOf(NotLeaderException.class, failure(replica.propose(bytes(1))));
    assertInstanceOf(QuorateException.class, failure(replica.query(bytes(1))));
    assertInstanceOf(QuorateException.class, failure(replica.query(bytes(1), ReadMode.STALE)));
    assertInstanceOf(QuorateException.class, failure(replica.ready()));
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aStateMachineThatThrowsHaltsTheReplicaAndEverythingSettles() {
    LocalReplica replica = bench.leading();
    bench.machine.apply =
        command -> {
          throw new AssertionError("broken");
        };
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    CompletableFuture<byte[]> before = replica.query(bytes(2));
    bench.settle();
    CompletableFuture<byte[]> after = replica.query(bytes(3), ReadMode.STALE);
    bench.settle();
    assertInstanceOf(OutcomeUnknownException.class, failure(command));
    assertTrue(before.isDone());
    assertInstanceOf(QuorateException.class, failure(after));
    Throwable cause = failure(replica.closed());
    assertTrue(String.valueOf(cause.getMessage()).contains("command 1"), cause::toString);
  }

  @Test
  void queriesBehindTheCommandThatHaltsAreSettled() {
    LocalReplica replica = bench.leading();
    bench.machine.apply =
        command -> {
          throw new AssertionError("broken");
        };
    bench.applyWorker().stopped = true;
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    bench.settle();
    CompletableFuture<byte[]> query = replica.query(bytes(2), ReadMode.STALE);
    bench.settle();
    bench.applyWorker().stopped = false;
    bench.settle();
    assertTrue(command.isDone());
    assertInstanceOf(QuorateException.class, failure(query));
  }

  @Test
  void aFailedSyncHaltsTheReplicaAndNoTicketIsReported() {
    LocalReplica replica = bench.leading();
    bench.store.failSync = true;
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    bench.settle();
    assertInstanceOf(OutcomeUnknownException.class, failure(command));
    assertTrue(bench.engine.inputs.stream().noneMatch(input -> input.startsWith("durable")));
    assertTrue(replica.closed().isCompletedExceptionally());
  }

  @Test
  void aQueryThatThrowsAnErrorFailsAlone() {
    LocalReplica replica = bench.leading();
    bench.machine.query =
        question -> {
          throw new StackOverflowError();
        };
    CompletableFuture<byte[]> query = replica.query(bytes(1));
    bench.settle();
    assertInstanceOf(StackOverflowError.class, failure(query));
    assertFalse(replica.closed().isDone());
  }

  @Test
  void aReadOfAnIndexThatIsNeverCommittedHereFailsInTime() {
    LocalReplica replica = bench.started();
    bench.engine.answersReads = false;
    CompletableFuture<byte[]> query = replica.query(bytes(1));
    bench.settle();
    long id = bench.engine.readIds.getLast();
    bench.input(out -> out.readable(id, 5));
    bench.pass(10_100);
    assertInstanceOf(QuorateException.class, failure(query));
  }

  @Test
  void aFollowersReadWaitsForTheIndexThatTheLeaderNamed() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    bench.engine.answersReads = false;
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    CompletableFuture<byte[]> query = replica.query(bytes(2));
    bench.settle();
    long id = bench.engine.readIds.getLast();
    bench.input(out -> out.readable(id, 1));
    bench.settle();
    assertFalse(query.isDone());
    bench.input(out -> out.commit(1));
    bench.settle();
    assertTrue(command.isDone());
    assertArrayEquals(bytes(2), query.join());
  }

  @Test
  void aWindowThatEmptiesAtOnceLetsTheNextBatchesOutAtOnce() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<Reply> last = new CompletableFuture<>();
    for (int i = 0; i < 40; i++) {
      last = replica.propose(new byte[1 << 20]);
    }
    bench.settle();
    long before = bench.engine.last;
    assertTrue(before < 40);
    bench.input(out -> out.commit(before));
    bench.settle();
    assertTrue(bench.engine.last > before);
    assertFalse(last.isDone());
  }

  @Test
  void framesThatComeBeforeTheStartAreDropped() {
    bench.open();
    bench.input(out -> {});
    bench.settle();
    assertEquals(List.of("start"), bench.engine.inputs);
  }

  @Test
  void aStartThatFailsLeavesNothingOpen() {
    bench.engine.failWith(new IllegalStateException("no"));
    assertThrows(IllegalStateException.class, bench::open);
    assertTrue(bench.store.closed);
    assertTrue(bench.linkClosed);
    assertEquals(3, bench.workers.size()); // No apply thread that nobody would stop.
  }

  @Test
  void anInterruptOfTheStateMachineDoesNotOutliveItsCall() {
    LocalReplica replica = bench.leading();
    bench.machine.apply =
        command -> {
          Thread.currentThread().interrupt();
          return command;
        };
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    assertTrue(reply.isDone());
    assertFalse(Thread.interrupted());
  }

  @Test
  void aCommandRefusedForAnExpiredSessionWhileTheReplicaEndsIsSettled() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    // The same entry, as if two hours of cluster time had passed before it.
    bench.input(out -> out.truncate(1));
    bench.engine.last = 0;
    bench.input(
        out -> {
          ByteBuffer late = Batch.begin(7_200_000_000_000L, 1, Bench.STAMP, 1, 33);
          Batch.Reader reader = new Batch.Reader();
          reader.open(bench.store.entries.firstEntry().getValue().value());
          assertTrue(reader.next());
          Batch.putHeader(late, reader.session(), 1, 1, 1);
          late.put((byte) 1);
          out.write(
              new io.quorate.spi.Entry(
                  1, 1, io.quorate.spi.Entry.Kind.BATCH, Bench.STAMP, Batch.end(late)));
          out.commit(1);
        });
    bench.applyWorker().stopped = true;
    bench.settle();
    bench.applyWorker().stopped = false;
    replica.close();
    bench.applyWorker().step(); // Tells the loop, which ends before it hears.
    bench.settle();
    assertTrue(reply.isDone());
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aClientsRetryGetsTheFirstReply() {
    bench.leading();
    SessionId session = new SessionId(0, 42);
    bench.receive(-5, Wire.PROPOSE, propose(session, 1, 0, 9));
    bench.settle();
    bench.receive(-5, Wire.PROPOSE, propose(session, 2, 1, 9));
    bench.receive(-5, Wire.PROPOSE, propose(session, 1, 0, 9));
    bench.settle();
    List<Long> indexes = new ArrayList<>();
    for (Bench.Frame frame : bench.sentOf(Wire.OUTCOMES)) {
      ByteBuffer in = frame.header();
      assertEquals(1, in.getLong());
      while (in.hasRemaining()) {
        assertEquals(0, in.get());
        in.getLong();
        indexes.add(Wire.outcome(in).index());
      }
    }
    assertEquals(List.of(1L, 2L, 1L), indexes);
    assertEquals(2, bench.machine.applied.size());
  }

  @Test
  void aClientMaySpeakForNoMember() {
    bench.leading();
    ByteBuffer forward = propose(new SessionId(0, 1), 1, 0, 1);
    assertThrows(IllegalArgumentException.class, () -> bench.receive(-5, Wire.FORWARD, forward));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            bench
                .listener()
                .received(
                    -5, Wire.MESSAGES, new Wire.Out(8).putLong(0).end(), ByteBuffer.allocate(0)));
  }

  @Test
  void aReplyThatIsTooLargeIsToldAndDoesNotStopTheGroup() {
    LocalReplica replica = bench.leading();
    bench.machine.apply = command -> new byte[(1 << 20) + 1];
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    assertTrue(String.valueOf(failure(reply).getMessage()).contains("is applied (index 1)"));
    assertFalse(replica.closed().isDone());
  }

  @Test
  void anAnswerThatFitsNoFrameFailsOnlyItsQuery() {
    LocalReplica replica = bench.leading();
    bench.machine.query = question -> new byte[5 << 20];
    ByteBuffer ask = new Wire.Out(64).putLong(1).putLong(8).putByte(0).putLong(0).putInt(0).end();
    bench.receive(-5, Wire.QUERY, ask);
    bench.settle();
    ByteBuffer in = bench.sentOf(Wire.OUTCOMES).get(0).header().position(17);
    assertEquals(Outcome.Code.FAILED, Wire.outcome(in).code());
    assertFalse(replica.closed().isDone());
  }

  @Test
  void aCallbackMayAskForTheStatusWhileTheReplicaCloses() throws Exception {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    CompletableFuture<String> said = new CompletableFuture<>();
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    replica.close();
    Thread apply = new Thread(() -> said.complete(replica.explain()), "quorate-apply-1");
    apply.start();
    bench.settle();
    assertFalse(said.get(5, TimeUnit.SECONDS).isEmpty());
    apply.join();
    assertInstanceOf(OutcomeUnknownException.class, failure(reply));
  }

  @Test
  void anExpiredImplicitSessionIsReplacedSilently() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> first = replica.propose(bytes(1));
    bench.settle();
    assertTrue(first.isDone());
    bench.loop.now += 7_200_000_000_000L;
    CompletableFuture<Reply> second = replica.propose(bytes(2));
    bench.settle();
    assertEquals(2, second.join().index());
    assertFalse(failureOf(second) instanceof SessionExpiredException);
  }

  @Test
  void aCommandWaitsUntilTheReplicaHasCaughtUp() {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    assertEquals(0, bench.engine.last); // Its session would be born before what was applied.
    long id = bench.engine.readIds.getLast();
    bench.input(out -> out.readable(id, 0));
    bench.settle();
    assertEquals(1, reply.join().index());
  }

  @Test
  void whatTimesOutSettlesOutsideTheLoop() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    bench.engine.answersReads = false;
    bench.backgroundWorker().stopped = true;
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    CompletableFuture<byte[]> query = replica.query(bytes(2));
    bench.pass(10_100);
    assertFalse(command.isDone() || query.isDone());
    bench.backgroundWorker().stopped = false;
    bench.settle();
    assertInstanceOf(OutcomeUnknownException.class, failure(command));
    assertInstanceOf(QuorateException.class, failure(query));
  }

  @Test
  void whatAHaltFailsSettlesOutsideTheLoop() {
    bench.engine.answersReads = false;
    LocalReplica replica = bench.leading();
    bench.backgroundWorker().stopped = true;
    CompletableFuture<Reply> command = replica.propose(bytes(1));
    CompletableFuture<byte[]> query = replica.query(bytes(2));
    bench.store.failSync = true;
    bench.input(out -> out.save(bytes(3)));
    bench.settle();
    assertInstanceOf(QuorateException.class, failure(replica.query(bytes(4)))); // By its caller.
    assertFalse(command.isDone() || query.isDone());
    assertFalse(replica.closed().isDone() || replica.ready().isDone());
    replica.close(); // Whose thread runs what is left.
    bench.settle();
    assertTrue(replica.closed().handle((x, cause) -> cause != null).join());
    assertInstanceOf(NotLeaderException.class, failure(command));
    assertInstanceOf(QuorateException.class, failure(query));
    assertTrue(replica.ready().isCompletedExceptionally());
  }

  @Test
  void queriesAreAdmittedAsCommandsAre() {
    LocalReplica replica = bench.leading();
    bench.engine.answersReads = false;
    List<CompletableFuture<byte[]>> admitted = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      admitted.add(replica.query(new byte[1 << 20]));
    }
    assertEquals(64, replica.status().waiting());
    assertInstanceOf(OverloadedException.class, failure(replica.query(bytes(1))));
    assertInstanceOf(OverloadedException.class, failure(replica.query(bytes(1), ReadMode.STALE)));
    assertInstanceOf(OverloadedException.class, failure(replica.propose(bytes(1))));
    bench.receive(
        -5,
        Wire.QUERY,
        new Wire.Out(64).putLong(1).putLong(8).putByte(0).putLong(0).putInt(1).putByte(1).end());
    bench.settle();
    ByteBuffer in = bench.sentOf(Wire.OUTCOMES).get(0).header().position(17);
    assertEquals(Outcome.Code.OVERLOADED, Wire.outcome(in).code());
    bench.pass(10_100);
    admitted.forEach(query -> assertInstanceOf(QuorateException.class, failure(query)));
    assertEquals(0, replica.status().waiting());
  }

  /** Q9. */
  @Test
  void aStaleAnswerIsNotOlderThanWhatItsSessionHasSeen() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> first = replica.propose(bytes(1));
    bench.settle();
    assertEquals(1, first.join().index());
    for (int id = 0; id < 3; id++) {
      Wire.Out frame = Wire.Out.ofGroup(1, 64).putLong(id).putByte(0).putLong(id);
      bench.receive(-5, Wire.QUERY, frame.putInt(0).end());
    }
    bench.settle();
    assertEquals(1, bench.sentOf(Wire.OUTCOMES).size()); // Of two queries, in one frame.
    CompletableFuture<Reply> second = replica.propose(bytes(1));
    bench.settle();
    assertEquals(2, second.join().index());
    bench.pass(60);
    assertEquals(2, bench.sentOf(Wire.OUTCOMES).size());
    bench.receive(
        -5, Wire.QUERY, Wire.Out.ofGroup(1, 64).putLong(9).putByte(0).putLong(7).putInt(0).end());
    bench.pass(10_100);
    ByteBuffer in = bench.sentOf(Wire.OUTCOMES).get(2).header().position(17);
    assertEquals(Outcome.Code.FAILED, Wire.outcome(in).code());
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aQueryGivesBackWhatItTookOnceHoweverItEnds() {
    LocalReplica replica = bench.leading();
    CompletableFuture<byte[]> served = replica.query(bytes(1));
    bench.receive(
        -5,
        Wire.QUERY,
        new Wire.Out(64).putLong(1).putLong(8).putByte(1).putLong(0).putInt(0).end());
    bench.settle();
    assertTrue(served.isDone());
    assertEquals(0, replica.status().waiting());
    bench.machine.query = question -> new byte[5 << 20];
    bench.receive(
        -5,
        Wire.QUERY,
        new Wire.Out(64).putLong(1).putLong(9).putByte(0).putLong(0).putInt(0).end());
    bench.settle();
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void whatComesInAnotherLoopCrossesToTheReplicasAndBack() {
    Bench.SteppedLoop other = bench.addLoop();
    bench.started();
    bench.engine.inputs.clear();
    other.run(() -> bench.input(out -> out.leader(1, Bench.STAMP)));
    assertEquals(List.of(), bench.engine.inputs);
    bench.settle();
    assertEquals(List.of("receive"), bench.engine.inputs);
    other.run(() -> bench.receive(-5, Wire.OPEN, new Wire.Out(8).putLong(1).end()));
    other.run(() -> bench.receive(-5, Wire.PROPOSE, propose(new SessionId(0, 42), 1, 0, 9)));
    bench.settle();
    assertEquals(1, bench.sentOf(Wire.OPENED).size());
    assertEquals(1, bench.sentOf(Wire.OUTCOMES).size());
    other.run(() -> bench.listener().disconnected(-5, false));
    other.run(() -> bench.receive(-6, Wire.PROPOSE, new Wire.Out(9).putLong(1).putByte(1).end()));
    bench.settle(); // A bad frame is dropped.
    assertEquals(1, bench.sentOf(Wire.OUTCOMES).size());
  }

  @Test
  void onlyTheConnectionOfItsOwnLoopMakesAMemberReachable() {
    Bench.SteppedLoop other = bench.addLoop();
    LocalReplica replica = bench.started();
    bench.loop.run(() -> bench.input(out -> out.leader(2, Bench.STAMP)));
    Hello hello = new Hello(null, List.of(1, 2, 3), 2, 0, 1);
    other.run(() -> bench.listener().connected(2, hello));
    CompletableFuture<Reply> reply = replica.propose(bytes(1));
    bench.settle();
    assertEquals(0, bench.sentOf(Wire.FORWARD).size());
    bench.loop.run(() -> bench.listener().connected(2, hello));
    other.run(() -> bench.listener().disconnected(2, true));
    bench.settle();
    assertEquals(1, bench.sentOf(Wire.FORWARD).size());
    assertFalse(reply.isDone());
  }

  @Test
  void anEngineThatWaitsForMessagesOnlyIsNeverTicked() {
    bench.loop.now = -5_000_000_000L; // A monotonic clock may be below 0.
    bench.started();
    bench.pass(1_000);
    assertFalse(bench.engine.inputs.contains("tick"));
    assertEquals(0, bench.loop.pendingTimers());
  }

  private static ByteBuffer propose(SessionId session, long sequence, int spread, int value) {
    Wire.Out out = new Wire.Out(64).putLong(1).putLong(session.born()).putLong(session.random());
    return out.putLong(sequence).putInt(spread).putInt(1).putByte(value).end();
  }

  private void close(LocalReplica replica) {
    replica.close();
    bench.settle();
    CompletableFuture<Void> closed = replica.closed();
    closed.orTimeout(5, TimeUnit.SECONDS).join();
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    return future.isCompletedExceptionally() ? failure(future) : new Throwable("none");
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "the future is settled");
    try {
      Object value = future.join();
      throw new AssertionError("no failure but " + value);
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      return cause == null ? e : cause;
    }
  }
}
