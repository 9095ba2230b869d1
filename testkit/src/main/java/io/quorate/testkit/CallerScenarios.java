package io.quorate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.OutcomeUnknownException;
import io.quorate.SessionExpiredException;
import java.util.Collections;
import java.util.List;

/** What callers are told of commands whose outcome is not simply a reply. */
interface CallerScenarios<M> extends SimulatedProtocol<M> {
  long SESSION_LIFE = 3_600 * Sim.ELECTION_TIMEOUT_NANOS;

  @Scenario(
      id = "C17",
      value = "a client whose session has expired is told so, and nothing of it is applied later",
      replicas = 1)
  default void anExpiredSessionIsTold(Sim sim) {
    SimClient client = sim.client();
    client.propose("a").awaitCommitted();
    sim.clock(1).jump(2 * SESSION_LIFE);
    sim.propose(1, "b").awaitCommitted();
    Outcome lost = client.propose("c");
    assertInstanceOf(SessionExpiredException.class, lost.awaitEnd());
    assertTrue(lost.isRefused(), () -> String.valueOf(lost));
    assertInstanceOf(SessionExpiredException.class, client.propose("d").awaitEnd());
    sim.client().propose("e").awaitCommitted();
    client.read().awaitCommitted();
    assertEquals(List.of("a", "b", "e"), sim.applied(1));
  }

  @Scenario(
      id = "C18",
      value = "an idle client that is connected keeps its session, and applies nothing by it",
      replicas = 1,
      seeds = 2)
  default void anIdleClientKeepsItsSession(Sim sim) {
    SimClient client = sim.client();
    client.propose("a").awaitCommitted();
    sim.runFor(2 * SESSION_LIFE);
    client.propose("b").awaitCommitted();
    assertEquals(List.of("a", "b"), sim.applied(1));
  }

  @Scenario(
      id = "C19",
      value = "what a caller was not told in time a retry tells, and it is applied once",
      seeds = 8)
  default void aRetryTells(Sim sim, long seed) {
    sim.electLeader();
    SimClient client = sim.client();
    client.propose("first").awaitCommitted();
    Outcome late = client.propose("late");
    sim.runFor(seed * 100_000); // So that it is committed before the crash, or not.
    sim.all().forEach(sim::crash);
    if (late.awaitEnd() == null) {
      return; // Its reply was faster.
    }
    assertInstanceOf(OutcomeUnknownException.class, late.failure());
    sim.all().forEach(sim::restart);
    sim.electLeader();
    client.retry(late).awaitCommitted();
    sim.settle();
    sim.all().forEach(id -> assertEquals(1, Collections.frequency(sim.applied(id), "late")));
  }
}
