package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.SnapshotInfo;
import io.quorate.examples.cli.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate snapshot}. */
@Command(
    name = "snapshot",
    sortOptions = false,
    description = "Has a member take a snapshot, and waits until it is durable.")
final class SnapshotCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;
  @Mixin private Output output;

  @Option(names = "--member", required = true, paramLabel = "N", description = "Which member.")
  private int member;

  @Override
  public Integer call() {
    SnapshotInfo held;
    try (Client client = cluster.connect()) {
      held = client.admin().snapshot(member).join();
    }
    output.print(
        held,
        () -> "member %d has taken a snapshot%n%s".formatted(member, RestoreCommand.text(held)));
    return Program.FINE;
  }
}
