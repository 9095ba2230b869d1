package io.quorate.testkit;

import io.quorate.testkit.disk.SimDisk.Part;
import io.quorate.testkit.disk.SimDisk.Survival;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Does to a simulation what a {@link Fault} says, within the budget of DESIGN.md §7. */
final class Injector {
  private static final List<Survival> SURVIVALS = List.of(Survival.values());
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  private final Sim sim;
  private final Callers callers;
  private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
  private final Set<Integer> struck = new TreeSet<>();
  private final Deque<Integer> rolling = new ArrayDeque<>();
  private boolean ambush;

  Injector(Sim sim, Callers callers) {
    this.sim = sim;
    this.callers = callers;
  }

  /** How many of each kind there were. */
  Map<Fault, Integer> injected() {
    return injected;
  }

  void inject(Fault fault, SplittableRandom random) {
    boolean done =
        switch (fault.place) {
          case PROCESS -> process(fault, random);
          case NETWORK -> network(fault, random);
          case CLOCK -> clock(fault, random);
          case DISK -> disk(fault, random);
          case DAMAGE -> damage(fault, random);
          case CLIENT -> callers.crashOne(random);
        };
    if (done) {
      injected.merge(fault, 1, Integer::sum);
    }
  }

  // Processes

  private boolean process(Fault fault, SplittableRandom random) {
    int id = any(random);
    switch (fault) {
      case CRASH -> sim.crash(id, survival(random));
      case CRASH_ALL -> sim.all().forEach(each -> sim.crash(each, survival(random)));
      case LEADER -> {
        ambush = random.nextBoolean();
        List<Integer> leaders = leaders();
        leaders.forEach(leader -> strike(leader, random));
        return ambush || !leaders.isEmpty();
      }
      case SUCCESSION -> {
        return succession();
      }
      case PAUSE -> sim.pause(id, true);
      case SUSPEND -> sim.pause(id, false);
      case MOVE -> sim.move(id);
      case TRANSFER -> {
        List<Integer> leaders = leaders();
        int target = random.nextInt(3) == 0 ? 0 : id;
        leaders.forEach(leader -> sim.transfer(leader, target));
        return !leaders.isEmpty();
      }
      case CLOSE -> sim.close(random.nextBoolean() || leaders().isEmpty() ? id : leaders().get(0));
      case ROLLING_RESTART -> rolling.addAll(sim.all());
      default -> throw new AssertionError(fault);
    }
    return true;
  }

