package io.quorate.benchmarks;

import io.quorate.Command;
import io.quorate.ReadMode;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.paxos.MultiPaxos;
import io.quorate.raft.Raft;
import io.quorate.spi.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads of three replicas in one JVM, 256 on their way: confirmed by the leader, asked at it and at
 * a follower, and by a lease. Contestants in turn, both engines; prints a Markdown table with
 * medians. {@code benchmarks/run reads [rounds]}.
 */
public final class ReadReport {
  private static final int INFLIGHT = 256;
  private static final int QUESTION_BYTES = 16;
  private static final int ROUNDS = 3;
  private static final int WARMUP_SECONDS = 2;
  private static final int SECONDS = 4;
  private static final long LEASE_MILLIS = 1_000;
  private static final double FOLLOWER_CPU_MAX = 0.1;

  private final int rounds;
  private final Map<String, Way> ways = new LinkedHashMap<>();

  /** A way to read, and what its runs have found. */
  private record Way(List<Measurement> runs, List<Double> leaderMicros) {
    Way() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    /** CPU time of the leader's own threads for one read, the median. */
    double leaderCpu() {
      return leaderMicros.stream().sorted().toList().get(leaderMicros.size() / 2);
    }
  }

  private ReadReport(int rounds) {
    this.rounds = rounds;
  }

  /** Its logs are in the directory for temporary files. */
  public static void main(String[] args) throws IOException {
    new ReadReport(args.length > 0 ? Integer.parseInt(args[0]) : ROUNDS).measure();
  }

  private void measure() throws IOException {
    for (int round = 0; round <= rounds; round++) { // The first one warms up.
      run("raft", Raft.protocol(), round > 0);
      run("paxos", MultiPaxos.protocol(), round > 0);
    }
    report("raft");
    report("paxos");
  }

  private void run(String engine, Protocol<?> protocol, boolean counts) throws IOException {
    Path directory = Files.createTempDirectory("quorate-reads");
    try (Trio trio =
        Trio.start(
            protocol, directory, Answering::new, options -> options.leaseMillis = LEASE_MILLIS)) {
      Replica leader = trio.awaitLeader();
      int member = leader.status().member();
      LeaderCpu cpu = new LeaderCpu(member);
      Replica follower = trio.replica(member == 1 ? 2 : 1);
      run(engine + ", confirmed, at the leader", leader, ReadMode.LINEARIZABLE, cpu, counts);
      run(engine + ", confirmed, at a follower", follower, ReadMode.LINEARIZABLE, cpu, counts);
      run(engine + ", by a lease, at the leader", leader, ReadMode.LEASE, cpu, counts);
      if (!Trio.leads(leader)) {
        throw new IllegalStateException("the leader changed during the run: nothing to compare");
      }
    } finally {
      Directories.delete(directory);
    }
  }

  private void run(String name, Replica at, ReadMode mode, LeaderCpu cpu, boolean counts) {
    Reading reading = new Reading(at, mode);
    LoadGenerator.run(reading, INFLIGHT, QUESTION_BYTES, WARMUP_SECONDS, 1);
    long before = cpu.nanos();
    Measurement measured = LoadGenerator.run(reading, INFLIGHT, QUESTION_BYTES, 0, SECONDS);
    double micros = (cpu.nanos() - before) / 1e3 / measured.operations();
    if (counts) {
      Way way = ways.computeIfAbsent(name, any -> new Way());
      way.runs.add(measured);
      way.leaderMicros.add(micros);
      System.err.printf(Locale.ROOT, "%s: %,.0f reads/s%n", name, measured.operationsPerSecond());
    }
  }

  private void report(String engine) {
    System.out.println(
        "| "
            + engine
            + " | reads/s | p50 µs | p99 µs | CPU µs/read | of it the leader's threads |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    String prefix = engine + ", ";
    ways.forEach(
        (name, way) -> {
          if (name.startsWith(prefix)) {
            System.out.println(row(name.substring(prefix.length()), way));
          }
        });
    double ratio =
        way(engine, "confirmed, at a follower").leaderCpu()
            / way(engine, "confirmed, at the leader").leaderCpu();
    System.out.printf(
        Locale.ROOT,
        "%n- %s: a confirmed read at a follower costs the leader %.3f of the CPU of one at the"
            + " leader; at most %.1f is wanted.%n%n",
        ratio <= FOLLOWER_CPU_MAX ? "met" : "MISSED",
        ratio,
        FOLLOWER_CPU_MAX);
  }

  private Way way(String engine, String name) {
    return ways.getOrDefault(engine + ", " + name, new Way());
  }

  private static String row(String name, Way way) {
    Spread rate = Spread.of(way.runs, Measurement::operationsPerSecond);
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f (%,.0f–%,.0f) | %,.1f | %,.1f | %.2f | %.3f |",
        name,
        rate.median(),
        rate.min(),
        rate.max(),
        Spread.of(way.runs, Measurement::p50Micros).median(),
        Spread.of(way.runs, Measurement::p99Micros).median(),
        Spread.of(way.runs, Measurement::cpuMicrosPerOperation).median(),
        way.leaderCpu());
  }

  /** Asks one replica in one way. */
  private record Reading(Replica replica, ReadMode mode) implements Contestant {
    @Override
    public void submit(byte[] question, Done done) {
      var unused = replica.query(question, mode).whenComplete(done);
    }

    @Override
    public boolean undisturbed() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Answers each question with itself, on any thread. */
  private static final class Answering implements StateMachine {
    @Override
    public byte[] apply(Command command) {
      return command.bytes();
    }

    @Override
    public byte[] query(byte[] question) {
      return question;
    }

    @Override
    public boolean answersConcurrently() {
      return true;
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }
}
