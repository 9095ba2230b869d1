package io.quorate.examples.lock;

import io.quorate.Service;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.OneJvm;
import io.quorate.examples.cli.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two workers, one lock, and a pause at the wrong moment. */
@Command(name = "lock", description = "Shows a lock whose holder sleeps past the end of its lease.")
public final class LockDemo implements Callable<Integer> {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String LOCK = "invoices";

  @Option(names = "--engine", defaultValue = "raft", description = "raft (the default) or paxos.")
  private Engines engine;

  @Option(names = "--lease", defaultValue = "500", description = "Milliseconds (500).")
  private int leaseMillis;

  /** Exits with 0 if the late write was refused. */
  public static void main(String[] args) {
    System.exit(Program.run(new LockDemo(), args));
  }

  @Override
  public Integer call() throws IOException {
    Program.between("--lease", leaseMillis, 1, 60_000);
    try (OneJvm group = OneJvm.start(engine, 3, Locks::new)) {
      return show(
          Locks.CODEC.over(group.replicas().get(0)), Locks.CODEC.over(group.replicas().get(1)));
    }
  }

  private int show(
      Service<LockCommand, Grant, String, Grant> ada,
      Service<LockCommand, Grant, String, Grant> bob) {
    FencedFile file = new FencedFile();
    Grant first = acquire(ada, "ada");
    System.out.printf("ada holds %s under token %d and falls asleep%n", LOCK, first.token());
    Grant grant = acquire(bob, "bob");
    while (!grant.holder().equals("bob")) {
      System.out.printf("bob waits: %s has %d ms left%n", grant.holder(), grant.millisLeft());
      pause(grant.millisLeft());
      grant = acquire(bob, "bob");
    }
    file.write(grant.token(), "bob's");
    System.out.printf("bob holds it under token %d and writes%n", grant.token());
    boolean late = file.write(first.token(), "ada's");
    System.out.printf(
        "ada wakes up and writes under token %d: %s; the file is %s%n",
        first.token(), late ? "accepted" : "refused", file.content());
    return late ? Program.FAILED : Program.FINE;
  }

  private Grant acquire(Service<LockCommand, Grant, String, Grant> locks, String who) {
    return locks.propose(new LockCommand.Acquire(LOCK, who, leaseMillis), SOON).join().reply();
  }

  private static void pause(long millis) {
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
        .join();
  }
}
