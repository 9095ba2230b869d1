package io.quorate.testkit.engine;

import io.quorate.spi.Check;
import io.quorate.spi.Entry;
import java.util.Random;

/**
 * Engines under random loss, duplication, reordering, partitions, slow disks, crashes that forget
 * what was not durable, damage on the disk of one of them, and broken connections. What must always
 * hold is checked by the group after every step; then all is healed and a proposal has to be
 * committed by everybody.
 */
public final class RandomWalk<M, R extends EngineReplica<M>> {
  private static final int STEPS = 600;

  private final EngineGroup<M, R> group;
  private final Random random;
  private final int victim;

  private RandomWalk(EngineGroup<M, R> group, long seed) {
    this.group = group;
    random = new Random(seed ^ 0x5DEECE66DL);
    int voters = group.replicas().size();
    victim = voters > 2 && seed % 2 == 0 ? 1 + (int) (seed / 2 % voters) : 0;
  }

  /** Takes a group that was not started through all of it; the seed decides what happens. */
  public static <M, R extends EngineReplica<M>> void walk(EngineGroup<M, R> group, long seed) {
    RandomWalk<M, R> walk = new RandomWalk<>(group, seed);
    walk.begin();
    for (int step = 0; step < STEPS; step++) {
      walk.step(step);
      if (step % 50 == 0) {
        group.compareLogs();
      }
    }
    walk.converge();
  }

  private void begin() {
    group
        .replicas()
        .forEach(replica -> replica.keepResident(random.nextInt(3) == 0 ? 2 : Long.MAX_VALUE));
    boolean gentleStart = random.nextInt(4) > 0;
    group.start();
    if (gentleStart) {
      group.runUntil(group::isOpen, group.now() + 12 * EngineGroup.T);
    }
  }

  private void step(int step) {
    R replica = group.replicas().get(random.nextInt(group.replicas().size()));
    int draw = random.nextInt(1000);
    if (draw < 450) {
      moveMessages();
    } else if (draw < 650) {
      if (replica.isUp() && replica.waitingWrites() > 0) {
        replica.sync(1 + random.nextInt(replica.waitingWrites()));
      }
    } else if (draw < 750) {
      pass();
    } else if (draw < 850) {
      group.replicas().stream()
          .filter(EngineReplica::isOpen)
          .forEach(leader -> leader.propose("v" + step + "@" + leader));
    } else if (draw < 920) {
      if (replica.isUp()) {
        group.read(replica, step);
      }
    } else if (draw < 950) {
      if (replica.isUp() && replica.isFetching()) {
        replica.answerFetch();
      }
    } else if (draw < 965) {
      fail(replica);
    } else if (draw < 980) {
      if (!replica.isUp()) {
        replica.restart();
      }
    } else if (draw < 985) {
      int target = random.nextInt(group.replicas().size() + 1);
      group.replicas().stream()
          .filter(EngineReplica::isOpen)
          .forEach(leader -> leader.transfer(target));
    } else {
      int other = 1 + random.nextInt(group.replicas().size());
      if (replica.isUp() && other != replica.self().id()) {
        replica.peerLost(other);
      }
    }
    group.observe();
  }

  private void moveMessages() {
    for (int i = 0; i < 4 && !group.flights().isEmpty(); i++) {
      int place = random.nextInt(4) == 0 ? random.nextInt(group.flights().size()) : 0;
      EngineGroup.Flight<M> flight = group.flights().remove(place);
      int fate = random.nextInt(40);
      if (fate > 0) {
        group.deliver(flight);
      }
      if (fate == 1) {
        group.flights().add(random.nextInt(group.flights().size() + 1), flight);
      }
    }
  }

  private void pass() {
    group.pass(
        random.nextInt(8) == 0
            ? random.nextLong(EngineGroup.T)
            : random.nextLong(EngineGroup.T / 20));
    group.tickDue();
  }

  private void fail(R replica) {
    if (random.nextBoolean()) {
      if (replica.isUp()) {
        replica.crash(random.nextInt(replica.waitingWrites() + 1));
      }
      if (replica.self().id() == victim && isFormed()) {
        damage(replica);
      }
    } else if (group.isPartitioned()) {
      group.heal();
    } else {
      group.isolate(replica.self().id());
    }
  }

  /** Whether all know that they are founded: a group that is not needs the votes of all. */
  private boolean isFormed() {
    return group.committedEntries().stream().anyMatch(entry -> entry.kind() == Entry.Kind.BATCH);
  }

  /** Of a minority, so that each entry has an intact copy, and most know what they have voted. */
  private void damage(R replica) {
    int draw = random.nextInt(3);
    if (draw == 0 && replica.savedDurably().length > 0) {
      replica.loseRecord();
    } else if (draw == 1 && !replica.disk().durable().isEmpty()) {
      replica.disk().spoilAt(random.nextInt(replica.disk().durable().size()));
    }
  }

  private void converge() {
    group.heal();
    group.replicas().stream().filter(replica -> !replica.isUp()).forEach(EngineReplica::restart);
    group.replicas().forEach(replica -> replica.instantDisk(true));
    group.run(2 * EngineGroup.T); // A leader that was cut off may not know yet that it is deposed.
    boolean led = group.runUntil(group::isOpen, group.now() + 10 * EngineGroup.T);
    Check.that(led, "a leader within 12 election timeouts");
    group.run(EngineGroup.T);
    R leader = group.replicas().stream().filter(EngineReplica::isOpen).findFirst().orElseThrow();
    leader.propose("last");
    group.read(leader, -1);
    group.run(EngineGroup.T);
    Check.that(leader.readable().containsKey(-1L), "a read after healing");
    for (R replica : group.replicas()) {
      Check.that(
          replica.applied().contains("last") && replica.commit() == leader.commit(),
          "all commit after healing: " + replica.engine().status());
      Check.that(replica.applied().equals(leader.applied()), "IR5 all apply the same");
    }
    group.compareLogs();
  }
}
