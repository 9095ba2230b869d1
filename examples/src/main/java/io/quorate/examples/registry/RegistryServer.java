package io.quorate.examples.registry;

import io.quorate.Replica;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.ReplicaOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One replica of the registry as a process. */
@Command(
    name = "registry",
    sortOptions = false,
    description = "One replica of a registry of services and configuration, over HTTP.")
public final class RegistryServer implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

  @Mixin private ReplicaOptions options;

  @Option(
      names = "--http",
      defaultValue = "0",
      paramLabel = "PORT",
      description = "Port for HTTP, on the loopback address; a free one by default.")
  private int port;

  /** Runs until it is ended: by SIGTERM, or with {@code --attached} by the end of its input. */
  public static void main(String[] args) {
    System.exit(Program.run(new RegistryServer(), args));
  }

  @Override
  public Integer call() throws IOException {
    Program.between("--http", port, 0, 65535);
    Watchers watchers = new Watchers();
    Registry registry = new Registry(index -> watchers.changed());
    try (Replica replica = options.start(registry);
        RegistryHttp http = RegistryHttp.start(port, replica, watchers)) {
      System.out.println("http://localhost:" + http.port());
      ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
      try {
        var unused =
            clock.scheduleWithFixedDelay(() -> sweep(replica, registry), 1, 1, TimeUnit.SECONDS);
        return options.await(replica);
      } finally {
        clock.shutdownNow();
      }
    }
  }

  /** Lets keys expire where nobody changes anything: the leader sends a command. */
  private static void sweep(Replica replica, Registry registry) {
    if (registry.expires() && replica.status().leader() == replica.status().member()) {
      var unused =
          replica
              .propose(Registry.CODEC.commands().encode(Change.SWEEP))
              .whenComplete(
                  (reply, no) -> {
                    if (no != null) {
                      LOG.debug("nothing was swept: {}", no.getMessage());
                    }
                  });
    }
  }
}
