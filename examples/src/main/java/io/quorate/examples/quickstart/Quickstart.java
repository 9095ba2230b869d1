package io.quorate.examples.quickstart;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.Temporary;
import io.quorate.examples.kv.KvDigest;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The main job of this project, for a person to watch: three replica processes, real input, the
 * leader killed under load and restarted, and a check of every acknowledgement.
 */
@Command(
    name = "quickstart",
    sortOptions = false,
    description =
        "Starts three replica processes, loads real input, kills the leader with SIGKILL under"
            + " load, restarts it, and checks that nothing acknowledged was lost or applied twice.",
    footer = {
      "Exits with 0 if nothing was lost or duplicated and the replicas agree, 1 if not, 2 for"
          + " wrong",
      "arguments or input. If 1, what the replicas wrote is left in the working directory."
    })
public final class Quickstart implements Callable<Integer> {
  private static final int MEMBERS = 3;

  @Mixin private Options options;

  /** Exits with 0 only if nothing acknowledged was lost or duplicated and the replicas agree. */
  public static void main(String[] args) {
    System.exit(Program.run(new Quickstart(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.check();
    Input input = options.input();
    Ports ports = Ports.find(options.basePort());
    Path keep = options.keep();
    Path work =
        keep == null
            ? Files.createTempDirectory("quorate-quickstart-")
            : Files.createDirectories(keep);
    boolean fine = false;
    try {
      fine = run(options, input, ports, work.toAbsolutePath());
    } finally {
      if (keep != null || !fine) {
        System.out.println("logs and output are left in " + work);
      } else {
        new Temporary(work).close();
      }
    }
    return fine ? Program.FINE : Program.FAILED;
  }

  private static boolean run(Options options, Input input, Ports ports, Path work)
      throws IOException, InterruptedException {
    Cluster cluster = ports.cluster();
    List<ReplicaProcess> replicas = new ArrayList<>();
    for (int member : cluster.members()) {
      replicas.add(
          new ReplicaProcess(member, cluster, ports.linePort(member), options.engine(), work));
    }
    Thread hook = new Thread(() -> killAll(replicas), "kill-children");
    Runtime.getRuntime().addShutdownHook(hook);
    boolean fine = false;
    try (Client client = Client.connect(cluster, NettyTransport.create(), Duration.ofSeconds(30))) {
      fine = rounds(options, input, replicas, client);
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      System.err.println("quickstart: " + cause.getMessage());
    } finally {
      if (!fine) {
        printFindings(replicas);
      }
      for (ReplicaProcess replica : replicas) {
        replica.close();
      }
    }
    return fine;
  }

  private static boolean rounds(
      Options options, Input input, List<ReplicaProcess> replicas, Client client)
      throws IOException, InterruptedException {
    start(input, replicas, client);
    List<Load> loads = new ArrayList<>();
    boolean agree = true;
    for (int number = 1; number <= options.rounds() && agree; number++) {
      Load load = new Load(client, input, number);
      loads.add(load);
      new Round(number, load, replicas, client, options.killAll()).run();
      Audit audit = Audit.of(load, client);
      System.out.printf("  read back: %d lost, %d duplicated%n", audit.lost(), audit.duplicated());
      agree = agree(Audit.digests(client, members(replicas)));
      if (!audit.isFine()) {
        break;
      }
    }
    return sum(loads, client, agree);
  }

  private static void start(Input input, List<ReplicaProcess> replicas, Client client)
      throws IOException, InterruptedException {
    long started = System.nanoTime();
    for (ReplicaProcess replica : replicas) {
      replica.start();
      System.out.printf("replica %d: pid %d%n", replica.member(), replica.pid());
    }
    ReplicaProcess leader = Round.awaitLeader(replicas, client);
    System.out.printf(
        "replica %d leads after %.1f s; loading %d lines of %s, %d writes in flight%n",
        leader.member(),
        (System.nanoTime() - started) / 1e9,
        input.lines().size(),
        input.name(),
        Load.IN_FLIGHT);
  }

  /** Reads all rounds back once more: a later kill must not have hurt an earlier round. */
  private static boolean sum(List<Load> loads, Client client, boolean agree) {
    Audit sum = new Audit(0, 0);
    long acknowledged = 0;
    int unknown = 0;
    for (Load load : loads) {
      sum = sum.plus(Audit.of(load, client));
      acknowledged += load.acknowledgements();
      unknown += load.unknowns();
    }
    System.out.printf(
        "%d acknowledged, %d lost, %d duplicated%s; digests %s%n",
        acknowledged,
        sum.lost(),
        sum.duplicated(),
        unknown == 0 ? "" : ", " + unknown + " of unknown outcome",
        agree ? "equal" : "DIFFER");
    return agree && sum.isFine();
  }

  private static List<Integer> members(List<ReplicaProcess> replicas) {
    return replicas.stream().map(ReplicaProcess::member).toList();
  }

  private static boolean agree(Map<Integer, KvDigest> digests) {
    digests.forEach((member, digest) -> System.out.printf("  replica %d: %s%n", member, digest));
    return digests.size() == MEMBERS && new HashSet<>(digests.values()).size() == 1;
  }

  private static void killAll(List<ReplicaProcess> replicas) {
    for (ReplicaProcess replica : replicas) {
      if (replica.isAlive()) {
        replica.kill();
      }
    }
  }

  private static void printFindings(List<ReplicaProcess> replicas) throws IOException {
    for (ReplicaProcess replica : replicas) {
      if (replica.isAlive()) {
        System.err.println("replica " + replica.member() + " says: " + replica.ask("status"));
        System.err.println("  " + replica.ask("explain"));
      }
      System.err.println("replica " + replica.member() + " printed last:");
      replica.lastLines(15).forEach(line -> System.err.println("  " + line));
    }
  }
}
