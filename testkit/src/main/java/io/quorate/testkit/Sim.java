package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.Backup;
import io.quorate.ReadMode;
import io.quorate.SnapshotInfo;
import io.quorate.StateMachine;
import io.quorate.Status;
import io.quorate.spi.Protocol;
import io.quorate.testkit.disk.DiskFault;
import io.quorate.testkit.disk.SimDisk;
import io.quorate.testkit.disk.SimDisk.Survival;
import io.quorate.testkit.world.Agenda;
import io.quorate.testkit.world.SimNetwork;
import io.quorate.testkit.world.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whole production replicas in one thread, with network, disks and clock simulated from one seed:
 * the same seed does the same, event by event.
 *
 * <pre>{@code
 * Sim sim = Sim.of(Raft.protocol(), witness, 3, 17);
 * int leader = sim.electLeader();
 * sim.isolate(leader);
 * Outcome lost = sim.propose(leader, "x=1");
 * int next = sim.awaitLeader(sim.allBut(leader));
 * sim.propose(next, "x=2").awaitCommitted();
 * sim.heal();
 * sim.settle();
 * }</pre>
 *
 * <p>After every event the invariants of docs/testing.md are checked; the first one that is broken
 * fails the method that runs the simulation with {@link SimFailure}. Time is virtual, and every
 * method that waits gives up after a bounded part of it. The protocol has to use an election
 * timeout of one second. Not safe for use by several threads.
 */
public final class Sim {
  static final long ELECTION_TIMEOUT_NANOS = 1_000_000_000L;
  private static final long PATIENCE_NANOS = 12 * ELECTION_TIMEOUT_NANOS;
  private static final int EVENTS_AT_ONCE_MAX = 1_000_000;
  private static final long CALM_NANOS = ELECTION_TIMEOUT_NANOS / 2;

  private final SimPlan plan;
  private final Function<SimPlan, SimMember.World> worlds;
  private final SimMember.World world;
  private final Agenda agenda;
  private final Weather weather;
  private final SimNetwork network;
  private final List<Integer> all;
  private final List<SimMember> members = new ArrayList<>();
  private final Overview overview;
  private long lastOrder;
  private boolean retrying;
  private int lastClient;

  private Sim(SimPlan plan, Function<SimPlan, SimMember.World> worlds, SimMember.World world) {
    this.plan = plan;
    this.worlds = worlds;
    this.world = world;
    agenda = world.agenda();
    weather = world.weather();
    network = world.network();
    all = List.copyOf(world.cluster().members());
    for (int id : all) {
      members.add(new SimMember(this, world, id));
    }
    overview = new Overview(members, world.laws());
  }

  private Sim started() {
    members.forEach(SimMember::start);
    return this;
  }

  /** Starts members 1 to {@code replicas} on empty disks, with a state machine that counts. */
  public static <M> Sim of(Protocol<M> protocol, Witness<M> witness, int replicas, long seed) {
    return of(protocol, witness, replicas, seed, Counting::new);
  }

  /**
   * As {@link #of(Protocol, Witness, int, long)}, with one's own state machine for each start. It
   * is held to be deterministic, and its snapshots to be the whole state: now and then a replica
   * goes on with a copy that was restored from one.
   */
  public static <M> Sim of(
      Protocol<M> protocol,
      Witness<M> witness,
      int replicas,
      long seed,
      Supplier<? extends StateMachine> machines) {
    return of(protocol, witness, SimPlan.of(replicas, seed, machines));
  }

  static <M> Sim of(Protocol<M> protocol, Witness<M> witness, SimPlan plan) {
    Function<SimPlan, SimMember.World> worlds =
        planned -> SimMember.World.of(protocol, witness, planned);
    return new Sim(plan, worlds, worlds.apply(plan)).started();
  }

