package io.quorate.examples.quorate;

import io.quorate.Client;
import io.quorate.examples.cli.Program;
import java.util.Map;
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
    try (Client client = cluster.connect()) {
      client.admin().backup(member, directory).join();
    }
    output.print(
        Map.of("member", member, "directory", directory),
        () -> "member " + member + " has written a backup to " + directory + "\n");
    return Program.FINE;
  }
}
