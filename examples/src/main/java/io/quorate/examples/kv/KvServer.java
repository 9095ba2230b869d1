package io.quorate.examples.kv;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One replica of the map as a process, with a line protocol for people on a second port. */
@Command(
    name = "kv-server",
    sortOptions = false,
    description = "One replica of the map as a process, with a line protocol for people.")
public final class KvServer implements Callable<Integer> {
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
      names = "--port",
      defaultValue = "0",
      paramLabel = "N",
      description = "Port of the line protocol, on the loopback address; a free one by default.")
  private int port;

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

  /** Runs until it is ended: by SIGTERM, or with {@code --attached} by the end of its input. */
  public static void main(String[] args) {
    System.exit(Program.run(new KvServer(), args));
  }

  @Override
  public Integer call() throws IOException {
    Program.between("--port", port, 0, 65535);
    try (LineServer lines = LineServer.bind(port);
        Replica replica = start()) {
      lines.start(new KvConsole(KvStore.of(replica)));
      return await(replica, lines.port());
    }
  }

  private Replica start() {
    try {
      return Replica.of(cluster, id)
          .protocol(engine.protocol())
          .log(FileLog.at(data))
          .transport(NettyTransport.create())
          .start(new KvMachine());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private int await(Replica replica, int linePort) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    if (attached) {
      Thread parent = new Thread(() -> awaitEndOfInput(ended), "parent");
      parent.setDaemon(true);
      parent.start();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(replica::close, "close"));
    System.out.println("lines at localhost:" + linePort);
    var unused = replica.ready().thenRun(() -> System.out.println("ready"));
    try {
      CompletableFuture.anyOf(replica.closed(), ended).join();
      return Program.FINE;
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      System.err.println("kv-server: " + cause.getMessage());
      return Program.FAILED;
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
