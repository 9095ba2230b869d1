package io.quorate.examples.kv;

import io.quorate.Cluster;
import io.quorate.Replica;
import io.quorate.examples.cli.Args;
import io.quorate.examples.cli.Args.Example;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.spi.Protocol;
import io.quorate.storage.FileLog;
import io.quorate.transport.NettyTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One replica of the map as a process, with a line protocol for people on a second port. */
public final class KvServer {
  private static final String HELP =
      """
      usage: kv-server --id N --cluster ID=HOST:PORT,... --data DIR [options]
        --id N          which member of the cluster this process is
        --cluster LIST  the founding members, equal everywhere, like 1=a:7001,2=b:7001,3=c:7001
        --data DIR      where this member keeps its log; one directory a member
        --port N        port of the line protocol, on the loopback address; a free one by default
        --engine NAME   raft (the default) or paxos
        --attached      ends when standard input ends, for a parent that may die
      """;

  private KvServer() {}

  /** Runs until it is ended: by SIGTERM, or with {@code --attached} by the end of its input. */
  public static void main(String[] args) {
    System.exit(Program.run("kv-server", () -> serve(args)));
  }

  private static int serve(String[] arguments) throws IOException {
    Args args =
        Args.parse(Set.of("id", "cluster", "data", "port", "engine"), Set.of("attached"), arguments)
            .withoutWords();
    if (args.has("help")) {
      System.out.print(HELP);
      return Program.FINE;
    }
    Cluster cluster = cluster(args);
    int id = args.number("id", new Example("1"), 1, Integer.MAX_VALUE);
    Path data = Path.of(args.text("data", new Example("data/" + id)));
    Protocol<?> protocol = Engines.named(args.text("engine", "raft"));
    try (LineServer lines = LineServer.bind(args.number("port", 0, 0, 65535));
        Replica replica = start(cluster, id, protocol, data)) {
      lines.start(new KvConsole(KvStore.of(replica)));
      return await(replica, lines.port(), args.has("attached"));
    }
  }

  /** Reads {@code --cluster}. */
  static Cluster cluster(Args args) {
    try {
      return Cluster.parse(args.text("cluster", new Example("1=a:7001,2=b:7001,3=c:7001")));
    } catch (IllegalArgumentException e) {
      throw misused(e);
    }
  }

  private static Replica start(Cluster cluster, int id, Protocol<?> protocol, Path data) {
    try {
      return Replica.of(cluster, id)
          .protocol(protocol)
          .log(FileLog.at(data))
          .transport(NettyTransport.create())
          .start(new KvMachine());
    } catch (IllegalArgumentException e) {
      throw misused(e);
    }
  }

  private static UsageException misused(IllegalArgumentException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    UsageException misused = new UsageException(message);
    misused.initCause(e);
    return misused;
  }

  private static int await(Replica replica, int port, boolean attached) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    if (attached) {
      Thread parent = new Thread(() -> awaitEndOfInput(ended), "parent");
      parent.setDaemon(true);
      parent.start();
    }
    Runtime.getRuntime().addShutdownHook(new Thread(replica::close, "close"));
    System.out.println("lines at localhost:" + port);
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
