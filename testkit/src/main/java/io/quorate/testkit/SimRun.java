package io.quorate.testkit;

import io.quorate.StateMachine;
import io.quorate.spi.Protocol;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A run that one seed decides: first work under faults, where only safety counts; then everything
 * is healed, and a leader has to be there within 12 election timeouts, serve, and bring all to the
 * same state.
 *
 * <pre>{@code
 * SimRun.of(Raft.protocol(), witness, 3).seed(RaftSimTest.class, 17);
 * }</pre>
 *
 * <p>A failure is a {@link SimFailure} whose message is one line that says how to replay it.
 *
 * @param <M> the engine's messages
 */
/* A step draws one action, or none, and then lets a slice of virtual time pass: mostly a few
 * milliseconds, so that faults fall into the middle of things, now and then an election timeout.
 * Each seed draws which kinds of fault it knows at all (swarm testing): what never happens together
 * with something else would else hardly happen at all.
 */
public final class SimRun<M> {
  private static final List<Survival> SURVIVALS = List.of(Survival.values());
  private static final int STEPS = 1_000;
  private static final long SLICE_NANOS = 6_000_000;
  private static final long MEDIUM_SLICE_NANOS = 300_000_000;
  private static final long DISK_NANOS = 50_000_000;
  private static final long LONG_SLICE_NANOS = 1_500_000_000;

  private final Protocol<M> protocol;
  private final Witness<M> witness;
  private final int replicas;
  private final Supplier<StateMachine> machines;
  private final int steps;

  private SimRun(
      Protocol<M> protocol,
      Witness<M> witness,
      int replicas,
      Supplier<StateMachine> machines,
      int steps) {
    this.protocol = protocol;
    this.witness = witness;
    this.replicas = replicas;
    this.machines = machines;
    this.steps = steps;
  }

  /** Runs of 1,000 steps with a state machine that counts. */
  public static <M> SimRun<M> of(Protocol<M> protocol, Witness<M> witness, int replicas) {
    return new SimRun<>(protocol, witness, replicas, Counting::new, STEPS);
  }

  /** The same with a state machine of one's own. */
  public SimRun<M> machine(Supplier<StateMachine> supplier) {
    return new SimRun<>(protocol, witness, replicas, supplier, steps);
  }

  /** The same with another number of steps. */
  public SimRun<M> steps(int number) {
    return new SimRun<>(protocol, witness, replicas, machines, number);
  }

  /**
   * Runs one seed.
   *
   * @param test named in the line that replays a failure; it has to read the system property {@code
   *     quorate.sim.seed}
   * @return what happened, as a hash, and how much of it
   */
  public Result seed(Class<?> test, long seed) {
    Drive drive = new Drive(Sim.of(protocol, witness, replicas, seed, machines), seed);
    try {
      drive.underFaults();
      drive.healed();
    } catch (RuntimeException | Error e) {
      String message =
          String.format(
              "%s seed %d (%d replicas) step %d: %s | replay: -Dtest=%s -Dquorate.sim.seed=%d",
              test.getSimpleName(),
              seed,
              replicas,
              drive.step,
              e instanceof SimFailure ? e.getMessage() : e.toString(),
              test.getSimpleName(),
              seed);
      throw new SimFailure(message.replaceAll("\\s+", " "), e);
    }
    Sim sim = drive.sim;
    return new Result(sim.traceHash(), sim.events(), sim.acknowledged(), drive.faults);
  }

  /**
   * What a run came to.
   *
   * @param traceHash equal for two runs of one seed
   * @param faults how many of each kind were injected
   */
  public record Result(long traceHash, long events, long acknowledged, Map<Fault, Integer> faults) {
    /** Copies the map, in the order of the kinds. */
    public Result {
      faults = Collections.unmodifiableMap(new EnumMap<>(faults));
    }
  }

  /** What a run may do to the replicas. */
  public enum Fault {
    /** One loses its power, or its process. */
    CRASH(12),
    /** Whoever leads is cut off or loses its power, and maybe its successor as it wins. */
    LEADER(6),
    /** A leader is cut off with a command, its successor with its first entry; then it is back. */
    SUCCESSION(2),
    /** All lose their power at once. */
    CRASH_ALL(1),
    /** One is cut off. */
    ISOLATE(5),
    /** The members fall into two parts. */
    PARTITION(4),
    /** One is not heard, or hears nothing. */
    ONE_WAY(4),
    /** A connection breaks. */
    BREAK(8),
    /** Network, disks and threads become slow or unreliable, each as likely as not. */
    WEATHER(6),
    /** A disk call fails, so the replica halts. */
    DISK(2);

    private final int perMille;

    Fault(int perMille) {
      this.perMille = perMille;
    }
  }

  private final class Drive {
    private final Sim sim;
    private final SplittableRandom random;
    private final EnumMap<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Set<Fault> enabled = EnumSet.noneOf(Fault.class);
    private int step;
    private int commands;
    private boolean ambush;

    Drive(Sim sim, long seed) {
      this.sim = sim;
      random = new SplittableRandom(~seed);
      for (Fault fault : Fault.values()) {
        faults.put(fault, 0);
        if (random.nextInt(4) != 0) {
          enabled.add(fault);
        }
      }
    }

