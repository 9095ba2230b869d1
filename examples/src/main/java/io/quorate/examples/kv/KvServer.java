package io.quorate.examples.kv;

import io.quorate.Replica;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.ReplicaOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One replica of the map as a process, with a line protocol for people on a second port. */
@Command(
    name = "kv-server",
    sortOptions = false,
    description = "One replica of the map as a process, with a line protocol for people.")
public final class KvServer implements Callable<Integer> {
  @Mixin private ReplicaOptions options;

  @Option(
      names = "--port",
      defaultValue = "0",
      paramLabel = "N",
      description = "Port of the line protocol, on the loopback address; a free one by default.")
  private int port;

  /** Runs until it is ended: by SIGTERM, or with {@code --attached} by the end of its input. */
  public static void main(String[] args) {
    System.exit(Program.run(new KvServer(), args));
  }

  @Override
  public Integer call() throws IOException {
    Program.between("--port", port, 0, 65535);
    try (LineServer lines = LineServer.bind(port);
        Replica replica = options.start(new KvMachine())) {
      lines.start(new KvConsole(KvStore.of(replica)));
      System.out.println("lines at localhost:" + lines.port());
      return options.await(replica);
    }
  }
}
