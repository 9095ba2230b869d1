package io.quorate.examples.quorate;

import io.quorate.Backup;
import io.quorate.SnapshotInfo;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.storage.FileLog;
import io.quorate.storage.Progress;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate restore}. */
@Command(
    name = "restore",
    sortOptions = false,
    description =
        "Makes an empty directory the log of a member of a new cluster that begins with a backup;"
            + " to be done for each member, with the same backup and the same --cluster-id. Or,"
            + " with --seed, brings the state to a member of the same cluster that is down. Without"
            + " --into it only compares the backup with its checksums.")
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "BACKUP", description = "The directory of the backup.")
  private Path backup;

  @Option(names = "--into", paramLabel = "DIR", description = "Where the member keeps its log.")
  private @Nullable Path into;

  @Option(names = "--member", paramLabel = "N", description = "The member's id.")
  private @Nullable Integer member;

  @Option(
      names = "--cluster-id",
      paramLabel = "UUID",
      description = "Of the new cluster: drawn at random once, never used before.")
  private @Nullable UUID clusterId;

  @Option(
      names = "--above",
      defaultValue = "0",
      paramLabel = "INDEX",
      description =
          "The greatest command index ever seen of the old cluster, or of one that was restored"
              + " from the same backup before; 0 if none was.")
  private long above;

  @Option(names = "--seed", description = "The member is one of the cluster of the backup.")
  private boolean seed;

  @Mixin private Output output;

  @Override
  public Integer call() {
    SnapshotInfo held;
    try (ProgressBar bar = output.bar("MiB")) {
      // Compared as a whole first; then it is read once more to be copied.
      held =
          run(Backup.at(backup.toString()), bar.bytes(Progress.Phase.BACKUP, into == null ? 1 : 2));
    }
    output.print(held, () -> text(held));
    return Program.FINE;
  }

  private SnapshotInfo run(Backup from, Consumer<Progress> progress) {
    if (into == null) {
      return from.verify(FileLog.at(backup).progress(progress));
    }
    if (member == null || seed == (clusterId != null)) {
      throw new UsageException(
          "--into needs --member, and either --cluster-id for a new cluster or --seed");
    }
    FileLog log = FileLog.at(into).progress(progress);
    return clusterId == null ? from.seed(log, member) : from.restore(log, member, clusterId, above);
  }

  static String text(SnapshotInfo held) {
    return """
    cluster %s, members %s
    up to command %d (entry %d); %,d bytes, SHA-256 %s
    """
        .formatted(
            held.clusterId(),
            held.members(),
            held.commandIndex(),
            held.entryIndex(),
            held.bytes(),
            held.digest());
  }
}
