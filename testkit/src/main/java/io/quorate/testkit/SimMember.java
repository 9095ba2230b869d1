package io.quorate.testkit;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.runtime.Host;
import io.quorate.runtime.LocalReplica;
import io.quorate.spi.Protocol;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import io.quorate.testkit.invariants.Laws;
import io.quorate.testkit.invariants.Ledger;
import io.quorate.testkit.invariants.SyncedImage;
import io.quorate.testkit.invariants.Verdict;
import io.quorate.testkit.invariants.WatchedStore;
import io.quorate.testkit.world.Agenda;
import io.quorate.testkit.world.Life;
import io.quorate.testkit.world.SimClock;
import io.quorate.testkit.world.SimNetwork;
import io.quorate.testkit.world.SimWorkers;
import io.quorate.testkit.world.Trace;
import io.quorate.testkit.world.Weather;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One member: its disk, and the process that runs or does not run on it. */
final class SimMember {
  private static final int SEGMENT_BYTES = 16 << 10;
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
      SplittableRandom random) {}

  private final Sim sim;
  private final World world;
  private final int id;
  private final MemberClock clock = new MemberClock();
  private SimDisk disk;
  private SyncedImage image;
  private boolean diskMayFail;
  private boolean machineMayFail;
  private @Nullable Running process;
  private @Nullable Survival survival;

  /** What a crash takes away. */
  private static final class Running {
    final Life life;
    final RecordedMachine machine;
    final Caller caller;
    @Nullable LocalReplica replica;
    @Nullable String halted;

    Running(Life life, RecordedMachine machine, Caller caller) {
      this.life = life;
      this.machine = machine;
      this.caller = caller;
    }
  }

  SimMember(Sim sim, World world, int id) {
    this.sim = sim;
    this.world = world;
    this.id = id;
    disk = new SimDisk(world.random.nextLong());
    image = new SyncedImage(world.verdict, id);
    world.laws.disk(id, image);
  }

  int id() {
    return id;
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
    Survival left = survival;
    if (left != null) {
      disk.restart(left);
      survival = null;
    }
    diskMayFail = false;
    Life life = new Life(id, world.network.setting(), SimClock.origin(world.random));
    clock.started(life);
    Running started =
        new Running(
            life,
            new RecordedMachine(world.machines.get(), world.ledger, id),
            new Caller(sim, world.ledger, life, id));
    process = started;
    world.trace.add("start", id, 0, 0);
    try {
      started.replica = Host.open(options(life), started.machine);
    } catch (QuorateException e) {
      halted(started, e);
      return;
    }
    Caller.watch(
        started.replica.closed(),
        (nothing, cause) -> halted(started, cause == null ? "closed" : cause));
  }

  private Host.Options options(Life life) {
    Host.Options options = new Host.Options(world.cluster, id);
    options.protocol = world.protocol;
    SimDisk current = disk;
    SyncedImage synced = image;
    options.log =
        () -> new WatchedStore(current.log(SEGMENT_BYTES).open(), synced, () -> diskFailed(life));
    options.transport = world.network.transport(life);
    options.workers = new SimWorkers(life);
    options.random = world.random.split();
    options.proposalTimeoutNanos = PROPOSAL_TIMEOUT_NANOS;
    return options;
  }

  private void halted(Running of, Object cause) {
    if (process == of && !of.life.isOver()) {
      of.halted = String.valueOf(cause);
      world.trace.add("halt", id, 0, 0);
      world.verdict.check(
          diskMayFail || machineMayFail, "Halt", () -> "member " + id + " has halted: " + cause);
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
    survival = left;
    ending.life.crash();
    ending.caller.crash();
    disk.cutPower();
    world.network.ended(ending.life);
  }

  /** Nothing of the process runs until {@link #resume}; no effect while none runs. */
  void pause(boolean clockGoesOn) {
    if (process != null) {
      process.life.pause(clockGoesOn);
    }
  }

  void resume() {
    if (process != null) {
      process.life.resume();
    }
  }

  boolean isPaused() {
    return process != null && process.life.isPaused();
  }

  MemberClock clock() {
    return clock;
  }

  /** Comes back at another address, where each other process finds it after a while. */
  void move(@Nullable Integer tenant, long unknownNanos) {
    crash(Survival.ALL);
    world.network.move(world.cluster.address(id), id, tenant, unknownNanos);
    start();
  }

  /** Takes the disk away; the next start finds an empty one. */
  void wipe() {
    crash(Survival.NOTHING);
    disk = new SimDisk(world.random.nextLong());
    survival = null;
    image = new SyncedImage(world.verdict, id);
    world.laws.disk(id, image);
  }

  /** Its n-th call of the disk from now fails: then the replica has to halt. */
  void failDiskCall(long n) {
    diskMayFail = true;
    disk.failCall(n);
  }

  /** No disk call is to fail any more. One that did may still halt the replica. */
  void mendDisk() {
    disk.mend();
  }

  /** Its state machine may throw what is no answer: then the replica has to halt. */
  void letMachineFail() {
    machineMayFail = true;
  }

  // Calls

  Outcome propose(String text) {
    LocalReplica replica = process == null ? null : process.replica;
    return process == null || replica == null
        ? Caller.nobody(sim, "propose(" + id + ", " + text + ")")
        : process.caller.propose(text, replica::propose);
  }

  Outcome read() {
    LocalReplica replica = process == null ? null : process.replica;
    return process == null || replica == null
        ? Caller.nobody(sim, "read(" + id + ")")
        : process.caller.read(() -> replica.query(new byte[] {1}));
  }

  // Looks

  List<String> applied() {
    return process == null ? List.of() : process.machine.applied();
  }

  @Nullable Status status() {
    return process == null || process.replica == null ? null : process.replica.statusInLoop();
  }
}
