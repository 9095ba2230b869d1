package io.quorate.examples.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.CommandRejectedException;
import io.quorate.Service;
import io.quorate.examples.Programs;
import io.quorate.examples.Programs.Result;
import io.quorate.raft.Raft;
import io.quorate.testkit.EmbeddedCluster;
import io.quorate.testkit.SimSeed;
import io.quorate.testkit.SimulatedCluster;
import io.quorate.testkit.Workload;
import io.quorate.transport.InMemoryTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocksTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final long DAY = 86_400_000;

  @TempDir Path directory;

  @Test
  void oneHoldsItUntilItIsGivenBackAndTokensGrow() {
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    try (var cluster = EmbeddedCluster.start(3, Raft.protocol(), hub::transport, Locks::new)) {
      Service<LockCommand, Grant, String, Grant> locks = Locks.CODEC.over(cluster.replica(1));
      Grant first = locks.propose(new LockCommand.Acquire("a", "ada", DAY), SOON).join().reply();
      Grant second = locks.propose(new LockCommand.Acquire("a", "bob", DAY), SOON).join().reply();
      assertEquals("ada", second.holder());
      assertEquals(first.token(), second.token());
      locks.propose(new LockCommand.Release("a", first.token()), SOON).join();
      assertEquals(Grant.FREE, locks.query("a", SOON).join());
      Grant third = locks.propose(new LockCommand.Acquire("a", "bob", DAY), SOON).join().reply();
      assertTrue(third.token() > first.token());
      assertRefused(locks, new LockCommand.Release("a", first.token()));
      assertRefused(locks, new LockCommand.Renew("a", first.token(), DAY));
      assertRefused(locks, new LockCommand.Renew("b", third.token(), DAY));
      locks.propose(new LockCommand.Renew("a", third.token(), DAY), SOON).join();
      assertEquals("bob", locks.query("a", SOON).join().holder());
    }
  }

  private static void assertRefused(
      Service<LockCommand, Grant, String, Grant> locks, LockCommand command) {
    var call = locks.propose(command, SOON);
    Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
    assertInstanceOf(CommandRejectedException.class, cause);
  }

  @Test
  void whatIsNoCommandIsRefusedInASentence() {
    assertThrows(IllegalArgumentException.class, () -> new LockCommand.Acquire("", "a", 1));
    assertThrows(IllegalArgumentException.class, () -> new LockCommand.Acquire("a\nb", "a", 1));
    assertThrows(IllegalArgumentException.class, () -> new LockCommand.Renew("a", 1, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"raft", "paxos"})
  void whoSleptPastItsLeaseIsFencedOff(String engine) throws Exception {
    try (Programs programs = new Programs(directory)) {
      Result result = programs.run(LockDemo.class, List.of(), "--engine", engine, "--lease", "100");
      assertEquals(0, result.code(), result.err());
      assertTrue(result.out().contains("ada wakes up and writes under token 1: refused"));
    }
  }

  @SimulatedCluster(replicas = 3, seeds = 10)
  void replicasAgreeWhateverHappens(SimSeed seed) {
    seed.run(Raft.protocol(), Locks::new, new Calls());
  }

  private static final class Calls implements Workload {
    @Override
    public byte[] command(long number, RandomGenerator random) {
      String lock = "lock" + random.nextInt(3);
      LockCommand command =
          switch (random.nextInt(3)) {
            case 0 -> new LockCommand.Renew(lock, 1 + random.nextInt(50), 1_000);
            case 1 -> new LockCommand.Release(lock, 1 + random.nextInt(50));
            default -> new LockCommand.Acquire(lock, "h" + number, 1 + random.nextInt(5_000));
          };
      return Locks.CODEC.commands().encode(command);
    }
  }
}
