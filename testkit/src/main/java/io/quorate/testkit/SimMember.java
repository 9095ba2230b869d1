package io.quorate.testkit;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import io.quorate.ReadMode;
import io.quorate.Status;
import io.quorate.runtime.Host;
import io.quorate.runtime.LocalReplica;
import io.quorate.runtime.Restoring;
import io.quorate.spi.Log;
import io.quorate.spi.Protocol;
import io.quorate.testkit.disk.DiskFault;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import io.quorate.testkit.invariants.Determinism;
import io.quorate.testkit.invariants.Laws;
import io.quorate.testkit.invariants.Ledger;
import io.quorate.testkit.invariants.Verdict;
import io.quorate.testkit.invariants.WatchedProtocol;
import io.quorate.testkit.world.Agenda;
import io.quorate.testkit.world.Incidents;
import io.quorate.testkit.world.Life;
import io.quorate.testkit.world.Setting;
import io.quorate.testkit.world.SimClock;
import io.quorate.testkit.world.SimNetwork;
import io.quorate.testkit.world.SimWorkers;
import io.quorate.testkit.world.Trace;
import io.quorate.testkit.world.Weather;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One member: its disk, and the process that runs or does not run on it. */
final class SimMember {
  private static final long PROPOSAL_TIMEOUT_NANOS = 5_000_000_000L;
  private static final long SNAPSHOT_BYTES_PER_SECOND = 1 << 20;
  private static final long SNAPSHOT_ROOM_BYTES = 96 << 10;

  /** What all members share. */
  record World(
      Cluster cluster,
      Protocol<?> protocol,
      Determinism determinism,
      Agenda agenda,
      Weather weather,
      Trace trace,
      SimNetwork network,
      Verdict verdict,
      Laws laws,
      Ledger ledger,
      EnumMap<DiskFault, Integer> diskFaults,
      Function<byte[], String> words,
      long snapshotBytes,
      long keepBytes,
      long leaseMillis,
      SplittableRandom random) {

    static <M> World of(Protocol<M> protocol, Witness<M> witness, SimPlan plan) {
      Map<Integer, String> addresses = new TreeMap<>();
      for (int id = 1; id <= plan.replicas(); id++) {
        addresses.put(id, "sim" + id + ":1");
      }
      SplittableRandom random = new SplittableRandom(plan.seed());
      Agenda agenda = new Agenda();
      Weather weather = new Weather(random.split());
      Trace trace = new Trace(agenda, plan.reader());
      Verdict verdict = new Verdict();
      Laws laws = new Laws(verdict, witness.rules(), protocol::compareStamps, agenda::now);
      Ledger ledger = new Ledger(verdict, laws, plan.words());
      return new World(
          Cluster.of(addresses),
          new WatchedProtocol<>(protocol, witness, laws, trace),
          new Determinism(verdict, ledger, plan.machines(), plan.seed()),
          agenda,
          weather,
          trace,
          new SimNetwork(new Setting(agenda, weather, trace, new Incidents())),
          verdict,
          laws,
          ledger,
          new EnumMap<>(DiskFault.class),
          plan.words(),
          plan.snapshotBytes(),
          plan.keepBytes(),
          plan.leaseMillis(),
          random.split());
    }
  }

  private final Sim sim;
  private final World world;
  private final int id;
  private final MemberDisk disk;
  private final MemberClock clock = new MemberClock();
  private boolean machineMayFail;
  private @Nullable Running process;

  /** What a crash takes away. */
  private static final class Running {
    final Life life;
    final RecordedMachine machine;
    final Caller caller;
    @Nullable LocalReplica replica;
    @Nullable String halted;
    boolean closed;

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

  @Nullable String halted() {
    return process == null ? null : process.halted;
  }

  // Life and death

  /** Before the first start: the member is to found a cluster that goes on from a backup. */
  void restore(SimDisk backups, String directory, UUID clusterId) {
    disk.begin();
    Log into = disk.log(() -> {}, backups);
    Restoring.restore(into, directory, id, clusterId, 0, world.random.split());
    disk.end(Survival.NOTHING); // When it returns all is durable.
  }

  void start() {
    if (process != null) {
      throw new IllegalStateException("member " + id + " runs already");
    }
    disk.begin();
    world.laws.begins(id);
    Life life = new Life(id, world.network.setting(), SimClock.origin(world.random));
    clock.started(life);
    Running started = new Running(life, machine(), new Caller(sim, world.ledger, life, id));
    process = started;
    world.trace.add("start", id, 0);
    try {
      started.replica = Host.open(options(life), started.machine);
    } catch (QuorateException e) {
      halted(started, e, true);
      return;
    }
    Caller.watch(
        started.replica.closed(),
        (nothing, cause) -> halted(started, cause == null ? "closed" : cause, false));
  }

