package io.quorate.testkit;

import io.quorate.OverloadedException;
import io.quorate.ReadMode;
import io.quorate.SessionExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who calls in a run: the members' own processes, and clients that come and go. */
final class Callers {
  private static final int CLIENTS = 2;
  private static final int AGE_MILLIS_MAX = 2_000;

  private final Sim sim;
  private final Workload workload;
  private final SplittableRandom random;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Outcome> ofLimitedAge = new ArrayList<>(); // No part of the history.
  private final @Nullable SimClient[] clients = new SimClient[CLIENTS];
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
    SimClient client = draw.nextInt(4) == 0 ? client(draw.nextInt(CLIENTS)) : null;
    int commands = choice < 20 ? 1 : choice < 22 ? 1 + draw.nextInt(20) : 0;
    for (int i = 0; i < commands; i++) {
      outcomes.add(client == null ? sim.propose(member, command()) : client.propose(command()));
    }
    if (choice >= 85 && choice < 90) {
      Duration age = Duration.ofMillis(draw.nextInt(AGE_MILLIS_MAX));
      ofLimitedAge.add(client == null ? sim.readStale(member, age) : client.readStale(member, age));
    }
    if (choice >= 90) {
      byte[] question = workload.question(random);
      ReadMode mode = mode(draw);
      outcomes.add(client == null ? sim.read(member, question, mode) : client.read(question, mode));
    }
  }

  private ReadMode mode(SplittableRandom draw) {
    int choice = draw.nextInt(4);
    if (choice == 0) {
      return ReadMode.QUORUM;
    }
    return sim.hasLeases() && choice < 3 ? ReadMode.LEASE : ReadMode.LINEARIZABLE;
  }

  private byte[] command() {
    return workload.command(++number, random);
  }

  private SimClient client(int place) {
    SimClient client = clients[place];
    if (client == null) {
      client = sim.client();
      clients[place] = client;
    }
    return client;
  }

  /** A command at a member, which may be lost with it. */
  void proposeAt(int member) {
    outcomes.add(sim.propose(member, command()));
  }

  /** Whether there was a client to crash. */
  boolean crashOne(SplittableRandom draw) {
    int place = draw.nextInt(CLIENTS);
    SimClient client = clients[place];
    if (client == null) {
      return false;
    }
    client.crash();
    clients[place] = null;
    return true;
  }

  /** Each of the members serves a command and a read; so do the clients that are left. */
  void demandService(List<Integer> members) {
    for (int member : members) {
      served(() -> sim.propose(member, command()));
      served(() -> sim.read(member, workload.question(random)));
    }
    for (int place = 0; place < CLIENTS; place++) {
      if (clients[place] != null && !isExpired(client(place))) {
        SimClient client = client(place);
        served(() -> client.propose(command()));
      }
    }
  }

  /** A clock that leapt may have ended a session: then its client is of no more use, as it says. */
  private boolean isExpired(SimClient client) {
    Outcome call = client.propose(command());
    outcomes.add(call);
    if (call.awaitEnd() instanceof SessionExpiredException) {
      return sim.happened(WorldFault.CLOCK_JUMPED) > 0;
    }
    call.awaitServed();
    return false;
  }

  /** IC11: every call has an end, be it a bad one. */
  void awaitEnds() {
    outcomes.forEach(Outcome::awaitEnd);
    ofLimitedAge.forEach(Outcome::awaitEnd);
  }

  private void served(Supplier<Outcome> call) {
    Outcome outcome = call.get();
    outcomes.add(outcome);
    if (outcome.awaitEnd() instanceof OverloadedException) {
      // Its disk was full, and it looks for room now and then; or others' were, and the word that
      // they have room was lost: then their silence tells, within two election timeouts.
      sim.runFor(3 * Sim.ELECTION_TIMEOUT_NANOS);
      outcome = call.get();
      outcomes.add(outcome);
    }
    outcome.awaitServed();
  }

  /** Judges all calls; returns whether that was possible. */
  boolean judge() {
    return workload.judge(outcomes);
  }
}
