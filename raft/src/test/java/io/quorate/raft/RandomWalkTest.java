package io.quorate.raft;

import io.quorate.spi.Check;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines under random loss, duplication, reordering, partitions, slow disks, crashes that forget
 * what was not durable, and broken connections. What must always hold is checked by {@link Group}
 * after every step; then all is healed and a proposal has to be committed by everybody.
 */
class RandomWalkTest {
  private static final int SEEDS = Integer.getInteger("quorate.raft.seeds", 1000);
  private static final int STEPS = 600;

  @ParameterizedTest(name = "{0} replicas")
  @ValueSource(ints = {1, 3, 5})
  @DisplayName("on a random walk nothing committed is lost")
  void nothingIsLost(int voters) {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        walk(voters, seed);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("replay: voters=" + voters + " seed=" + seed, e);
      }
    }
  }

  private static void walk(int voters, long seed) {
    Group group = new Group(voters, seed);
    Random random = new Random(seed ^ 0x5DEECE66DL);
    group.nodes.forEach(node -> node.residentTail = random.nextInt(3) == 0 ? 2 : Long.MAX_VALUE);
    boolean gentleStart = random.nextInt(4) > 0;
    group.start();
    if (gentleStart) {
      group.runUntil(() -> group.nodes.stream().anyMatch(Node::isOpen), group.now + 12 * Group.T);
    }
    for (int step = 0; step < STEPS; step++) {
      step(group, random, step);
      if (step % 50 == 0) {
        group.checkLogMatching();
      }
    }
    converge(group);
  }

  private static void step(Group group, Random random, int step) {
    Node node = group.nodes.get(random.nextInt(group.nodes.size()));
    int draw = random.nextInt(1000);
    if (draw < 450) {
      moveMessage(group, random);
    } else if (draw < 650) {
      if (node.up && node.waitingWrites() > 0) {
        node.sync(1 + random.nextInt(node.waitingWrites()));
      }
    } else if (draw < 750) {
      pass(group, random);
    } else if (draw < 850) {
      group.nodes.stream()
          .filter(Node::isOpen)
          .forEach(leader -> leader.propose("v" + step + "@" + leader));
    } else if (draw < 920) {
      if (node.up) {
        group.read(node, step);
      }
    } else if (draw < 950) {
      if (node.up && !node.fetches.isEmpty()) {
        node.answerFetch();
      }
    } else if (draw < 965) {
      fail(group, random, node);
    } else if (draw < 980) {
      if (!node.up) {
        node.restart();
      }
    } else {
      int other = 1 + random.nextInt(group.nodes.size());
      if (node.up && other != node.self.id()) {
        node.peerLost(other);
      }
    }
    group.observe();
  }

  private static void moveMessage(Group group, Random random) {
    for (int i = 0; i < 4 && !group.flights.isEmpty(); i++) {
      int place = random.nextInt(4) == 0 ? random.nextInt(group.flights.size()) : 0;
      Group.Flight flight = group.flights.remove(place);
      int fate = random.nextInt(40);
      if (fate > 0) {
        group.deliver(flight);
      }
      if (fate == 1) {
        group.flights.add(random.nextInt(group.flights.size() + 1), flight);
      }
    }
  }

  private static void pass(Group group, Random random) {
    group.now += random.nextInt(8) == 0 ? random.nextLong(Group.T) : random.nextLong(Group.T / 20);
    for (Node node : group.nodes) {
      if (node.up && node.engine.deadline() - group.now <= 0) {
        node.tick();
        group.observe();
      }
    }
  }

  private static void fail(Group group, Random random, Node node) {
    if (random.nextBoolean()) {
      if (node.up) {
        node.crash(random.nextInt(node.waitingWrites() + 1));
      }
    } else if (group.isolated.isEmpty()) {
      group.isolate(node.self.id());
    } else {
      group.heal();
    }
  }

  private static void converge(Group group) {
    group.heal();
    group.nodes.stream().filter(node -> !node.up).forEach(Node::restart);
    group.nodes.forEach(node -> node.autoDurable = true);
    group.run(2 * Group.T); // A leader that was cut off may not know yet that it is deposed.
    boolean led =
        group.runUntil(() -> group.nodes.stream().anyMatch(Node::isOpen), group.now + 10 * Group.T);
    Check.that(led, "a leader within 12 election timeouts");
    group.run(Group.T);
    Node leader = group.nodes.stream().filter(Node::isOpen).findFirst().orElseThrow();
    leader.propose("last");
    group.read(leader, -1);
    group.run(Group.T);
    Check.that(leader.readable.containsKey(-1L), "a read after healing");
    for (Node node : group.nodes) {
      Check.that(
          node.applied().contains("last") && node.commit == leader.commit,
          "all commit after healing: " + node.engine.status());
      Check.that(node.applied().equals(leader.applied()), "IR5 all apply the same");
    }
    group.checkLogMatching();
  }
}
