package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OverloadedException;
import io.quorate.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A follower's commands at a leader that cannot take them. */
class ForwardingTest {
  private final Bench bench = new Bench();

  @Test
  void aFullLeaderSaysAtOnceWhichCommandsItDidNotTake() {
    LocalReplica replica = bench.leading();
    bench.store.full = true;
    SessionId session = new SessionId(0, 42);
    ByteBuffer forward = Wire.Out.ofGroup(1, 64).putCommand(command(session, 7)).end();
    bench.receive(2, Wire.FORWARD, forward);
    bench.settle();
    assertEquals(1, bench.sentOf(Wire.TURNED_AWAY).size());
    Bench.Frame answer = bench.sentOf(Wire.TURNED_AWAY).get(0);
    assertEquals(2, answer.to());
    ByteBuffer in = answer.header();
    assertEquals(1, in.getLong());
    assertTrue(in.getInt() > 0);
    assertTrue(Wire.text(Wire.slice(in, in.getInt())).contains("disk"));
    assertEquals(session, new SessionId(in.getLong(), in.getLong()));
    assertEquals(7, in.getLong());
    assertFalse(in.hasRemaining());
    assertEquals(0, replica.status().waiting());
  }

  @Test
  void aFollowersCommandThatTheLeaderTurnsAwayFailsAtOnce() {
    CompletableFuture<Reply> reply = forwarded();
    turnAway(sent(0));
    OverloadedException no = assertInstanceOf(OverloadedException.class, failure(reply));
    assertEquals("no room", no.getMessage());
    assertEquals(Duration.ofMillis(70), no.retryAfter());
  }

  /** The copy before may be in a log, so nothing is certain; the leader is asked again, soon. */
  @Test
  void aCommandWithAnEarlierCopyGoesAgain() {
    CompletableFuture<Reply> reply = forwarded();
    bench.input(out -> out.leader(3, Bench.STAMP));
    bench.connected(3);
    bench.settle();
    assertEquals(2, bench.sentOf(Wire.FORWARD).size());
    turnAway(sent(1));
    assertFalse(reply.isDone());
    bench.pass(120);
    assertFalse(reply.isDone());
    assertEquals(3, bench.sentOf(Wire.FORWARD).size());
    assertEquals(3, bench.sentOf(Wire.FORWARD).get(2).to());
  }

  private CompletableFuture<Reply> forwarded() {
    LocalReplica replica = bench.started();
    bench.input(out -> out.leader(2, Bench.STAMP));
    bench.connected(2);
    CompletableFuture<Reply> reply = replica.propose(new byte[] {1});
    bench.settle();
    assertEquals(1, bench.sentOf(Wire.FORWARD).size());
    return reply;
  }

  private Calls.Received sent(int number) {
    List<Bench.Frame> frames = bench.sentOf(Wire.FORWARD);
    return Wire.command(frames.get(number).header().duplicate().position(8), 0);
  }

  private void turnAway(Calls.Received command) {
    Wire.Out frame = Wire.Out.ofGroup(1, 64).putInt(70).putText("no room");
    frame.putSession(command.session()).putLong(command.sequence());
    bench.receive(2, Wire.TURNED_AWAY, frame.end());
    bench.settle();
  }

  private static Calls.Received command(SessionId session, long sequence) {
    return new Calls.Received(0, session, sequence, sequence, ByteBuffer.allocate(1));
  }

  private static Throwable failure(CompletableFuture<?> future) {
    assertTrue(future.isDone(), "the future is settled");
    Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }
}
