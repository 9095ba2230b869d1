package io.quorate.testkit;

import io.quorate.SnapshotInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One run: steps under faults, where only safety counts; then all is healed and has to work. */
/* A step draws its faults, what recovers, its calls, and then lets a slice of virtual time pass:
 * mostly a few milliseconds, so that faults fall into the middle of things, now and then an
 * election timeout. Each part of each step has a source of its own, so that one left out by a
 * Selection takes no draw from the others.
 */
final class Drive {
  private static final int STEPS_TO_LOOK = 20;
  private static final int RESTORED_STEPS = 200;
  private static final int RESTORED_ONE_IN = 8;
  private static final long MILLI = 1_000_000;
  private static final long SLICE_NANOS = 6 * MILLI;
  private static final long MEDIUM_SLICE_NANOS = 300 * MILLI;
  private static final long LONG_SLICE_NANOS = 1_500 * MILLI;

  private final Sim sim;
  private final long seed;
  private final Faults faults;
  private final Workload workload;
  private final Selection selection;
  private final Callers callers;
  private final Injector injector;
  private final Set<Fault> enabled;
  private final boolean beginsFormed;
  private int step;
  private long leaderNanos;
  private boolean isJudged;
  private List<Integer> serving = List.of();

  Drive(Sim sim, long seed, Faults faults, Workload workload, Selection selection) {
    this.sim = sim;
    this.seed = seed;
    this.faults = faults;
    this.workload = workload;
    this.selection = selection;
    SplittableRandom random = new SplittableRandom(~seed);
    sim.retryUnknown();
    callers = new Callers(sim, workload, random.split());
    injector = new Injector(sim, callers);
    enabled = faults.draw(random);
    beginsFormed = random.nextInt(5) != 0; // Most runs are not about formation.
  }

  /** All of it; and in some of the seeds a shorter one of a cluster that is restored from this. */
  void run() {
    steps();
    Drive restored = seed % RESTORED_ONE_IN == 1 ? restored() : null;
    if (restored != null) {
      restored.steps();
    }
  }

  private void steps() {
    if (beginsFormed) {
      sim.electLeader();
    }
    for (step = 0; step < selection.steps(); step++) {
      if (selection.hasFaults(step)) {
        inject(random(step, 0));
      }
      injector.recover(random(step, 1));
      if (selection.hasCalls(step)) {
        callers.work(random(step, 2));
      }
      if (step % STEPS_TO_LOOK == 0) {
        sim.all().forEach(sim::status); // Looking is what judges the order of its pointers.
      }
      SplittableRandom time = random(step, 3);
      injector.pass(time.nextLong(slice(time)), time);
    }
    heal();
  }

  private SplittableRandom random(int ofStep, int part) {
    return new SplittableRandom((seed * 1_000_003 + ofStep) * 4 + part);
  }

  private void inject(SplittableRandom random) {
    for (Fault fault : enabled) {
      if (random.nextInt(1000) < fault.perMille) {
        injector.inject(fault, random);
      }
    }
  }

  private static long slice(SplittableRandom random) {
    int choice = random.nextInt(400);
    return choice < 3 ? LONG_SLICE_NANOS : choice < 15 ? MEDIUM_SLICE_NANOS : SLICE_NANOS;
  }

  private void heal() {
    sim.heal();
    sim.keepBulk();
    sim.runFor(SLICE_NANOS); // What a disk has failed with halts its replica now.
    for (int id : sim.all()) {
      if (!sim.isUp(id) || sim.disk(id).isDamaged()) {
        sim.restart(id);
      }
    }
    serving = new ArrayList<>(sim.all());
    serving.removeIf(
        id -> sim.disk(id).isReplaced() || (sim.disk(id).isDamaged() && !sim.isUp(id)));
    long begin = sim.nanos();
    sim.awaitLeader(serving);
    leaderNanos = sim.nanos() - begin;
    callers.demandService(serving);
    sim.settle(serving);
    callers.awaitEnds();
    sim.replay();
    isJudged = callers.judge();
  }

  /** A backup is made, and what is behind it does not count in what is made of it. */
  private @Nullable Drive restored() {
    List<Integer> intact = new ArrayList<>(serving);
    intact.removeIf(id -> sim.disk(id).isDamaged());
    int member = intact.get((int) (seed % intact.size()));
    SimClient operator = sim.client();
    CompletableFuture<SnapshotInfo> backup = operator.backup(member, "backup");
    sim.runUntil(backup::isDone, "a backup is made");
    if (backup.isCompletedExceptionally()) {
      return null; // The state machine has no snapshots.
    }
    callers.demandService(List.of(member));
    Sim other = sim.restored(member, "backup", ~seed);
    int steps = Math.min(RESTORED_STEPS, selection.steps());
    return new Drive(other, ~seed, faults, new Unjudged(workload), selection.first(steps));
  }

  /** Calls that are judged by how many commands they have seen only: there were some before. */
  private record Unjudged(Workload workload) implements Workload {
    @Override
    public byte[] command(long number, RandomGenerator random) {
      return workload.command(number, random);
    }

    @Override
    public byte[] question(RandomGenerator random) {
      return workload.question(random);
    }

    @Override
    public String describe(byte[] bytes) {
      return workload.describe(bytes);
    }
  }

  /** How far it came. */
  int step() {
    return step;
  }

  Injector injector() {
    return injector;
  }

  /** Whether the history of calls was short enough to be judged. */
  boolean isJudged() {
    return isJudged;
  }

  /** How long it took after the healing until there was a leader. */
  long leaderNanos() {
    return leaderNanos;
  }
}
