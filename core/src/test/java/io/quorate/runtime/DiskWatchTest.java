package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    replica.propose(new byte[1]);
    bench.pass(3_000);
    replica.propose(new byte[1]);
    bench.pass(3_000);
    assertEquals(List.of(), told());
  }
}
