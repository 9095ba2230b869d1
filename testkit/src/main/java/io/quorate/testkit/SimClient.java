package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Admin;
import io.quorate.OutcomeUnknownException;
import io.quorate.ReadMode;
import io.quorate.SnapshotInfo;
import io.quorate.runtime.ClientCore;
import io.quorate.testkit.world.Life;
import io.quorate.testkit.world.SimClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A production client in a simulated process of its own, which reaches the members over the
 * simulated network. Any number of its calls may be in flight.
 *
 * <pre>{@code
 * SimClient client = sim.client();
 * sim.isolate(sim.electLeader());
 * client.propose("x=1").awaitCommitted();
 * }</pre>
 */
public final class SimClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Sim sim;
  private final SimMember.World world;
  private final Life life;
  private final Caller caller;
  private final ClientCore client;

  SimClient(Sim sim, SimMember.World world, int id) {
    this.sim = sim;
    this.world = world;
    life = new Life(id, world.network().setting(), SimClock.origin(world.random()));
    caller = new Caller(sim, world.ledger(), life, id);
    life.note("client", 0);
    client =
        ClientCore.start(
            world.cluster(), world.network().transport(life), TIMEOUT, world.random().split());
  }

  /** By which the network knows it: negative, as no member's is. */
  public int id() {
    return life.id();
  }

  /** Proposes a command. */
  public Outcome propose(String text) {
    return propose(text.getBytes(UTF_8));
  }

  /** Proposes a command. */
  public Outcome propose(byte[] command) {
    String text = world.words().apply(command);
    return life.isOver()
        ? Caller.nobody(sim, id(), false, command, "proposes " + text)
        : caller.propose(command, text, client::propose);
  }

  /** Asks again what became of a command of which the outcome is unknown. */
  public Outcome retry(Outcome unknown) {
    if (!(unknown.failure() instanceof OutcomeUnknownException why)) {
      throw new IllegalArgumentException("nothing is to be retried: " + unknown);
    }
    String text = world.words().apply(unknown.input());
    return caller.propose(unknown.input(), text, again -> why.retry(TIMEOUT));
  }

  /** Asks, linearizably, how many commands were applied: {@link Outcome#index}. */
  public Outcome read() {
    return read(new byte[0]);
  }

  /** The same, and asks the state machine as well, unless the question is empty. */
  public Outcome read(byte[] question) {
    return read(question, ReadMode.LINEARIZABLE);
  }

  /** As {@link #read(byte[])}, with another mode that promises as much. */
  Outcome read(byte[] question, ReadMode mode) {
    String text = mode + " " + world.words().apply(question);
    return life.isOver()
        ? Caller.nobody(sim, id(), true, question, "reads " + text)
        : caller.read(question, text, asked -> client.query(asked, mode));
  }

  /** As {@link #read()}, of one member and as it is there; no older than what was seen here. */
  public Outcome readStale(int member) {
    return life.isOver()
        ? Caller.nobody(sim, id(), true, new byte[0], "reads at " + member)
        : caller.readStale(
            new byte[0],
            "at " + member,
            question -> client.queryAt(member, question, ReadMode.STALE));
  }

  /**
   * As {@link #read()}, of one member whose state is so old at most, and no older than seen here.
   */
  public Outcome readStale(int member, Duration maxAge) {
    String text = "at " + member + ", at most " + maxAge.toMillis() + " ms old";
    return life.isOver()
        ? Caller.nobody(sim, id(), true, new byte[0], "reads " + text)
        : caller.readNoOlder(
            new byte[0],
            maxAge.toNanos(),
            text,
            question -> client.queryStale(member, question, maxAge));
  }

  /** What an operator asks over its connections; the futures complete as the simulation runs. */
  public Admin admin() {
    return client.admin();
  }

  /** Has a member take a snapshot. */
  CompletableFuture<SnapshotInfo> snapshot(int member) {
    return client.admin().snapshot(member);
  }

  /** Has a member write a backup, on its own disk. */
  CompletableFuture<SnapshotInfo> backup(int member, String directory) {
    return client.admin().backup(member, directory);
  }

  /** Which member it takes for the leader; 0 if it knows none. */
  public int leader() {
    return client.leader();
  }

  /** Whether it has not crashed. */
  public boolean isUp() {
    return !life.isOver();
  }

  /** Ends the process: what is in flight may yet be applied. */
  public void crash() {
    if (!life.isOver()) {
      life.crash();
      caller.crash();
      world.network().ended(life);
    }
  }
}
