package io.quorate.examples.quorate;

import io.quorate.QuorateException;
import io.quorate.Replica;
import io.quorate.Reply;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.OneJvm;
import io.quorate.examples.cli.Program;
import io.quorate.examples.kv.KvCommand;
import io.quorate.examples.kv.KvMachine;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate bench}. */
@Command(
    name = "bench",
    sortOptions = false,
    description =
        "Loads three durable replicas in this JVM and says how many commands a second they take,"
            + " and how long one takes. For a first impression of a machine; benchmarks/run"
            + " compares.")
final class BenchCommand implements Callable<Integer> {
  @Option(names = "--engine", defaultValue = "raft", description = "raft (the default) or paxos.")
  private Engines engine;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      paramLabel = "N",
      description = "How long, after as long to warm up (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--in-flight",
      defaultValue = "256",
      paramLabel = "N",
      description = "How many commands are under way at a time (${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--bytes",
      defaultValue = "1024",
      paramLabel = "N",
      description = "How long a value is (${DEFAULT-VALUE}).")
  private int bytes;

  @Mixin private Output output;

  /** The outcome; times in microseconds. */
  record Outcome(
      String engine,
      int inFlight,
      int bytes,
      double commandsPerSecond,
      long p50,
      long p99,
      long max,
      long syncP50) {
    String text() {
      return """
      %s, 3 replicas in one JVM, durable; %d in flight, values of %d bytes
      %,.0f commands a second; p50 %,d us, p99 %,d us, longest %,d us
      a bare sync of 4 KiB takes %,d us here (median)
      """
          .formatted(engine, inFlight, bytes, commandsPerSecond, p50, p99, max, syncP50);
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Program.between("--seconds", seconds, 1, 3_600);
    Program.between("--in-flight", inFlight, 1, 10_000);
    Program.between("--bytes", bytes, 0, KvCommand.VALUE_BYTES_MAX);
    Outcome outcome;
    try (OneJvm group = OneJvm.start(engine, 3, KvMachine::new)) {
      Histogram sync = SyncProbe.measure(group.directory());
      try (ProgressBar bar = output.bar("commands")) {
        load(group.leader(), bar, 0);
        outcome = outcome(load(group.leader(), bar, 0.5), sync);
      }
    }
    output.print(outcome, outcome::text);
    return Program.FINE;
  }

  private Outcome outcome(Histogram nanos, Histogram sync) {
    return new Outcome(
        engine.toString(),
        inFlight,
        bytes,
        nanos.getTotalCount() / (double) seconds,
        nanos.getValueAtPercentile(50) / 1_000,
        nanos.getValueAtPercentile(99) / 1_000,
        nanos.getMaxValue() / 1_000,
        sync.getValueAtPercentile(50) / 1_000);
  }

  /** Keeps so many commands under way for so long; the latencies of those that were answered. */
  private Histogram load(Replica leader, ProgressBar bar, double before)
      throws InterruptedException {
    Histogram nanos = new ConcurrentHistogram(3);
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    Semaphore free = new Semaphore(inFlight);
    String value = "x".repeat(bytes);
    long begin = System.nanoTime();
    long length = TimeUnit.SECONDS.toNanos(seconds);
    for (long number = 0; System.nanoTime() - begin < length && failed.get() == null; number++) {
      free.acquire();
      long start = System.nanoTime();
      byte[] command = new KvCommand.Put("key" + number % 1_000, value).encode();
      var unused =
          leader
              .propose(command)
              .whenComplete(
                  (Reply reply, @Nullable Throwable no) -> {
                    free.release();
                    if (no == null) {
                      nanos.recordValue(System.nanoTime() - start);
                    } else {
                      failed.set(no);
                    }
                  });
      if (number % 64 == 0) {
        double share = (start - begin) / (double) length;
        bar.show(before + share / 2, nanos.getTotalCount());
      }
    }
    free.acquire(inFlight);
    Throwable no = failed.get();
    if (no != null) {
      throw new QuorateException("the group gave up: " + no.getMessage(), no);
    }
    return nanos;
  }
}
