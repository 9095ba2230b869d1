package io.quorate.runtime;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OverloadedException;
import io.quorate.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The disk, as the loop sees it. */
class DiskWatchTest {
  private final Bench bench = new Bench();

  private List<String> told() {
    return bench.engine.inputs.stream().filter(input -> input.startsWith("stalled")).toList();
  }

  @Test
  @DisplayName("D6: a write that is not done in half an election timeout is told, and its end too")
  void aSilentDiskIsToldOnce() {
    LocalReplica replica = bench.leading();
    bench.logWorker().stopped = true;
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.pass(499);
    assertEquals(List.of(), told());
    assertFalse(replica.explain().contains("the disk"));
    bench.pass(1);
    assertEquals(List.of("stalled true"), told());
    bench.pass(700);
    String finding = "the disk of member 1 has not answered for 1.2 s: nothing is durable here";
    assertTrue(replica.explain().contains(finding), replica.explain());
    bench.logWorker().stopped = false;
    bench.settle();
    assertEquals(List.of("stalled true", "stalled false"), told());
    assertFalse(replica.explain().contains("the disk"));
    assertTrue(reply.isDone());
  }

  @Test
  @DisplayName("D6: a disk that owes nothing is not silent, however long nothing is asked of it")
  void anIdleDiskIsNotSilent() {
    LocalReplica replica = bench.leading();
    for (int i = 0; i < 2; i++) {
      CompletableFuture<Reply> reply = replica.propose(new byte[1]);
      bench.pass(3_000);
      assertTrue(reply.isDone());
    }
    assertEquals(List.of(), told());
  }

  private void hearFull(int member) {
    hear(member, 1);
  }

  private void hear(int member, int full) {
    bench.receive(member, Wire.FULL, Wire.Out.ofGroup(1, 1).putByte(full).end());
    bench.settle();
  }

  private void connect(int... members) {
    for (int member : members) {
      bench.connected(member);
    }
    bench.settle();
  }

  private static Throwable failure(CompletableFuture<?> call) {
    return requireNonNull(assertThrows(CompletionException.class, call::join).getCause());
  }

  @Test
  void whileTheDiskIsFullCommandsAreRefusedAndReadsAreServed() {
    LocalReplica replica = bench.leading();
    bench.store.full = true;
    Throwable refused = failure(replica.propose(new byte[1]));
    assertInstanceOf(OverloadedException.class, refused);
    assertTrue(
        String.valueOf(refused.getMessage())
            .startsWith("the disk of member 1 is full, so the command was not accepted: free"),
        refused::toString);
    CompletableFuture<byte[]> read = replica.query(new byte[1]);
    bench.settle();
    assertTrue(read.isDone());
    assertEquals(0, bench.engine.last, "nothing was proposed");
    assertTrue(replica.explain().contains("the disk of member 1 is full: no command is taken"));
    bench.store.full = false;
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.settle();
    assertEquals(1, reply.join().index());
    assertFalse(replica.explain().contains("the disk"));
  }

  @Test
  void whatIsWrongWithTheFilesIsTold() {
    LocalReplica replica = bench.leading();
    bench.store.findings = List.of("its oldest file cannot be given up (7.log, offset 8: damage)");
    bench.settle();
    String finding = "the log of member 1: its oldest file cannot be given up (7.log, offset 8: ";
    assertTrue(replica.explain().contains(finding), replica.explain());
    assertEquals(
        1, replica.status().findings().stream().filter(f -> f.startsWith(finding)).count());
    bench.store.findings = List.of();
    bench.settle();
    assertFalse(replica.explain().contains("the log of member 1"));
  }

  @Test
  void whatWasLetInBeforeWaitsForRoom() {
    LocalReplica replica = bench.leading();
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.store.full = true;
    bench.pass(1_000);
    assertFalse(reply.isDone());
    assertEquals(0, bench.engine.last);
    assertTrue(bench.store.attempts >= 2, "it tries again by itself");
    bench.store.full = false;
    bench.pass(1_000);
    assertEquals(1, reply.join().index());
  }

  @Test
  void aMessageWithValuesIsDroppedWhileTheDiskIsFullAndOthersAreNot() {
    bench.leading();
    bench.store.full = true;
    long before = received();
    bench.inputWithValue(out -> out.send(2, 0));
    bench.settle();
    assertEquals(before, received());
    bench.input(out -> out.save(new byte[1]));
    bench.settle();
    assertEquals(before + 1, received(), "as a request for a vote");
    bench.store.full = false;
    bench.inputWithValue(out -> out.send(2, 0));
    bench.settle();
    assertEquals(before + 2, received());
  }

  @Test
  @DisplayName("D6: who is full waits for what the others say: all may be full at the same time")
  void whoIsFullWaitsForTheOthers() {
    bench.leading();
    connect(2, 3);
    bench.store.full = true;
    bench.input(out -> {});
    bench.pass(499);
    assertEquals(List.of(), told());
    bench.pass(1);
    assertEquals(List.of("stalled true"), told());
  }

  private long received() {
    return bench.engine.inputs.stream().filter("receive"::equals).count();
  }

  @Test
  @DisplayName("D6: who is full gives way if a majority of the others is there and has room")
  void whoIsFullGivesWayToAMajorityWithRoom() {
    bench.leading();
    connect(2);
    bench.store.full = true;
    bench.input(out -> {});
    bench.pass(0);
    assertEquals(List.of(), told(), "member 3 is not there");
    assertEquals(2, bench.sentOf(Wire.FULL).size());
    bench.pass(500);
    assertEquals(List.of(), told());
    connect(3);
    assertEquals(List.of("stalled true"), told());
    hearFull(3);
    assertEquals(List.of("stalled true", "stalled false"), told());
    bench.pass(1_900);
    assertEquals(2, told().size());
    assertTrue(bench.sentOf(Wire.FULL).size() >= 6, "it is said again");
    bench.pass(600);
    assertEquals(List.of("stalled true", "stalled false", "stalled true"), told());
  }

  @Test
  void whereNoMajorityHasRoomNobodyTakesACommand() {
    LocalReplica replica = bench.leading();
    hearFull(2);
    CompletableFuture<Reply> reply = replica.propose(new byte[1]);
    bench.settle();
    assertTrue(reply.isDone());
    hearFull(3);
    Throwable refused = failure(replica.propose(new byte[1]));
    assertInstanceOf(OverloadedException.class, refused);
    assertTrue(
        String.valueOf(refused.getMessage()).contains("the others are no majority"),
        refused::toString);
    assertTrue(replica.explain().contains("the disk of member 3 is full, as it says"));
    hear(3, 0);
    assertFalse(replica.propose(new byte[1]).isCompletedExceptionally(), "it has room again");
    hearFull(3);
    assertTrue(replica.propose(new byte[1]).isCompletedExceptionally());
    bench.pass(2_100);
    bench.input(out -> {});
    bench.settle();
    assertFalse(replica.propose(new byte[1]).isCompletedExceptionally(), "it said nothing since");
  }

  @Test
  void whoHasRoomAgainSaysSoAtOnce() {
    bench.leading();
    bench.store.full = true;
    bench.input(out -> {});
    bench.pass(0);
    assertEquals(2, bench.sentOf(Wire.FULL).size());
    bench.store.full = false;
    bench.input(out -> {});
    bench.pass(0);
    assertEquals(4, bench.sentOf(Wire.FULL).size());
    bench.pass(2_000);
    assertEquals(4, bench.sentOf(Wire.FULL).size(), "once");
  }
}