  private RecordedMachine machine() {
    boolean concurrent = world.leaseMillis > 0 && world.random.nextBoolean();
    return world.keepBytes == Long.MAX_VALUE
        ? new RecordedMachine(world.determinism, world.ledger, id, concurrent)
        : new KeptMachine(world.determinism, world.ledger, id, concurrent, disk.kept());
  }

  private Host.Options options(Life life) {
    Host.Options options = new Host.Options(world.cluster, id);
    options.protocol = world.protocol;
    options.log = disk.log(() -> diskFailed(life));
    options.transport = world.network.transport(life);
    options.workers = disk.workers(new SimWorkers(life), life);
    options.random = world.random.split();
    options.snapshotBytes = world.snapshotBytes;
    options.snapshotRoomBytes = SNAPSHOT_ROOM_BYTES;
    options.keepBytes = world.keepBytes;
    options.leaseMillis = world.leaseMillis;
    options.snapshotBytesPerSecond = SNAPSHOT_BYTES_PER_SECOND;
    options.proposalTimeoutNanos = PROPOSAL_TIMEOUT_NANOS;
    return options;
  }

  /** Also where the start failed, and with that closed the link, so that nothing runs any more. */
  private void halted(Running of, Object cause, boolean starting) {
    if (process == of) {
      String why = words(cause);
      of.halted = why;
      world.trace.add("halt", id, 0);
      world.ledger.halts(id, disk.excuses(why, starting) || machineMayFail, cause);
    }
  }

  private static String words(Object cause) {
    StringBuilder words = new StringBuilder(String.valueOf(cause));
    Throwable below = cause instanceof Throwable thrown ? thrown.getCause() : null;
    for (; below != null; below = below.getCause()) {
      words.append("; ").append(below);
    }
    return words.toString();
  }

  /** The store has failed, as it was told to. */
  private void diskFailed(Life life) {
    if (process != null && process.life == life) {
      world.trace.add("diskfail", id, 0);
    }
  }

  /** The process ends between two events; the disk keeps what that leaves of the unsynced. */
  void crash(Survival left) {
    Running ending = process;
    if (ending == null) {
      return;
    }
    world.trace.add("crash", id, left);
    process = null;
    ending.life.crash();
    ending.caller.crash();
    disk.end(left);
    world.network.ended(ending.life);
  }

  /** Its owner closes the replica; it runs on until {@link #isClosed}. */
  void close() {
    Running closing = process;
    if (closing == null || closing.replica == null) {
      return;
    }
    world.trace.add("close", id, 0);
    closing.replica.closeInLoop(() -> closing.closed = true);
  }

  /** Whether nothing is left to be waited for: closed, halted, paused or not there at all. */
  boolean isClosed() {
    Running closing = process;
    return closing == null
        || closing.replica == null
        || closing.closed
        || closing.halted != null
        || closing.life.isPaused();
  }

  void transfer(int target) {
    if (process != null && process.replica != null) {
      world.trace.add("transfer", id, target);
      process.replica.transferInLoop(target);
    }
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
    crash(Survival.CACHED);
    world.network.move(world.cluster.address(id), id, tenant, unknownNanos);
    start();
  }

  /** Its state machine may throw what is no answer: then the replica has to halt. */
  void letMachineFail() {
    machineMayFail = true;
  }

  // Calls

  Outcome propose(byte[] command) {
    LocalReplica replica = process == null ? null : process.replica;
    String text = world.words.apply(command);
    return process == null || replica == null
        ? Caller.nobody(sim, id, false, command, "proposes " + text)
        : process.caller.propose(command, text, replica::propose);
  }

  /** With a mode that is as good as linearizable. */
  Outcome read(byte[] question, ReadMode mode) {
    LocalReplica replica = process == null ? null : process.replica;
    String text = mode + " " + world.words.apply(question);
    return process == null || replica == null
        ? Caller.nobody(sim, id, true, question, "reads " + text)
        : process.caller.read(question, text, asked -> replica.query(asked, mode));
  }

  Outcome readStale(Duration maxAge) {
    LocalReplica replica = process == null ? null : process.replica;
    String text = "at most " + maxAge.toMillis() + " ms old";
    return process == null || replica == null
        ? Caller.nobody(sim, id, true, new byte[0], "reads " + text)
        : process.caller.readNoOlder(
            new byte[0], maxAge.toNanos(), text, question -> replica.queryStale(question, maxAge));
  }

  // Looks

  /** Who leads, as its replica knows; 0 if that does not run, or does not know. */
  int leader() {
    return process == null || process.replica == null ? 0 : process.replica.leaderInLoop();
  }

  List<String> applied() {
    return process == null ? List.of() : process.machine.applied();
  }

  @Nullable Status status() {
    Status now = process == null || process.replica == null ? null : process.replica.statusInLoop();
    world.laws.looks(now);
    return now;
  }
}