    void underFaults() {
      if (random.nextInt(5) != 0) {
        sim.electLeader(); // Most runs are not about formation.
      }
      for (step = 0; step < steps; step++) {
        for (Fault fault : Fault.values()) {
          if (random.nextInt(1000) < fault.perMille && enabled.contains(fault)) {
            faults.merge(fault, 1, Integer::sum);
            inject(fault);
          }
        }
        recover();
        work();
        pass(random.nextLong(slice()));
      }
    }

    private long slice() {
      int choice = random.nextInt(400);
      return choice < 3 ? LONG_SLICE_NANOS : choice < 15 ? MEDIUM_SLICE_NANOS : SLICE_NANOS;
    }

    /** Lets time pass; the next winner of an election may be struck before it is heard. */
    private void pass(long nanos) {
      if (!ambush) {
        sim.runFor(nanos);
        return;
      }
      List<Integer> before = leaders();
      sim.runFor(nanos, () -> !before.containsAll(leaders()));
      for (int id : leaders()) {
        if (ambush && !before.contains(id)) {
          ambush = false;
          strike(id);
        }
      }
    }

    private List<Integer> leaders() {
      List<Integer> leaders = new ArrayList<>(sim.all());
      leaders.removeIf(id -> !sim.isLeading(id));
      return leaders;
    }

    private void strike(int leader) {
      if (random.nextInt(3) == 0) {
        sim.crash(leader, anySurvival());
      } else {
        cutOff(() -> sim.isolate(leader));
      }
    }

    private void inject(Fault fault) {
      int id = anyMember();
      switch (fault) {
        case CRASH -> sim.crash(id, anySurvival());
        case LEADER -> {
          ambush = random.nextBoolean();
          leaders().forEach(this::strike);
        }
        case SUCCESSION -> succession();
        case CRASH_ALL -> sim.all().forEach(each -> sim.crash(each, anySurvival()));
        case ISOLATE -> cutOff(() -> sim.isolate(id));
        case PARTITION -> {
          List<Integer> some = new ArrayList<>(sim.all());
          some.removeIf(each -> random.nextBoolean());
          List<Integer> others = new ArrayList<>(sim.all());
          others.removeAll(some);
          cutOff(() -> sim.partition(some, others));
        }
        case ONE_WAY -> {
          List<Integer> rest = sim.allBut(id);
          boolean mute = random.nextBoolean();
          cutOff(() -> sim.oneWay(mute ? List.of(id) : rest, mute ? rest : List.of(id)));
        }
        case BREAK -> sim.network().breakOne(random.nextInt(1000));
        case WEATHER -> sim.weather().rough();
        case DISK -> {
          if (sim.isUp(id)) {
            sim.failDiskCall(id, random.nextInt(1, 12));
          }
        }
      }
    }

    /** Figure 8 of the Raft paper, as far as the draws before and after let it happen. */
    private void succession() {
      List<Integer> first = leaders();
      for (int id : first) {
        sim.isolate(id);
        sim.propose(id, "c" + ++commands);
      }
      sim.runFor(2 * LONG_SLICE_NANOS, () -> !first.containsAll(leaders()));
      List<Integer> second = leaders();
      second.removeAll(first);
      second.forEach(sim::isolate);
      sim.runFor(LONG_SLICE_NANOS);
      sim.heal();
      second.forEach(sim::isolate);
      sim.slowDisks(DISK_NANOS);
    }

    /** Half of all partitions are noticed at once. */
    private void cutOff(Runnable cut) {
      cut.run();
      if (random.nextBoolean()) {
        sim.breakBlocked();
      }
    }

    /** What is down comes back after a while, and partitions heal, or the run would stand still. */
    private void recover() {
      if (random.nextInt(50) == 0) {
        sim.heal();
      }
      for (int id : sim.all()) {
        if (!sim.isUp(id) && random.nextInt(30) == 0) {
          sim.restart(id);
        }
      }
    }

    private void work() {
      int choice = random.nextInt(100);
      if (choice < 35) {
        sim.propose(anyMember(), "c" + ++commands);
      } else if (choice < 38) {
        int id = anyMember();
        for (int i = random.nextInt(20); i >= 0; i--) {
          sim.propose(id, "c" + ++commands);
        }
      } else if (choice < 50) {
        sim.read(anyMember());
      }
    }

    private int anyMember() {
      return 1 + random.nextInt(replicas);
    }

    private Survival anySurvival() {
      return SURVIVALS.get(random.nextInt(SURVIVALS.size()));
    }

    void healed() {
      sim.heal();
      sim.runFor(SLICE_NANOS); // What a disk has failed with halts its replica now.
      for (int id : sim.all()) {
        if (!sim.isUp(id)) {
          sim.restart(id);
        }
      }
      sim.electLeader();
      for (int id : sim.all()) {
        sim.propose(id, "last " + id).awaitCommitted();
        sim.read(id).awaitCommitted();
      }
      sim.settle();
    }
  }
}
