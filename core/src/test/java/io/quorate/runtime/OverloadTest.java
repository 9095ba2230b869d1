package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Cluster;
import io.quorate.OverloadedException;
import io.quorate.Reply;
import io.quorate.spi.Transport.Hello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Only admission refuses, by count and by bytes, at once and with a hint; all else waits. */
class OverloadTest {
  private final Bench bench = new Bench();

  @Test
  void aLeaderThatCannotCommitTakesWhatIsAdmittedAndNoMore() {
    LocalReplica replica = bench.leading();
    bench.engine.commits = false;
    List<CompletableFuture<Reply>> taken =
        fill(Admission.COUNT_MAX, () -> replica.propose(new byte[1]));
    assertRefused(replica.propose(new byte[1]), Admission.COUNT_MAX + " commands and queries");
    long last = bench.engine.last;
    bench.input(out -> out.commit(last));
    bench.settle();
    taken.forEach(reply -> assertTrue(reply.isDone()));
    assertEquals(0, replica.status().waiting());
    CompletableFuture<Reply> next = replica.propose(new byte[1]);
    assertFalse(next.isCompletedExceptionally());
  }

  @Test
  void aReplicaWithoutALeaderTakesAsMany() {
    LocalReplica replica = bench.started();
    fill(64, () -> replica.propose(new byte[1 << 20]));
    assertRefused(replica.propose(new byte[1]), "or 64 MiB of them, wait already");
    assertEquals(64, replica.status().waiting());
  }

  @Test
  void aClientTakesAsMany() {
    ClientCore client =
        ClientCore.start(
            Cluster.parse("1=a:1,2=b:2"), bench, Duration.ofSeconds(10), new Random(1));
    bench.listener().connected(1, new Hello(null, List.of(1, 2), 1, 0, 1));
    bench.receive(1, Wire.OPENED, Wire.Out.ofGroup(1, 12).putInt(1).putLong(5).end());
    List<CompletableFuture<Reply>> taken =
        fill(Admission.COUNT_MAX, () -> client.propose(new byte[1]));
    assertRefused(client.propose(new byte[1]), Admission.COUNT_MAX + " commands and queries");
    Wire.Out outcomes = Wire.Out.ofGroup(1, 64);
    Outcome ok = new Outcome(Outcome.Code.OK, 1, new byte[0]);
    for (int sequence = 1; sequence <= taken.size(); sequence++) {
      outcomes.putOutcome(false, sequence, ok);
    }
    bench.receive(1, Wire.OUTCOMES, outcomes.end());
    bench.settle();
    taken.forEach(reply -> assertEquals(1, reply.join().index()));
  }

  /** What is refused must not take the memory of what is not. */
  @Test
  void allThatAreRefusedAreToldByOneAndTheSameException() {
    LocalReplica replica = bench.started();
    fill(64, () -> replica.propose(new byte[1 << 20]));
    Throwable one = assertThrows(CompletionException.class, replica.propose(new byte[1])::join);
    Throwable other = assertThrows(CompletionException.class, replica.propose(new byte[2])::join);
    assertSame(one.getCause(), other.getCause());
  }

  private List<CompletableFuture<Reply>> fill(
      int count, Supplier<CompletableFuture<Reply>> propose) {
    List<CompletableFuture<Reply>> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(propose.get());
      if (i % 4096 == 0) {
        bench.settle();
      }
    }
    bench.settle();
    taken.forEach(reply -> assertFalse(reply.isDone()));
    return taken;
  }

  private static void assertRefused(CompletableFuture<Reply> call, String why) {
    Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
    OverloadedException no = assertInstanceOf(OverloadedException.class, cause);
    assertTrue(String.valueOf(no.getMessage()).contains(why), no::getMessage);
    assertTrue(no.retryAfter().toMillis() > 0);
  }
}