  private void strike(int leader, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      sim.crash(leader, survival(random));
    } else {
      cutOff(() -> sim.isolate(leader), random);
    }
  }

  /** Figure 8 of the Raft paper, as far as the draws before and after let it happen. */
  private boolean succession() {
    List<Integer> first = leaders();
    for (int id : first) {
      sim.isolate(id);
      callers.proposeAt(id);
    }
    sim.runFor(3 * SECOND, () -> !first.containsAll(leaders()));
    List<Integer> second = leaders();
    second.removeAll(first);
    second.forEach(sim::isolate);
    sim.runFor(3 * SECOND / 2);
    sim.heal();
    second.forEach(sim::isolate);
    sim.slowDisks(50 * MILLI);
    return !first.isEmpty() && !second.isEmpty();
  }

  /** Lets time pass; the next winner of an election may be struck before it is heard. */
  void pass(long nanos, SplittableRandom random) {
    if (!ambush) {
      sim.runFor(nanos);
      return;
    }
    List<Integer> before = leaders();
    sim.runFor(nanos, () -> !before.containsAll(leaders()));
    for (int id : leaders()) {
      if (ambush && !before.contains(id)) {
        ambush = false;
        strike(id, random);
      }
    }
  }

  private List<Integer> leaders() {
    List<Integer> leaders = new ArrayList<>(2);
    for (int id : sim.all()) {
      if (sim.isLeading(id)) {
        leaders.add(id);
      }
    }
    return leaders;
  }

  // Network and clocks

  private boolean network(Fault fault, SplittableRandom random) {
    int id = any(random);
    List<Integer> rest = sim.allBut(id);
    if (rest.isEmpty()) {
      return false;
    }
    switch (fault) {
      case ISOLATE -> cutOff(() -> sim.isolate(id), random);
      case PARTITION -> {
        List<Integer> some = new ArrayList<>(sim.all());
        some.removeIf(each -> random.nextBoolean());
        List<Integer> others = new ArrayList<>(sim.all());
        others.removeAll(some);
        cutOff(() -> sim.partition(some, others), random);
      }
      case BRIDGE -> cutOff(() -> sim.bridge(id), random);
      case ONE_WAY -> {
        boolean mute = random.nextBoolean();
        cutOff(() -> sim.oneWay(mute ? List.of(id) : rest, mute ? rest : List.of(id)), random);
      }
      case BREAK -> sim.breakOne(random.nextInt(1000));
      case RESET -> sim.reset(id, rest.get(random.nextInt(rest.size())));
      case BULK_BREAK -> {
        long nanos = random.nextBoolean() ? 0 : random.nextLong(3 * SECOND);
        sim.breakBulk(id, random.nextInt(3), nanos);
      }
      case SLOW_LINK -> {
        List<Integer> other = List.of(rest.get(random.nextInt(rest.size())));
        long nanos = random.nextLong(MILLI, 300 * MILLI);
        sim.slowLink(List.of(id), other, nanos);
        if (random.nextBoolean()) {
          sim.slowLink(other, List.of(id), nanos);
        }
      }
      case OLD_FRAME -> {
        return sim.replayOld();
      }
      case WEATHER -> sim.rough();
      case OVERTAKEN -> {
        return overtaken(random);
      }
      default -> throw new AssertionError(fault);
    }
    return true;
  }

  /** The member takes no part in the election, so that the next leader surprises it. */
  private boolean overtaken(SplittableRandom random) {
    List<Integer> first = leaders();
    if (first.size() != 1 || sim.all().size() < 5) {
      return false;
    }
    List<Integer> rest = sim.allBut(first.get(0));
    List<Integer> late = List.of(rest.remove(random.nextInt(rest.size())));
    sim.slowLink(first, late, 4 * SECOND);
    callers.proposeAt(first.get(0));
    sim.runFor(MILLI);
    sim.partition(rest, first);
    sim.partition(rest, late);
    sim.runFor(3 * SECOND, () -> !first.containsAll(leaders()));
    List<Integer> second = leaders();
    second.removeAll(first);
    sim.heal();
    second.forEach(callers::proposeAt);
    sim.runFor(3 * SECOND);
    return !second.isEmpty();
  }

  /** Half of all partitions are noticed at once. */
  private void cutOff(Runnable cut, SplittableRandom random) {
    cut.run();
    if (random.nextBoolean()) {
      sim.breakBlocked();
    }
  }

  private boolean clock(Fault fault, SplittableRandom random) {
    MemberClock clock = sim.clock(any(random));
    if (sim.hasLeases()) {
      clock.rate(0.991 + random.nextInt(20) / 1000.0); // What leases rest on.
      return fault == Fault.CLOCK_DRIFT;
    }
    switch (fault) {
      case CLOCK_DRIFT ->
          clock.rate(
              random.nextBoolean()
                  ? 0.99 + random.nextInt(3) / 100.0
                  : 0.5 + random.nextInt(150) / 100.0);
      case CLOCK_JUMP ->
          clock.jump(
              random.nextInt(4) == 0
                  ? random.nextLong(7_200 * SECOND)
                  : random.nextLong(5 * SECOND));
      default -> throw new AssertionError(fault);
    }
    return true;
  }

  // Disks

  private boolean disk(Fault fault, SplittableRandom random) {
    int id = any(random);
    if (!sim.isUp(id)) {
      return false;
    }
    MemberDisk disk = sim.disk(id);
    switch (fault) {
      case DISK_CALL -> disk.failCall(random.nextInt(1, 12));
      case DISK_SYNC -> disk.failSync();
      case DISK_POWER -> disk.cutPowerInCall(random.nextInt(1, 12), survival(random));
      case DISK_SLOW -> disk.slow(random.nextLong(MILLI, 200 * MILLI));
      case DISK_HUNG -> disk.hang();
      case DISK_FULL -> disk.fill();
      default -> throw new AssertionError(fault);
    }
    return true;
  }

  /** At least one intact copy of what is acknowledged, and a quorum of intact records, stay. */
  private boolean damage(Fault fault, SplittableRandom random) {
    int id = any(random);
    boolean within = struck.contains(id) || 2 * (struck.size() + 1) < sim.all().size();
    if (!within || sim.acknowledged() == 0) {
      return false;
    }
    MemberDisk disk = sim.disk(id);
    boolean done =
        switch (fault) {
          case FLIPPED_ENTRY -> disk.flipBit(Part.ENTRY);
          case FLIPPED_HEADER -> disk.flipBit(Part.ENTRY_HEADER);
          case FLIPPED_RECORD -> disk.flipBit(Part.SAVED_RECORD);
          case FLIPPED_SEGMENT -> disk.flipBit(Part.SEGMENT_HEADER);
          case FLIPPED_BIT -> disk.flipBit(Part.ANYWHERE);
          case FLIPPED_SNAPSHOT -> disk.flipBit(Part.SNAPSHOT);
          case MISDIRECTED_WRITE -> {
            disk.misdirectWrite();
            yield true;
          }
          case WIPE -> {
            disk.wipe();
            yield true;
          }
          case OLD_BACKUP -> !struck.contains(id) && restoreOldBackup(id);
          default -> throw new AssertionError(fault);
        };
    if (done) {
      struck.add(id);
    }
    return done;
  }

  /**
   * The first time a backup is made; later a disk is put back to its one. That is done only where
   * the member is certain to be told: it must halt before anybody counts on it. Then its disk is
   * wiped, as the error says.
   */
  /* Nobody is elected before the member has met one who remembers more: the leader has just heard
   * it, and all follow the leader; or it has led itself, and all others have heard it. This must not
   * ask the hosts what they remember, or one that forgot would never be found.
   */
  private boolean restoreOldBackup(int id) {
    MemberDisk disk = sim.disk(id);
    if (!disk.hasBackup()) {
      for (int each : sim.all()) {
        if (sim.isUp(each) && !sim.disk(each).hasFailed()) {
          sim.disk(each).backUp(); // Of all: the next draw may be of another one.
        }
      }
      return false;
    }
    List<Integer> intact = new ArrayList<>(sim.all());
    intact.removeAll(struck);
    if (!areUndisturbed(intact) || disk.durable() <= disk.backedUp()) {
      return false;
    }
    disk.restoreBackup();
    sim.restart(id);
    sim.runUntil(
        () -> disk.isFoundOld(sim.halted(id)),
        "member " + id + " has found that its disk was put back to an older state (D12)");
    disk.wipe();
    return true;
  }

  /**
   * Brings about that they work under one leader, which each of them has heard and was heard by.
   */
  private boolean areUndisturbed(List<Integer> members) {
    sim.heal();
    members.stream().filter(each -> !sim.isUp(each)).forEach(sim::restart);
    sim.runFor(5 * SECOND, () -> sim.leaderAmong(members) != 0);
    int leader = sim.leaderAmong(members);
    if (leader == 0) {
      return false;
    }
    callers.proposeAt(leader);
    sim.runFor(3 * SECOND); // More than a member that has moved is looked for elsewhere.
    return sim.leaderAmong(members) == leader && members.stream().allMatch(sim::isUp);
  }

  // Recovery

  /** What is down comes back after a while, and partitions heal, or the run would stand still. */
  void recover(SplittableRandom random) {
    if (random.nextInt(50) == 0) {
      sim.heal();
    }
    for (int id : sim.all()) {
      boolean paused = sim.isPaused(id) && random.nextInt(20) == 0;
      boolean down = !sim.isUp(id) && random.nextInt(30) == 0;
      if (paused) {
        sim.resume(id);
      } else if (down) {
        sim.restart(id);
      }
    }
    if (!rolling.isEmpty() && random.nextInt(15) == 0) {
      sim.restart(rolling.removeFirst());
    }
  }

  private int any(SplittableRandom random) {
    List<Integer> all = sim.all();
    return all.get(random.nextInt(all.size()));
  }

  private static Survival survival(SplittableRandom random) {
    return SURVIVALS.get(random.nextInt(SURVIVALS.size()));
  }
}
