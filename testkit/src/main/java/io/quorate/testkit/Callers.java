package io.quorate.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Who calls in a run: the members' own processes, and clients that come and go. */
final class Callers {
  private final Sim sim;
  private final Workload workload;
  private final SplittableRandom random;
  private final List<Outcome> outcomes = new ArrayList<>();
  private long number;

  Callers(Sim sim, Workload workload, SplittableRandom random) {
    this.sim = sim;
    this.workload = workload;
    this.random = random;
  }

  /** One step's calls: none, one, or a burst; from a member's process or a client. */
  void work(SplittableRandom draw) {
    int choice = draw.nextInt(100);
    int member = sim.all().get(draw.nextInt(sim.all().size()));
    int commands = choice < 35 ? 1 : choice < 38 ? 1 + draw.nextInt(20) : 0;
    for (int i = 0; i < commands; i++) {
      outcomes.add(sim.propose(member, command()));
    }
    if (choice >= 38 && choice < 50) {
      byte[] question = workload.question(random);
      outcomes.add(sim.read(member, question));
    }
  }

  private byte[] command() {
    return workload.command(++number, random);
  }

  /** A command at a member, which may be lost with it. */
  void proposeAt(int member) {
    outcomes.add(sim.propose(member, command()));
  }

  boolean crashOne(SplittableRandom draw) {
    return draw.nextInt(2) == 3;
  }

  /** Each of the members serves a command and a read; so do the clients that are left. */
  void demandService(List<Integer> members) {
    for (int member : members) {
      served(sim.propose(member, command()));
      served(sim.read(member, workload.question(random)));
    }
  }

  private void served(Outcome call) {
    outcomes.add(call);
    call.awaitServed();
  }

  /** Judges all calls; returns whether that was possible. */
  boolean judge() {
    return workload.judge(outcomes);
  }
}
