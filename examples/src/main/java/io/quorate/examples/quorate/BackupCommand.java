package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.SnapshotInfo;
import io.quorate.examples.cli.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate backup}. */
@Command(
    name = "backup",
    sortOptions = false,
    description = "Has a member write a backup while the group goes on, and waits for it.")
final class BackupCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster;
  @Mixin private Output output;

  @Option(names = "--member", required = true, paramLabel = "N", description = "Which member.")
  private int member;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "A directory on the member's host; it must be empty or new.")
  private String directory;

  @Override
  public Integer call() {
    SnapshotInfo held;
    try (Client client = cluster.connect()) {
      held = client.admin().backup(member, directory).join();
    }
    output.print(
        held,
        () ->
            "member %d has written a backup to %s%n%s"
                .formatted(member, directory, RestoreCommand.text(held)));
    return Program.FINE;
  }
}
