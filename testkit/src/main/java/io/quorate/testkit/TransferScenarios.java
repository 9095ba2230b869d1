package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.TransferFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Leadership that is handed over. */
interface TransferScenarios<M> extends SimulatedProtocol<M> {
  /** What a few round trips and syncs take at most here; an election takes ten times as long. */
  long SOON = Sim.ELECTION_TIMEOUT_NANOS / 10;

  @Scenario(
      id = "A4",
      value = "a transfer ends when the target leads; commands of that time are applied once")
  default void aTransferEndsWhenTheTargetLeads(Sim sim) {
    int old = sim.electLeader();
    SimClient client = sim.client();
    client.propose("before").awaitCommitted();
    int target = sim.allBut(old).get(1);
    CompletableFuture<Void> done = client.admin().transfer(target);
    List<Outcome> meanwhile = new ArrayList<>();
    for (int id : sim.all()) {
      meanwhile.add(sim.propose(id, "by " + id));
    }
    meanwhile.add(client.propose("by a client"));
    sim.runFor(SOON, done::isDone);
    assertTrue(done.isDone() && !done.isCompletedExceptionally(), "it takes no timeout");
    assertTrue(sim.isLeading(target));
    meanwhile.forEach(Outcome::awaitCommitted);
    sim.settle();
    assertEquals(5, sim.applied(old).size());
    CompletableFuture<Void> again = client.admin().transfer(target);
    sim.runFor(SOON, again::isDone);
    assertTrue(again.isDone() && !again.isCompletedExceptionally(), "it leads already");
  }

  @Scenario(id = "A4", value = "a target that is away gets nothing, and the leader goes on")
  default void aTargetThatIsAwayGetsNothing(Sim sim) {
    int leader = sim.electLeader();
    SimClient client = sim.client();
    client.propose("before").awaitCommitted();
    int away = sim.allBut(leader).get(0);
    sim.isolate(away);
    Outcome during = client.propose("during");
    CompletableFuture<Void> done = client.admin().transfer(away);
    sim.runFor(3 * Sim.ELECTION_TIMEOUT_NANOS / 2, done::isDone);
    assertInstanceOf(
        TransferFailedException.class,
        assertThrows(CompletionException.class, done::join).getCause());
    assertTrue(sim.isLeading(leader), "writes are open again");
    during.awaitCommitted();
    client.propose("after").awaitCommitted();
    sim.runFor(2 * Sim.ELECTION_TIMEOUT_NANOS);
    CompletableFuture<Void> again = client.admin().transfer(away);
    sim.runFor(SOON, again::isDone);
    assertInstanceOf(
        TransferFailedException.class,
        assertThrows(CompletionException.class, again::join).getCause(),
        "one that is known to be away is refused at once");
    sim.heal();
    sim.settle();
  }

  @Scenario(id = "A4", value = "a transfer does not outlive the leadership that it is of")
  default void aTransferDoesNotOutliveItsLeadership(Sim sim) {
    int old = sim.electLeader();
    int target = sim.allBut(old).get(0);
    sim.isolate(target);
    sim.transfer(old, target);
    sim.runFor(SOON);
    assertFalse(sim.isLeading(old), "it takes nothing while it hands over");
    sim.isolate(old);
    sim.heal();
    sim.isolate(old);
    int next = sim.awaitLeader(sim.allBut(old));
    sim.heal();
    sim.settle();
    sim.transfer(next, old);
    sim.runUntil(() -> sim.isLeading(old), "the first leads again");
    sim.propose(old, "taken").awaitCommitted();
    assertTrue(sim.isLeading(old));
    sim.settle();
  }

  @Scenario(id = "C20", value = "a leader that is closed hands over first: nobody misses it")
  default void aLeaderThatIsClosedHandsOver(Sim sim) {
    int leader = sim.electLeader();
    SimClient client = sim.client();
    client.propose("before").awaitCommitted();
    long began = sim.nanos();
    sim.close(leader);
    assertTrue(
        sim.allBut(leader).stream().anyMatch(sim::isLeading), "another leads before it ends");
    Outcome after = client.propose("after");
    after.awaitCommitted();
    long took = sim.nanos() - began;
    assertTrue(took < SOON, () -> "it took " + took / 1_000_000 + " ms");
    sim.restart(leader);
    sim.settle();
  }

  @Scenario(id = "C20", value = "a leader that nobody can follow is closed all the same")
  default void aLeaderThatNobodyCanFollowIsClosed(Sim sim) {
    int leader = sim.electLeader();
    sim.propose(leader, "before").awaitCommitted();
    sim.isolate(leader);
    long began = sim.nanos();
    Outcome left = sim.propose(leader, "left");
    sim.close(leader);
    long took = sim.nanos() - began;
    assertTrue(took <= 2 * Sim.ELECTION_TIMEOUT_NANOS + SOON, () -> took / 1_000_000 + " ms");
    assertFalse(left.isPending());
    sim.heal();
    sim.restart(leader);
    sim.settle();
  }
}
