package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Cluster;
import io.quorate.NotLeaderException;
import io.quorate.OutcomeUnknownException;
import io.quorate.OverloadedException;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Reply;
import io.quorate.SessionExpiredException;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Transport.Hello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClientCoreTest {
  private final Bench bench = new Bench();
  private final ClientCore client =
      ClientCore.start(Cluster.parse("1=a:1,2=b:2"), bench, Duration.ofSeconds(10), new Random(1));

  @Test
  void aCommandGoesToTheLeaderAndIsAnswered() {
    leads(1);
    CompletableFuture<Reply> reply = client.propose(new byte[] {7});
    bench.settle();
    assertEquals(List.of(1L), sequencesSentTo(1));
    outcome(false, 1, new Outcome(Code.OK, 3, new byte[] {8}));
    assertEquals(3, reply.join().index());
  }

  @Test
  void whatIsUnsettledGoesToTheNextLeaderUnderTheSameSequence() {
    leads(1);
    CompletableFuture<Reply> first = client.propose(new byte[1]);
    CompletableFuture<Reply> second = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 1, new Outcome(Code.OK, 1, new byte[0]));
    assertTrue(first.isDone());
    leads(2);
    assertEquals(List.of(2L), sequencesSentTo(2));
    assertFalse(second.isDone());
  }

  @Test
  void aLostCommandIsSentAgainThoughOthersFlow() {
    leads(1);
    CompletableFuture<Reply> lost = client.propose(new byte[1]);
    bench.settle();
    for (long sequence = 2; sequence < 60; sequence++) {
      CompletableFuture<Reply> other = client.propose(new byte[1]);
      bench.pass(50);
      outcome(false, sequence, new Outcome(Code.OK, sequence, new byte[0]));
      assertTrue(other.isDone());
    }
    assertFalse(lost.isDone());
    assertEquals(2, sequencesSentTo(1).stream().filter(sequence -> sequence == 1).count());
  }

  @Test
  void aRefusedCopyTellsNothingOfTheCopyBefore() {
    leads(1);
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.settle();
    leads(2);
    outcome(false, 1, Outcome.text(Code.OVERLOADED, 0, "full"));
    assertFalse(reply.isDone());
    bench.pass(10_100);
    assertInstanceOf(OutcomeUnknownException.class, failure(reply));
  }

  @Test
  void aCommandThatWasNeverSentIsCertainlyNotApplied() {
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.pass(10_100);
    assertInstanceOf(NotLeaderException.class, failure(reply));
  }

  @Test
  void aQueryWhoseReplicaEndsIsAskedElsewhere() {
    leads(1);
    CompletableFuture<byte[]> answer = client.query(new byte[1]);
    CompletableFuture<byte[]> there = client.queryAt(1, new byte[1], ReadMode.STALE);
    bench.settle();
    opened(1, 0);
    outcome(true, 1, Outcome.text(Code.NOT_LEADER, 0, "member 1 is closed"));
    outcome(true, 2, Outcome.text(Code.NOT_LEADER, 0, "member 1 is closed"));
    assertFalse(answer.isDone());
    assertInstanceOf(NotLeaderException.class, failure(there));
    leads(2);
    outcome(true, 1, new Outcome(Code.OK, 0, new byte[] {4}));
    assertArrayEquals(new byte[] {4}, answer.join());
  }

  @Test
  void aQuestionThatFitsNoFrameIsRefusedHere() {
    assertInstanceOf(
        IllegalArgumentException.class, failure(client.query(new byte[(1 << 20) + 1])));
  }

  @Test
  void queriesAreAdmittedAsCommandsAre() {
    for (int i = 0; i < 64; i++) {
      assertFalse(client.query(new byte[1 << 20]).isDone());
    }
    assertInstanceOf(OverloadedException.class, failure(client.query(new byte[1])));
    assertInstanceOf(OverloadedException.class, failure(client.propose(new byte[1])));
    leads(1);
    for (long id = 1; id <= 32; id++) {
      outcome(true, id, new Outcome(Code.OK, 0, new byte[0]));
    }
    assertFalse(client.query(new byte[1]).isDone());
    bench.pass(10_100);
    for (int i = 0; i < 64; i++) {
      assertFalse(client.query(new byte[1 << 20]).isDone());
    }
    assertInstanceOf(OverloadedException.class, failure(client.query(new byte[1])));
  }

  @Test
  void closeSettlesEverythingEvenFromACallback() throws InterruptedException {
    CompletableFuture<Reply> unsent = client.propose(new byte[1]);
    leads(1);
    CompletableFuture<Reply> sent = client.propose(new byte[1]);
    CompletableFuture<byte[]> query = client.query(new byte[1]);
    bench.settle();
    client.close(); // In-loop, as this test's thread is the loop's.
    CompletableFuture<Reply> afterwards = client.propose(new byte[1]);
    bench.settle();
    Thread other = new Thread(client::close);
    other.start();
    other.join();
    assertTrue(bench.linkClosed);
    assertInstanceOf(OutcomeUnknownException.class, failure(unsent));
    assertInstanceOf(OutcomeUnknownException.class, failure(sent));
    assertInstanceOf(QuorateException.class, failure(query));
    assertInstanceOf(QuorateException.class, failure(afterwards));
    assertInstanceOf(QuorateException.class, failure(client.propose(new byte[1])));
  }

  @Test
  void aRefusedCopyOfARepeatedCommandGoesAgainSoon() {
    leads(1);
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.settle();
    leads(2);
    outcome(false, 1, Outcome.text(Code.OVERLOADED, 0, "full"));
    assertEquals(1, sequencesSentTo(2).size());
    bench.pass(110);
    assertEquals(List.of(1L, 1L), sequencesSentTo(2));
    assertFalse(reply.isDone());
  }

  @Test
  void aLeaderThatSaysAgainThatItLeadsIsSentNothingAgain() {
    leads(1);
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.settle();
    opened(1, 1);
    assertEquals(List.of(1L), sequencesSentTo(1));
    opened(1, 0); // Here it lets go of what it was sent.
    opened(1, 1);
    assertEquals(List.of(1L, 1L), sequencesSentTo(1));
    assertFalse(reply.isDone());
  }

  @Test
  void aClientThatLosesItsLeaderAsksTheOthersAtOnce() {
    leads(1);
    leads(2);
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.settle();
    int asked = bench.sentOf(Wire.OPEN).size();
    bench.listener().disconnected(2, true);
    bench.settle();
    assertEquals(asked + 1, bench.sentOf(Wire.OPEN).size());
    assertFalse(reply.isDone());
  }

  @Test
  void whatSeemsLostGoesAgainAFewAtATimeAndLessAndLessOften() {
    leads(1);
    for (int i = 0; i < 3; i++) {
      assertFalse(client.propose(new byte[1 << 20]).isDone());
    }
    bench.pass(9_900);
    // After 2 s, and after 4 s more.
    assertEquals(List.of(1L, 2L, 3L, 1L, 1L), sequencesSentTo(1));
  }

  @Test
  void aCommandAfterALongSilenceIsNotTakenForLost() {
    leads(1);
    CompletableFuture<Reply> first = client.propose(new byte[1]);
    bench.pass(100);
    outcome(false, 1, new Outcome(Code.OK, 1, new byte[0]));
    bench.pass(60_000);
    CompletableFuture<Reply> second = client.propose(new byte[1]);
    bench.pass(1_900);
    assertEquals(List.of(1L, 2L), sequencesSentTo(1));
    assertTrue(first.isDone());
    assertFalse(second.isDone());
  }

  @Test
  void aSessionThatIsNotKnownIsReplacedByOneOfTheLeadersTime() {
    leads(1);
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.settle();
    int asked = bench.sentOf(Wire.OPEN).size();
    outcome(false, 1, Outcome.text(Code.EXPIRED, 0, "gone"));
    assertEquals(asked + 1, bench.sentOf(Wire.OPEN).size());
    opened(2, 1); // A follower may be behind.
    assertEquals(List.of(1L), sequencesSentTo(1));
    opened(1, 1);
    assertEquals(List.of(1L, 2L), sequencesSentTo(1));
    outcome(false, 2, new Outcome(Code.OK, 1, new byte[0]));
    assertEquals(1, reply.join().index());
  }

  @Test
  void aSessionThatNeverWasEstablishedIsLostWithACommandThatMayBeApplied() {
    leads(1);
    CompletableFuture<Reply> unresolved = client.propose(new byte[1]);
    CompletableFuture<Reply> other = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 2, Outcome.text(Code.EXPIRED, 0, "gone"));
    leads(2);
    outcome(false, 1, Outcome.text(Code.EXPIRED, 0, "gone"));
    assertTrue(
        assertInstanceOf(SessionExpiredException.class, failure(unresolved)).isMaybeApplied());
    assertFalse(other.isDone());
    outcome(false, 3, Outcome.text(Code.EXPIRED, 0, "gone")); // The same session still.
    assertFalse(assertInstanceOf(SessionExpiredException.class, failure(other)).isMaybeApplied());
  }

  @Test
  void anExpiredSessionIsToldAndNeverReplaced() {
    leads(1);
    CompletableFuture<Reply> first = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 1, new Outcome(Code.OK, 1, new byte[0]));
    assertTrue(first.isDone());
    CompletableFuture<Reply> second = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 2, Outcome.text(Code.EXPIRED, 0, "gone"));
    assertFalse(assertInstanceOf(SessionExpiredException.class, failure(second)).isMaybeApplied());
    CompletableFuture<Reply> third = client.propose(new byte[1]);
    bench.settle();
    assertInstanceOf(SessionExpiredException.class, failure(third));
    assertEquals(List.of(1L, 2L), sequencesSentTo(1)); // Nothing is sent in vain.
  }

  @Test
  void aConnectedClientKeepsItsSessionAliveWithACommandThatIsSettled() {
    leads(1);
    CompletableFuture<Reply> first = client.propose(new byte[] {7});
    bench.settle();
    outcome(false, 1, new Outcome(Code.OK, 1, new byte[0]));
    assertTrue(first.isDone());
    bench.pass(1_200_500);
    assertEquals(List.of(1L, 1L, 1L), sequencesSentTo(1));
    outcome(false, 1, Outcome.text(Code.OUT_OF_WINDOW, 0, "old"));
    CompletableFuture<Reply> second = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 2, new Outcome(Code.OK, 2, new byte[0]));
    assertEquals(2, second.join().index());
  }

  @Test
  void aClientWhoseSignOfLifeIsRefusedHasLostItsSession() {
    leads(1);
    CompletableFuture<Reply> first = client.propose(new byte[1]);
    bench.settle();
    outcome(false, 1, new Outcome(Code.OK, 1, new byte[0]));
    assertTrue(first.isDone());
    outcome(false, 1, Outcome.text(Code.EXPIRED, 0, "gone"));
    CompletableFuture<Reply> second = client.propose(new byte[1]);
    bench.settle();
    assertInstanceOf(SessionExpiredException.class, failure(second));
  }

  @Test
  void aCallMayHaveATimeoutOfItsOwn() {
    CompletableFuture<Reply> patient = client.propose(new byte[1]);
    CompletableFuture<Reply> hurried = client.propose(new byte[1], Duration.ofMillis(300));
    CompletableFuture<byte[]> query = client.query(new byte[1], Duration.ofMillis(300));
    bench.pass(250);
    assertFalse(hurried.isDone() || query.isDone());
    bench.pass(150);
    assertInstanceOf(NotLeaderException.class, failure(hurried));
    assertInstanceOf(QuorateException.class, failure(query));
    assertFalse(patient.isDone());
    assertThrows(IllegalArgumentException.class, () -> client.propose(new byte[1], Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> client.query(new byte[1], Duration.ofDays(400)));
  }

  @Test
  void aRetryTellsWhatBecameOfTheCommandThatTimedOut() {
    leads(1);
    CompletableFuture<Reply> late = client.propose(new byte[] {7}, Duration.ofMillis(100));
    bench.pass(200);
    var unknown = assertInstanceOf(OutcomeUnknownException.class, failure(late));
    assertTrue(unknown.isRetryable());
    CompletableFuture<Reply> retry = unknown.retry(Duration.ofSeconds(1));
    bench.settle();
    assertEquals(List.of(1L, 1L), sequencesSentTo(1));
    outcome(false, 1, new Outcome(Code.OK, 5, new byte[] {8}));
    assertEquals(5, retry.join().index());
  }

  @Test
  void aRetryOfAClosedClientSaysThatNobodyKnows() {
    leads(1);
    CompletableFuture<Reply> late = client.propose(new byte[] {7}, Duration.ofMillis(100));
    bench.pass(200);
    client.close();
    bench.settle();
    var unknown = assertInstanceOf(OutcomeUnknownException.class, failure(late));
    // The thread that tears down may be under way, and then it is that which answers.
    var retry = unknown.retry(Duration.ofSeconds(1)).orTimeout(10, TimeUnit.SECONDS);
    Throwable cause = assertThrows(CompletionException.class, retry::join).getCause();
    var still = assertInstanceOf(OutcomeUnknownException.class, cause);
    assertFalse(still.isRetryable());
    assertThrows(IllegalStateException.class, () -> still.retry(Duration.ofSeconds(1)));
  }

  @Test
  void whatTimesOutSaysWhoRefusesTheConnectionAndWhy() {
    CompletableFuture<Reply> reply = client.propose(new byte[1]);
    bench.listener().refused(2, "QRT-101: another cluster");
    bench.pass(10_100);
    assertTrue(
        String.valueOf(failure(reply).getMessage())
            .contains("member 2 refuses the connection: QRT-101: another cluster"));
  }

  private void leads(int member) {
    bench.listener().connected(member, new Hello(null, List.of(1, 2), member, 0, 1));
    opened(member, member);
  }

  private void opened(int from, int leader) {
    bench.receive(from, Wire.OPENED, Wire.Out.ofGroup(1, 12).putInt(leader).putLong(5).end());
    bench.settle();
  }

  private void outcome(boolean query, long id, Outcome outcome) {
    bench.receive(1, Wire.OUTCOMES, Wire.Out.ofGroup(1, 64).putOutcome(query, id, outcome).end());
    bench.settle();
  }

  private List<Long> sequencesSentTo(int member) {
    List<Long> sequences = new ArrayList<>();
    for (Bench.Frame frame : bench.sentOf(Wire.PROPOSE)) {
      if (frame.to() == member) {
        var in = frame.header().duplicate().position(8);
        while (in.hasRemaining()) {
          sequences.add(Wire.command(in, 1).sequence());
        }
      }
    }
    return sequences;
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "the future is settled");
    Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }
}
