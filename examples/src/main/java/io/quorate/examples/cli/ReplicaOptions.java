package io.quorate.examples.cli;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.StateMachine;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What a process that is one replica has to be told; to be mixed in. */
public final class ReplicaOptions {
  private static final int PATIENCE_SECONDS = 3;

  @Option(
      names = "--id",
      required = true,
      paramLabel = "N",
      description = "Which member of the cluster this process is.")
  private int id;

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "ID=HOST:PORT,...",
      description = "The founding members, equal everywhere, like 1=a:7001,2=b:7001,3=c:7001.")
  private Cluster cluster;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Where this member keeps its log; one directory a member.")
  private Path data;

  @Option(
      names = "--engine",
      defaultValue = "raft",
      paramLabel = "NAME",
      description = "raft (the default) or paxos.")
  private Engines engine;

  @Option(
      names = "--attached",
      description = "Ends when standard input ends, for a parent that may die.")
  private boolean attached;

  /** Starts the replica. */
  public Replica start(StateMachine machine) {
    try {
      return Replica.of(cluster, id)
          .protocol(engine.protocol())
          .log(FileLog.at(data))
          .transport(NettyTransport.create())
          .start(machine);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Prints {@code ready} once it can serve, before that, if it takes long, what it waits for; and
   * returns when it has ended: by SIGTERM, or with {@code --attached} by the end of the input.
   *
   * @throws io.quorate.QuorateException if it has halted by itself
   */
  public int await(Replica replica) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    if (attached) {
      Thread parent = new Thread(() -> awaitEndOfInput(ended), "parent");
      parent.setDaemon(true);
      parent.start();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(replica::close, "close"));
    var unused = replica.ready().thenRun(() -> System.out.println("ready"));
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(() -> sayWhatIsMissing(replica));
    CompletableFuture.anyOf(replica.closed(), ended).join();
    return Program.FINE;
  }

  private static void sayWhatIsMissing(Replica replica) {
    if (!replica.ready().isDone()) {
      System.out.println("not ready yet: " + replica.explain().strip().replace("\n", "; "));
    }
  }

  private static void awaitEndOfInput(CompletableFuture<Void> ended) {
    try {
      while (System.in.read() >= 0) {
        // What a parent says does not matter; that it lives does.
      }
      ended.complete(null);
    } catch (IOException e) {
      ended.completeExceptionally(new UncheckedIOException(e));
    }
  }
}
