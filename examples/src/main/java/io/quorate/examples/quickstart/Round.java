package io.quorate.examples.quickstart;

import io.quorate.Client;
import io.quorate.QuorateException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One round: load, kill in the middle, go on, restart, finish.
 *
 * <p>How many acknowledgements a round has is fixed at the kill, as twice those so far: so the kill
 * lies in the middle of them, whatever the machine's speed, and every line is loaded at least once.
 * The killed replica is started again at three quarters, under load; when all are killed, at once.
 */
final class Round {
  private static final long HALF_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final long WHOLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(40);

  private final int number;
  private final Load load;
  private final List<ReplicaProcess> replicas;
  private final Client client;
  private final boolean killAll;
  private long progressNanos;
  private int progressCount;

  Round(int number, Load load, List<ReplicaProcess> replicas, Client client, boolean killAll) {
    this.number = number;
    this.load = load;
    this.replicas = replicas;
    this.client = client;
    this.killAll = killAll;
  }

  void run() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    progressNanos = begin;
    System.out.printf("round %d%n", number);
    int half = (load.lines() + 1) / 2;
    loadWhile(() -> load.acknowledgements() < half || !isOver(begin + HALF_NANOS));
    List<ReplicaProcess> victims = killAll ? replicas : List.of(awaitLeader(replicas, client));
    int killedAt = load.acknowledgements();
    load.listen();
    long killNanos = System.nanoTime();
    kill(victims);
    if (!killAll) {
      loadWhile(() -> load.acknowledgements() < killedAt + killedAt / 2);
    }
    long resumedNanos = load.silenceEndNanos();
    for (ReplicaProcess victim : victims) {
      victim.start();
      System.out.printf("  started replica %d again: pid %d%n", victim.member(), victim.pid());
    }
    loadWhile(() -> load.acknowledgements() < 2 * killedAt);
    // A fast second half goes on for the length of the round; then the kill came at 42 % or more.
    int most = killedAt * 12 / 5;
    loadWhile(() -> load.acknowledgements() < most && !isOver(begin + WHOLE_NANOS));
    load.drain();
    if (killAll) {
      resumedNanos = load.silenceEndNanos();
    }
    report(killedAt, resumedNanos - killNanos, System.nanoTime() - begin);
  }

  private void report(int killedAt, long outageNanos, long wholeNanos) throws InterruptedException {
    ReplicaProcess leader = awaitLeader(replicas, client);
    int count = load.acknowledgements();
    System.out.printf(
        "  replica %d leads; acknowledging again %.0f ms after the kill, which came at %.0f %%%n",
        leader.member(), outageNanos / 1e6, 100.0 * killedAt / count);
    System.out.printf(
        "  %d acknowledged in %.1f s, %.0f/s with the outage in it%n",
        count, wholeNanos / 1e9, count / (wholeNanos / 1e9));
  }

  private void kill(List<ReplicaProcess> victims) throws InterruptedException {
    victims.forEach(ReplicaProcess::kill);
    for (ReplicaProcess victim : victims) {
      victim.awaitEnd();
      System.out.printf(
          "  killed replica %d%s with SIGKILL%n", victim.member(), killAll ? "" : ", the leader,");
    }
  }

  private static boolean isOver(long nanos) {
    return System.nanoTime() - nanos >= 0;
  }

  private void loadWhile(BooleanSupplier more) throws InterruptedException {
    int last = load.acknowledgements();
    long lastNanos = System.nanoTime();
    while (more.getAsBoolean()) {
      int acknowledged = load.acknowledgements();
      long now = System.nanoTime();
      Throwable failure = load.failure();
      if (failure != null) {
        throw new QuorateException("a write failed: " + failure.getMessage(), failure);
      }
      if (acknowledged > last) {
        last = acknowledged;
        lastNanos = now;
      } else if (now - lastNanos > STUCK_NANOS) {
        throw new QuorateException(
            "no acknowledgement for 40 s; the replicas' output below says why");
      }
      progress(acknowledged, now);
      load.step();
    }
  }

  private void progress(int acknowledged, long now) {
    if (now - progressNanos >= PROGRESS_NANOS) {
      double seconds = (now - progressNanos) / 1e9;
      System.out.printf(
          "  %7d acknowledged, %6.0f/s%n", acknowledged, (acknowledged - progressCount) / seconds);
      progressNanos = now;
      progressCount = acknowledged;
    }
  }

  /** Waits until a replica says that it leads. */
  static ReplicaProcess awaitLeader(List<ReplicaProcess> replicas, Client client)
      throws InterruptedException {
    long deadline = System.nanoTime() + STUCK_NANOS;
    while (System.nanoTime() < deadline) {
      int likely = client.leader();
      for (ReplicaProcess replica : replicas) {
        if (replica.member() == likely && replica.leads()) {
          return replica;
        }
      }
      for (ReplicaProcess replica : replicas) {
        if (replica.leads()) {
          return replica;
        }
      }
      checkAlive(replicas);
      Thread.sleep(50);
    }
    throw new QuorateException("no leader within 40 s; the replicas' output below says why");
  }

  private static void checkAlive(List<ReplicaProcess> replicas) {
    for (ReplicaProcess replica : replicas) {
      if (!replica.isAlive()) {
        throw new QuorateException(
            "replica " + replica.member() + " ended by itself; its output below says why");
      }
    }
  }
}
