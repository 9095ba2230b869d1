package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Admin;
import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.Status;
import io.quorate.UnsupportedByEngineException;
import io.quorate.runtime.Outcome.Code;
import io.quorate.spi.Log;
import io.quorate.spi.Transport.Hello;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What an operator asks, from both ends. */
class AdminTest {
  private static final int CLIENT = -5;

  private final Bench bench = new Bench();

  @Test
  void aReplicaTellsItsStatus() {
    LocalReplica replica = bench.leading();
    bench.connected(2);
    bench.settle();
    Outcome answer = ask(Verb.STATUS);
    assertEquals(Code.OK, answer.code());
    Status told = StatusCodec.decode(ByteBuffer.wrap(answer.value()));
    assertEquals(replica.status(), told);
    assertEquals(
        List.of(
            new Status.Member(1, "", "a:1", true),
            new Status.Member(2, "", "b:2", true),
            new Status.Member(3, "", "c:3", false)),
        told.members());
  }

  @Test
  void aReplicaThatHasHaltedStillSaysWhy() {
    bench.leading();
    bench.store.failSync = true;
    bench.input(out -> out.save(new byte[] {3}));
    bench.settle();
    Status told = StatusCodec.decode(ByteBuffer.wrap(ask(Verb.STATUS).value()));
    assertEquals("halted", told.role());
    assertTrue(told.findings().get(0).contains("the disk is gone"), told::toString);
  }

  @Test
  void whatTheEngineCannotDoIsSaidByName() {
    bench.leading();
    for (Verb verb : Verb.values()) {
      if (!Set.of(Verb.STATUS, Verb.TRANSFER, Verb.SNAPSHOT, Verb.BACKUP).contains(verb)) {
        Outcome answer = ask(verb);
        assertEquals(Code.UNSUPPORTED, answer.code());
        assertTrue(answer.text().startsWith("script does not support \""), answer::text);
      }
    }
  }

  @Test
  void aTransferIsAnsweredOnceTheTargetLeads() {
    bench.leading();
    askToTransfer(2);
    assertTrue(bench.engine.inputs.contains("transfer 2"), bench.engine.inputs::toString);
    bench.input(out -> out.leader(0, Bench.STAMP));
    bench.settle();
    assertEquals(List.of(), bench.sentOf(Wire.OUTCOMES), "nothing is answered that was only begun");
    bench.input(out -> out.leader(2, Bench.STAMP));
    bench.settle();
    assertEquals(Code.OK, lastAnswer().code());
  }

  @Test
  void aTransferThatFailsSaysWhy() {
    bench.leading();
    askToTransfer(2);
    bench.input(out -> out.transferFailed("it is away"));
    bench.settle();
    assertEquals(Code.NOT_TRANSFERRED, lastAnswer().code());
    assertTrue(lastAnswer().text().endsWith("it is away"), () -> lastAnswer().text());
  }

  @Test
  void aTransferIsAskedForAgainWhereAnotherLeadsThanWasWanted() {
    bench.leading();
    askToTransfer(2);
    bench.input(out -> out.leader(3, Bench.STAMP));
    bench.settle();
    assertEquals(Code.NOT_LEADER, lastAnswer().code());
    assertEquals(3, lastAnswer().index());
    askToTransfer(3);
    assertEquals(Code.OK, lastAnswer().code());
    askToTransfer(2);
    assertEquals(Code.NOT_LEADER, lastAnswer().code());
  }

  @Test
  void aReplicaThatEndsAnswersWhoeverWaitsForATransfer() {
    bench.leading();
    askToTransfer(2);
    bench.store.failSync = true;
    bench.input(out -> out.save(new byte[] {3}));
    bench.settle();
    assertEquals(Code.NOT_LEADER, lastAnswer().code());
  }

  private void askToTransfer(int target) {
    Wire.Out frame = Wire.Out.ofGroup(1, 64).putLong(9).putByte(Verb.TRANSFER.number());
    bench.receive(CLIENT, Wire.ADMIN, frame.putInt(4).putInt(target).end());
    bench.settle();
  }

