package io.quorate.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** One run: steps under faults, where only safety counts; then all is healed and has to work. */
/* A step draws its faults, what recovers, its calls, and then lets a slice of virtual time pass:
 * mostly a few milliseconds, so that faults fall into the middle of things, now and then an
 * election timeout. Each part of each step has a source of its own, so that one left out by a
 * Selection takes no draw from the others.
 */
final class Drive {
  private static final int STEPS_TO_LOOK = 20;
  private static final long MILLI = 1_000_000;
  private static final long SLICE_NANOS = 6 * MILLI;
  private static final long MEDIUM_SLICE_NANOS = 300 * MILLI;
  private static final long LONG_SLICE_NANOS = 1_500 * MILLI;

  private final Sim sim;
  private final long seed;
  private final Selection selection;
  private final Callers callers;
  private final Injector injector;
  private final Set<Fault> enabled;
  private final boolean beginsFormed;
  private int step;
  private long leaderNanos;
  private boolean isJudged;

  Drive(Sim sim, long seed, Faults faults, Workload workload, Selection selection) {
    this.sim = sim;
    this.seed = seed;
    this.selection = selection;
    SplittableRandom random = new SplittableRandom(~seed);
    sim.retryUnknown();
    callers = new Callers(sim, workload, random.split());
    injector = new Injector(sim, callers);
    enabled = faults.draw(random);
    beginsFormed = random.nextInt(5) != 0; // Most runs are not about formation.
  }

  void run() {
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
    sim.runFor(SLICE_NANOS); // What a disk has failed with halts its replica now.
    for (int id : sim.all()) {
      if (!sim.isUp(id) || sim.disk(id).isDamaged()) {
        sim.restart(id);
      }
    }
    List<Integer> serving = new ArrayList<>(sim.all());
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
