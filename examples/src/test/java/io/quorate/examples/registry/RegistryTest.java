package io.quorate.examples.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.CommandRejectedException;
import io.quorate.Service;
import io.quorate.raft.Raft;
import io.quorate.testkit.EmbeddedCluster;
import io.quorate.testkit.SimSeed;
import io.quorate.testkit.SimulatedCluster;
import io.quorate.testkit.Workload;
import io.quorate.transport.InMemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private EmbeddedCluster cluster;
  private Service<Change, Item, Question, Answer> registry;

  @BeforeEach
  void start() {
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    cluster =
        EmbeddedCluster.start(3, Raft.protocol(), hub::transport, () -> new Registry(at -> {}));
    registry = Registry.CODEC.over(cluster.replica(1));
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private long put(String key, String value, long ttlMillis) {
    return registry.propose(new Change(key, value, ttlMillis, Change.ANY), SOON).join().index();
  }

  private Answer all() {
    return registry.query(new Question("", false, Question.NOW), SOON).join();
  }

  private Answer changes(long after) {
    return registry.query(new Question("", false, after), SOON).join();
  }

  @Test
  void aConditionThatDoesNotHoldChangesNothing() {
    long index = put("a", "1", 0);
    for (long wrong : new long[] {0, index + 1}) {
      var call = registry.propose(new Change("a", "2", 0, wrong), SOON);
      Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
      assertInstanceOf(CommandRejectedException.class, cause);
    }
    assertEquals(List.of(new Item("a", "1", index)), all().items());
    assertEquals(index + 3, registry.propose(new Change("a", null, 0, index), SOON).join().index());
    assertEquals(List.of(), all().items());
  }

  @Test
  void whatExpiresGoesWithTheNextCommandAndIsSeenByWatchers() {
    long index = put("a", "1", 1);
    put("b", "1", 0);
    Answer answer = all();
    while (answer.items().size() > 1) { // Until a millisecond of cluster time is over.
      registry.propose(Change.SWEEP, SOON).join();
      answer = all();
    }
    assertEquals("b", answer.items().get(0).key());
    List<Item> changed = changes(index).items();
    assertTrue(changed.contains(new Item("a", null, answer.index())), changed.toString());
  }

  @Test
  void whoWatchesFromTooFarBackIsTold() {
    for (int i = 0; i <= Registry.CHANGES_KEPT; i++) {
      put("a", "" + i, 0);
    }
    assertFalse(changes(0).complete());
    Answer rest = changes(1);
    assertTrue(rest.complete());
    assertEquals(Registry.CHANGES_KEPT, rest.items().size());
  }

  @Test
  void aLongListComesInPieces() {
    String value = "x".repeat(Change.VALUE_MAX);
    for (int i = 0; i < 9; i++) {
      put("k" + i, value, 0);
    }
    Answer first = all();
    assertFalse(first.complete());
    assertTrue(first.items().size() >= 4, "" + first.items().size());
  }

  @SimulatedCluster(replicas = 3, seeds = 10)
  void replicasAgreeWhateverHappens(SimSeed seed) {
    seed.run(Raft.protocol(), () -> new Registry(at -> {}), new Changes());
  }

  private static final class Changes implements Workload {
    @Override
    public byte[] command(long number, RandomGenerator random) {
      String key = "key" + random.nextInt(8);
      Change change =
          switch (random.nextInt(4)) {
            case 0 -> new Change(key, null, 0, Change.ANY);
            case 1 -> new Change(key, "v" + number, 0, random.nextInt(60));
            case 2 -> Change.SWEEP;
            default -> new Change(key, "v" + number, random.nextInt(3_000), Change.ANY);
          };
      return Registry.CODEC.commands().encode(change);
    }

    @Override
    public byte[] question(RandomGenerator random) {
      return Registry.CODEC.questions().encode(new Question("key", false, Question.NOW));
    }
  }
}
