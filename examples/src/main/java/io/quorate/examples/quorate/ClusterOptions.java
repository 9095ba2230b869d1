package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.Cluster;
import io.quorate.examples.cli.Program;
import io.quorate.transport.NettyTransport;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which cluster a command speaks of. */
final class ClusterOptions {
  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "ID=HOST:PORT,...",
      description = "The members, like 1=a:7001,2=b:7001,3=c:7001; any that answers will do.")
  private Cluster cluster;

  @Option(
      names = "--timeout",
      defaultValue = "10",
      paramLabel = "SECONDS",
      description = "How long to try (${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  Cluster cluster() {
    return cluster;
  }

  /** A client, to be closed by the caller. */
  Client connect() {
    Program.between("--timeout", timeoutSeconds, 1, 86_400);
    return Client.connect(cluster, NettyTransport.create(), Duration.ofSeconds(timeoutSeconds));
  }
}
