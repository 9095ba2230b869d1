package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.Reply;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Host;
import io.quorate.runtime.LocalReplica;
import io.quorate.spi.Protocol;
import io.quorate.testkit.disk.DiskFault;
import io.quorate.testkit.disk.SimDisk.Survival;
import io.quorate.testkit.invariants.Laws;
import io.quorate.testkit.invariants.Ledger;
import io.quorate.testkit.invariants.Verdict;
import io.quorate.testkit.world.Agenda;
import io.quorate.testkit.world.Life;
import io.quorate.testkit.world.SimNetwork;
import io.quorate.testkit.world.SimWorkers;
import io.quorate.testkit.world.Trace;
import io.quorate.testkit.world.Weather;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One member: its disk, and the process that runs or does not run on it. */
final class SimMember {
  private static final long PROPOSAL_TIMEOUT_NANOS = 5_000_000_000L;

  /** What all members share. */
  record World(
      Cluster cluster,
      Protocol<?> protocol,
      Supplier<StateMachine> machines,
      Agenda agenda,
      Weather weather,
      Trace trace,
      SimNetwork network,
      Verdict verdict,
      Laws laws,
      Ledger ledger,
      EnumMap<DiskFault, Integer> diskFaults,
      SplittableRandom random) {}

  private final Sim sim;
  private final World world;
  private final int id;
  private final MemberDisk disk;
  private boolean machineMayFail;
  private @Nullable Running process;

  /** What a crash takes away. */
  private static final class Running {
    final Life life;
    final RecordedMachine machine;
    final List<Outcome> outcomes = new ArrayList<>();
    @Nullable LocalReplica replica;
    @Nullable String halted;

    Running(Life life, RecordedMachine machine) {
      this.life = life;
      this.machine = machine;
    }
  }

  SimMember(Sim sim, World world, int id) {
    this.sim = sim;
    this.world = world;
    this.id = id;
    disk = new MemberDisk(this, world);
  }

  int id() {
    return id;
  }

  MemberDisk disk() {
    return disk;
  }

  /** Whether its process runs and has not halted. */
  boolean isUp() {
    return process != null && process.halted == null;
  }

  /** Whether its process runs. */
  boolean hasProcess() {
    return process != null;
  }

  @Nullable String halted() {
    return process == null ? null : process.halted;
  }

  // Life and death

  void start() {
    if (process != null) {
      throw new IllegalStateException("member " + id + " runs already");
    }
    disk.begin();
    Life life = new Life(id, world.agenda, world.weather, world.trace);
    Running started =
        new Running(life, new RecordedMachine(world.machines.get(), world.ledger, id));
    process = started;
    world.trace.add("start", id, 0, 0);
    try {
      started.replica = Host.open(options(life), started.machine);
    } catch (QuorateException e) {
      halted(started, e);
      return;
    }
    world.verdict.check(
        life.isOver() || !disk.isFaulty(),
        "DurableLog",
        () -> "member " + id + " has started although its log says that entries are damaged");
    watch(
        started.replica.closed(),
        (nothing, cause) -> halted(started, cause == null ? "closed" : cause));
  }

  private Host.Options options(Life life) {
    Host.Options options = new Host.Options(world.cluster, id);
    options.protocol = world.protocol;
    options.log = disk.log(() -> diskFailed(life));
    options.transport = world.network.transport(life);
    options.workers = disk.workers(new SimWorkers(life), life);
    options.random = world.random.split();
    options.proposalTimeoutNanos = PROPOSAL_TIMEOUT_NANOS;
    return options;
  }

  private void halted(Running of, Object cause) {
    if (process == of) {
      String why = String.valueOf(cause);
      of.halted = why;
      world.trace.add("halt", id, 0, 0);
      world.verdict.check(
          disk.excuses(why) || machineMayFail,
          "Halt",
          () -> "member " + id + " has halted: " + cause);
    }
  }

  /** The store has failed, as it was told to. */
  private void diskFailed(Life life) {
    if (process != null && process.life == life) {
      world.trace.add("diskfail", id, 0, 0);
    }
  }

  /** The process ends between two events; the disk keeps what that leaves of the unsynced. */
  void crash(Survival left) {
    Running ending = process;
    if (ending == null) {
      return;
    }
    world.trace.add("crash", id, left.name().hashCode(), 0);
    process = null;
    ending.life.end();
    ending.outcomes.forEach(Outcome::crash);
    disk.end(left);
    world.network.ended(ending.life);
  }

  /** Its state machine may throw what is no answer: then the replica has to halt. */
  void letMachineFail() {
    machineMayFail = true;
  }

  // Calls

  Outcome propose(String text) {
    Outcome outcome = new Outcome(sim, "propose(" + id + ", " + text + ")");
    LocalReplica replica = process == null ? null : process.replica;
    if (process == null || replica == null) {
      outcome.crash();
      return outcome;
    }
    process.outcomes.add(outcome);
    long floor = world.ledger.seen();
    world.ledger.proposed(text);
    Running in = process;
    watch(
        replica.propose(text.getBytes(UTF_8)),
        (reply, failure) -> proposed(in, outcome, text, floor, reply, failure));
    return outcome;
  }

  private void proposed(
      Running in,
      Outcome outcome,
      String text,
      long floor,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    in.outcomes.remove(outcome);
    if (reply != null && outcome.settle(reply)) {
      world.trace.add("reply", id, reply.index(), 0);
      world.ledger.acknowledged(text, floor, reply.index(), reply.value());
    } else if (failure != null && outcome.fail(failure) && outcome.isRefused()) {
      world.trace.add("refused", id, 0, 0);
      world.ledger.refused(text);
    }
  }

  Outcome read() {
    Outcome outcome = new Outcome(sim, "read(" + id + ")");
    LocalReplica replica = process == null ? null : process.replica;
    if (process == null || replica == null) {
      outcome.crash();
      return outcome;
    }
    process.outcomes.add(outcome);
    long floor = world.ledger.seen();
    Running in = process;
    watch(
        replica.query(new byte[] {1}),
        (answer, failure) -> read(in, outcome, floor, answer, failure));
    return outcome;
  }

  private void read(
      Running in,
      Outcome outcome,
      long floor,
      byte @Nullable [] answer,
      @Nullable Throwable failure) {
    in.outcomes.remove(outcome);
    if (answer != null) {
      long index = ByteBuffer.wrap(answer).getLong();
      if (outcome.settle(new Reply(index, answer))) {
        world.trace.add("read", id, index, floor);
        world.ledger.read(id, floor, index);
      }
    } else if (failure != null) {
      outcome.fail(failure);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The watchers throw nothing; they note a verdict.
  private static <T> void watch(
      CompletableFuture<T> call, BiConsumer<@Nullable T, @Nullable Throwable> watcher) {
    call.whenComplete(watcher);
  }

  // Looks

  List<String> applied() {
    return process == null ? List.of() : process.machine.applied();
  }

  @Nullable Status status() {
    return process == null || process.replica == null ? null : process.replica.statusInLoop();
  }
}