  /**
   * Another cluster of as many members, on disks of their own, that are all restored from a backup.
   * Its commands are those of the backup, and what comes behind them, for all rules. Time begins
   * anew, and neither knows the other.
   *
   * @param member on whose disk the backup is
   * @param directory that it is in
   * @param seed of all that happens there
   */
  public Sim restored(int member, String directory, long seed) {
    SimPlan other = plan.withSeed(seed);
    Sim sim = new Sim(other, worlds, worlds.apply(other));
    SimDisk backups = disk(member).platter();
    UUID id = new UUID(seed, ~seed);
    SnapshotInfo held = Backup.at(directory).verify(disk(member).backups());
    sim.members.forEach(each -> each.restore(backups, directory, id));
    sim.world.ledger().begins(world.ledger(), held.commandIndex());
    sim.world.determinism().begins();
    network.setting().incidents().happened(WorldFault.CLUSTER_RESTORED);
    return sim.started();
  }

  // Time

  /** Runs so many events. */
  public void run(int events) {
    for (int i = 0; i < events; i++) {
      agenda.runNext(Long.MAX_VALUE);
      check();
    }
  }

  /** Runs until so much virtual time has passed. */
  public void runFor(long nanos) {
    long end = agenda.now() + nanos;
    while (agenda.runNext(end)) {
      check();
    }
  }

  /** As {@link #runFor(long)}, but ends early once the condition holds. */
  void runFor(long nanos, BooleanSupplier condition) {
    long end = agenda.now() + nanos;
    while (!condition.getAsBoolean() && agenda.runNext(end)) {
      check();
    }
  }