  private Outcome lastAnswer() {
    List<Bench.Frame> all = bench.sentOf(Wire.OUTCOMES);
    return Wire.outcome(all.get(all.size() - 1).header().duplicate().position(8 + 9));
  }

  @Test
  void aReplicaThatJoinsIsRefusedByNameAndOpensNothing() {
    Cluster cluster = Cluster.parse("1=a:1,2=b:2,3=c:3");
    Log nothing =
        () -> {
          throw new AssertionError("opened");
        };
    Replica.Builder joins =
        Replica.join(cluster, 4, "d:4").protocol(bench.engine).log(nothing).transport(bench);
    String said =
        assertThrows(UnsupportedByEngineException.class, () -> joins.start(bench.machine))
            .getMessage();
    assertTrue(String.valueOf(said).contains("\"join\""), said);
    assertFalse(bench.linkClosed);
    assertThrows(IllegalArgumentException.class, () -> Replica.join(cluster, 3, "c:3"));
  }

  @Test
  void anOperatorAsksAMemberAndTheLeader() {
    Admin admin = client().admin();
    CompletableFuture<Status> status = admin.status(2);
    CompletableFuture<List<Status.Member>> members = admin.members();
    CompletableFuture<Void> transfer = admin.transfer(2);
    connect(1);
    connect(2);
    Status told =
        new Status(
            2,
            "ab",
            "",
            "leader",
            1,
            "7",
            9,
            8,
            7,
            6,
            5,
            4,
            3,
            List.of(new Status.Member(2, "ab", "b:2", true)),
            List.of("all is slow", "ä"));
    answer(2, 1, new Outcome(Code.OK, 0, StatusCodec.encode(told)));
    answer(1, 2, new Outcome(Code.OK, 0, StatusCodec.encode(told)));
    answer(1, 3, Outcome.text(Code.UNSUPPORTED, 0, "script does not"));
    assertEquals(told, status.join());
    assertEquals(told.members(), members.join());
    assertInstanceOf(UnsupportedByEngineException.class, failure(transfer));
    assertEquals(List.of(1, 1, 2), bench.sentOf(Wire.ADMIN).stream().map(Bench.Frame::to).toList());
    assertThrows(IllegalArgumentException.class, () -> admin.status(9));
  }

  @Test
  void whoDoesNotAnswerIsToldFromWhoIsNotConnected() {
    CompletableFuture<Status> status = client().admin().status(2);
    connect(1);
    bench.pass(10_100);
    QuorateException why = assertInstanceOf(QuorateException.class, failure(status));
    assertTrue(String.valueOf(why.getMessage()).contains("connected to the members [1] of"));
  }

  private ClientCore client() {
    return ClientCore.start(
        Cluster.parse("1=a:1,2=b:2"), bench, Duration.ofSeconds(10), new Random(1));
  }

  private void connect(int member) {
    bench.listener().connected(member, new Hello(null, List.of(1, 2), member, 0, 1));
    bench.receive(member, Wire.OPENED, Wire.Out.ofGroup(1, 12).putInt(1).putLong(5).end());
    bench.settle();
  }

  private void answer(int from, long id, Outcome outcome) {
    bench.receive(from, Wire.OUTCOMES, Wire.Out.ofGroup(1, 64).putOutcome(true, id, outcome).end());
    bench.settle();
  }

  private Outcome ask(Verb verb) {
    int before = bench.sentOf(Wire.OUTCOMES).size();
    Wire.Out frame = Wire.Out.ofGroup(1, 64).putLong(9).putByte(verb.number()).putInt(0);
    bench.receive(CLIENT, Wire.ADMIN, frame.end());
    bench.settle();
    ByteBuffer in = bench.sentOf(Wire.OUTCOMES).get(before).header().position(8);
    assertEquals(1, in.get());
    assertEquals(9, in.getLong());
    return Wire.outcome(in);
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "the future is settled");
    Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }
}
