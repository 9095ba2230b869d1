package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.examples.cli.Program;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate transfer}. */
@Command(
    name = "transfer",
    sortOptions = false,
    description = "Makes another member the leader, and waits until it is.")
final class TransferCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;
  @Mixin private Output output;

  @Option(names = "--to", required = true, paramLabel = "N", description = "Who is to lead.")
  private int member;

  @Override
  public Integer call() {
    try (Client client = cluster.connect()) {
      client.admin().transfer(member).join();
    }
    output.print(Map.of("leader", member), () -> "member " + member + " leads\n");
    return Program.FINE;
  }
}
