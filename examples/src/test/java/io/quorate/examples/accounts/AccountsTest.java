package io.quorate.examples.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.CommandRejectedException;
import io.quorate.ReadMode;
import io.quorate.Service;
import io.quorate.raft.Raft;
import io.quorate.testkit.EmbeddedCluster;
import io.quorate.testkit.SimSeed;
import io.quorate.testkit.SimulatedCluster;
import io.quorate.testkit.Workload;
import io.quorate.transport.InMemoryTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A service in records: nowhere below is a byte. */
class AccountsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void callersAndReplicasSpeakInRecords() {
    InMemoryTransport.Hub hub = InMemoryTransport.hub();
    try (var cluster = EmbeddedCluster.start(3, Raft.protocol(), hub::transport, Accounts::new)) {
      Service<Move, Long, String, Long> accounts = Accounts.CODEC.over(cluster.replica(1));
      var paid = accounts.propose(new Move(Move.BANK, "ada", 500), SOON).join();
      assertEquals(500, paid.reply());
      assertEquals(1, paid.index());
      assertEquals(200, accounts.propose(new Move("ada", "bob", 200), SOON).join().reply());
      assertEquals(300, accounts.query("ada", SOON).join());
      assertEquals(300, accounts.query("ada", ReadMode.LEASE).join());
      assertEquals(
          300, accounts.query("ada", bytes -> cluster.replica(1).queryStale(bytes, SOON)).join());
      assertEquals(
          "bob has 200 cents", refusal(accounts.propose(new Move("bob", "ada", 201), SOON)));
      assertEquals(
          "not a command: it is cut off", refusal(cluster.replica(1).propose("?".getBytes(UTF_8))));
    }
  }

  @SimulatedCluster(replicas = 3, seeds = 10)
  void replicasAgreeWhateverHappens(SimSeed seed) {
    seed.run(Raft.protocol(), Accounts::new, new Moves());
  }

  private static final class Moves implements Workload {
    @Override
    public byte[] command(long number, RandomGenerator random) {
      String from = random.nextInt(3) == 0 ? Move.BANK : "account" + random.nextInt(5);
      Move move = new Move(from, "account" + random.nextInt(5), 1 + random.nextInt(100));
      return Accounts.CODEC.commands().encode(move);
    }
  }

  private static String refusal(CompletableFuture<?> call) {
    Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
    return String.valueOf(assertInstanceOf(CommandRejectedException.class, cause).getMessage());
  }
}