  /** Runs until the condition holds; fails if it does not within 12 election timeouts. */
  public void runUntil(BooleanSupplier condition, String what) {
    check();
    long end = agenda.now() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      boolean more = agenda.runNext(end);
      check();
      if (!more && !condition.getAsBoolean()) {
        throw new SimFailure(
            "IC21 Liveness: not within 12 election timeouts: " + what + "; " + overview, null);
      }
    }
  }

  /** Fails if a rule is broken. */
  void check() {
    if (agenda.atThisInstant() > EVENTS_AT_ONCE_MAX) {
      throw new SimFailure("IC21 Liveness: events without end, and no time passes", null);
    }
    world.ledger().passes(agenda.now());
    String broken = world.verdict().broken();
    if (broken != null) {
      throw new SimFailure(broken, null);
    }
  }

  /** How many events have happened. */
  public long events() {
    return agenda.steps();
  }

  /** A hash over all that has happened. */
  public long traceHash() {
    return world.trace().hash();
  }

  // Leaders

  /** Runs until a majority agrees on a leader, and all that are up follow it. */
  public int electLeader() {
    return awaitLeader(all());
  }

  /** Runs until those of the members that are up, and not paused, agree that one of them leads. */
  public int awaitLeader(Collection<Integer> among) {
    runUntil(() -> leaderAmong(among) != 0, "one leader among " + among);
    return leaderAmong(among);
  }

  /** Who leads, as all of them see it that are up and not paused; 0 if they do not agree. */
  public int leaderAmong(Collection<Integer> among) {
    return overview.leaderAmong(among);
  }

  /** Whether the member takes itself for the leader. */
  public boolean isLeading(int id) {
    return overview.isLeading(id);
  }

  /** All member ids. */
  public List<Integer> all() {
    return all;
  }

  /** All member ids but these. */
  public List<Integer> allBut(Integer... ids) {
    List<Integer> rest = new ArrayList<>(all);
    rest.removeAll(List.of(ids));
    return rest;
  }

  // Network

  /** Cuts a member off from all others, without a word: connections seem to stand. */
  public void isolate(int id) {
    partition(List.of(id), allBut(id));
  }

  /** Cuts a client off from all members, without a word. */
  public void isolate(SimClient client) {
    partition(List.of(client.id()), all());
  }

  /** Nothing passes between the two sides, of members or ids of clients, any more. */
  public void partition(Collection<Integer> one, Collection<Integer> other) {
    oneWay(one, other);
    oneWay(other, one);
  }

  /** Nothing passes from the one side to the other any more. */
  public void oneWay(Collection<Integer> from, Collection<Integer> to) {
    for (int source : from) {
      for (int sink : to) {
        network.block(source, sink);
      }
    }
  }

  /** Breaks the connections over which nothing passes, so that both ends notice. */
  public void breakBlocked() {
    network.breakBlocked();
  }

  /** Network, disks and clocks work, and nobody is paused. Who is down stays down. */
  public void heal() {
    weather.calm();
    members.forEach(member -> member.disk().mend());
    network.heal();
    members.forEach(SimMember::resume);
    members.forEach(member -> member.clock().rate(1));
  }

  /** The others fall into two parts that reach each other through that member alone. */
  public void bridge(int bridge) {
    List<Integer> others = allBut(bridge);
    int half = others.size() / 2;
    partition(others.subList(0, half), others.subList(half, others.size()));
  }

  /** What goes from the one side to the other takes that much longer, and some more. */
  public void slowLink(Collection<Integer> from, Collection<Integer> to, long nanos) {
    network.slow(from, to, nanos);
  }

  /**
   * The connection that one member, or client, has dialled to a member is reset in the middle of
   * the next frame on it: what was sent before arrives yet, the frame and what follows is lost.
   */
  public void reset(int from, int to) {
    network.reset(from, to);
  }

  /**
   * Of the parts of snapshots that are sent to a member the one behind so many breaks the
   * connection for bulk that it is sent over, which cannot be dialled for so long; all others
   * stand. It may be long until it is sent: only {@link #keepBulk} takes that back.
   */
  public void breakBulk(int to, int parts, long restNanos) {
    network.breakBulk(to, parts, restNanos);
  }

  /** No part of a snapshot breaks its connection any more. */
  public void keepBulk() {
    network.keepBulk();
  }

  /**
   * Some frame that was sent before, maybe by or to an earlier process, comes once more.
   *
   * @return whether there is one, and a connection for it
   */
  public boolean replayOld() {
    return network.replayOld();
  }

  /** Of a thousand frames so many are lost, come twice, or overtake others. */
  public void unreliable(int lost, int duplicated, int reordered) {
    weather.loseDuplicateReorder(lost, duplicated, reordered);
  }

  // Processes, clocks and disks

  /**
   * Nothing of a member's process runs until {@link #resume}. It counts as up, but is not asked for
   * its state.
   *
   * @param clockGoesOn as when a process is stopped; false as when its machine is suspended
   */
  public void pause(int id, boolean clockGoesOn) {
    member(id).pause(clockGoesOn);
  }

  /** A paused process goes on; what has arrived meanwhile waits for it. */
  public void resume(int id) {
    member(id).resume();
  }

  /** Whether the member's process is paused. */
  public boolean isPaused(int id) {
    return member(id).isPaused();
  }

  /** The clock that a member's processes read. */
  public MemberClock clock(int id) {
    return member(id).clock();
  }

  /**
   * Restarts a member at another address. Each other process learns of it after a while of up to
   * two election timeouts; until then it finds nobody at the old one, or another member.
   */
  public void move(int id) {
    member(id).move(overview.tenantOf(id, weather.any(1 << 20)), 2 * ELECTION_TIMEOUT_NANOS);
  }

  /** Cuts a member's power: it loses what it has not synced. */
  public void crash(int id) {
    crash(id, Survival.NOTHING);
  }

  /** Ends a member's process; the disk keeps what {@code survival} says. */
  public void crash(int id, Survival survival) {
    member(id).crash(survival);
  }

  /** Closes a member's replica as its owner would, and then ends its process, if it runs. */
  public void close(int id) {
    SimMember closing = member(id);
    closing.close();
    runFor(PATIENCE_NANOS, closing::isClosed);
    closing.crash(Survival.CACHED);
  }

  /** Has a member hand leadership over, if it leads; 0 for whoever can take over soonest. */
  public void transfer(int id, int target) {
    member(id).transfer(target);
  }

  /** Starts a member that is down; one that has halted is ended first. */
  public void restart(int id) {
    member(id).crash(Survival.CACHED);
    member(id).start();
  }

  /** All disks take up to so long for each write and each sync. */
  public void slowDisks(long nanos) {
    weather.diskNanosMax(nanos);
  }

  /** A member's disk, and all that can befall it. */
  public MemberDisk disk(int id) {
    return member(id).disk();
  }

  /** How many faults of each kind have happened to all disks; a kind that has not is missing. */
  public Map<DiskFault, Integer> diskFaults() {
    return Collections.unmodifiableMap(new EnumMap<>(world.diskFaults()));
  }

  /** The member's state machine is expected to fail. */
  public void letMachineFail(int id) {
    member(id).letMachineFail();
  }

  /** Why the member's replica has stopped by itself; null if it has not. */
  public @Nullable String halted(int id) {
    return member(id).halted();
  }

  /** Whether the member's process runs and its replica has not halted. */
  public boolean isUp(int id) {
    return member(id).isUp();
  }

  // Calls

  /** Starts a client outside of all members, which looks for the leader over the network. */
  public SimClient client() {
    return new SimClient(this, world, --lastClient);
  }

  /** Proposes a command at a member. */
  public Outcome propose(int id, String text) {
    return propose(id, text.getBytes(UTF_8));
  }

  /** Proposes a command at a member. */
  public Outcome propose(int id, byte[] command) {
    return member(id).propose(command);
  }

  /** Asks a member, linearizably, how many commands were applied: {@link Outcome#index}. */
  public Outcome read(int id) {
    return read(id, new byte[0]);
  }

  /** The same, and asks its state machine as well, unless the question is empty. */
  public Outcome read(int id, byte[] question) {
    return member(id).read(question, ReadMode.LINEARIZABLE);
  }

  /** As {@link #read(int)}, answered by a leader alone while it has a lease. */
  public Outcome readByLease(int id) {
    return read(id, new byte[0], ReadMode.LEASE);
  }

  /** As {@link #read(int, byte[])}, with another mode that promises as much. */
  Outcome read(int id, byte[] question, ReadMode mode) {
    return member(id).read(question, mode);
  }

  /** Whether leaders have leases: then clocks may drift a little, and never leap. */
  boolean hasLeases() {
    return world.leaseMillis() > 0;
  }

  /** As {@link #read(int)}, of a state of limited age. */
  public Outcome readStale(int id, Duration maxAge) {
    return member(id).readStale(maxAge);
  }

  /** Runs until all that are up have applied the same and nothing is on its way. */
  public void settle() {
    settle(all());
  }

  /** As {@link #settle()}, for those of the members that are up. */
  public void settle(Collection<Integer> among) {
    runUntil(() -> overview.isConverged(among), "all of " + among + " have applied the same");
    runFor(CALM_NANOS);
    runUntil(() -> overview.isConverged(among), "all of " + among + " have applied the same");
  }

  /**
   * At the end of a run: applies all its commands once more, to a fresh state machine, and fails if
   * that answers otherwise or has another state. Finds what all replicas had in common by chance,
   * as the millisecond.
   */
  public void replay() {
    world.determinism().replay();
    check();
  }

  /** What a member has applied since it started, in order. */
  public List<String> applied(int id) {
    return member(id).applied();
  }

  /** How often that has happened; what was set up and met nothing does not count. */
  public long happened(WorldFault fault) {
    return network.setting().incidents().of(fault);
  }

  /** How many commands were acknowledged. */
  public long acknowledged() {
    return world.ledger().acknowledgements();
  }

  /** A member's state; null while its process does not run. */
  public @Nullable Status status(int id) {
    return member(id).status();
  }

  private SimMember member(int id) {
    return overview.member(id);
  }

  // For SimRun

  /** Network, disks and threads become slow or unreliable, each as likely as not. */
  void rough() {
    weather.rough();
  }

  /** Breaks one of the connections. */
  void breakOne(int number) {
    network.breakOne(number);
  }

  /** From now on callers retry, once, what they are told is unknown and may be resolved. */
  void retryUnknown() {
    retrying = true;
  }

  boolean isRetrying() {
    return retrying;
  }

  /** The next number in the order of all that callers see. */
  long nextOrder() {
    return ++lastOrder;
  }

  /** Virtual time. */
  long nanos() {
    return agenda.now();
  }

  /** How often each thing has happened that can, by its name. */
  Map<String, Long> counts() {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (WorldFault fault : WorldFault.values()) {
      counts.put(fault.name(), network.setting().incidents().of(fault));
    }
    for (DiskFault fault : DiskFault.values()) {
      counts.put(fault.name(), (long) world.diskFaults().getOrDefault(fault, 0));
    }
    counts.put("ENTRY_MENDED", world.laws().mended());
    counts.put("RECORD_LOST", world.laws().recordsLost());
    if (world.laws().returned() > 0) {
      counts.put("RETURNED_WITHOUT_RECORD", world.laws().returned());
    }
    return counts;
  }
}
