package io.quorate.examples.quorate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import io.quorate.storage.LogFiles;
import io.quorate.storage.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate log}: what a directory of a log holds, while nobody uses it. */
@Command(
    name = "log",
    description = "Looks at the directory of a log that nobody uses, and mends it.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exits with 0 if all is sound, 1 if there is damage, 2 if it cannot be looked at."
    },
    subcommands = {
      LogCommand.Verify.class,
      LogCommand.Dump.class,
      LogCommand.Stats.class,
      LogCommand.Repair.class
    })
final class LogCommand {
  private LogCommand() {}

  /** Which log. */
  private static final class Directory {
    @Parameters(paramLabel = "DIR", description = "The directory of one member's log.")
    private Path path;

    LogFiles files() {
      return LogFiles.at(path);
    }

    /** Looks at the log, and shows how far it is. */
    <T> T look(Output output, Function<LogFiles, T> looking) {
      try (ProgressBar bar = output.bar("MiB")) {
        return looking.apply(files().progress(bar.bytes(Progress.Phase.VERIFICATION, 1)));
      }
    }
  }

  @Command(
      name = "verify",
      sortOptions = false,
      description = "Compares each byte that counts with its checksum, and says where it differs.")
  static final class Verify implements Callable<Integer> {
    @Mixin private Directory directory;
    @Mixin private Output output;

    @Override
    public Integer call() {
      LogFiles.Report report = directory.look(output, LogFiles::verify);
      output.print(report, report::text);
      return report.exitCode();
    }
  }

  @Command(
      name = "dump",
      sortOptions = false,
      description = "Prints each record as a line of JSON; the report follows on standard error.")
  static final class Dump implements Callable<Integer> {
    @Mixin private Directory directory;
    @Mixin private Output output;

    @Option(
        names = "--commands",
        paramLabel = "FORM",
        description =
            "Also the commands of each batch: text (UTF-8), hex, or a class that implements"
                + " LogFiles.Decoder.")
    private @Nullable String form;

    @Override
    public Integer call() throws IOException {
      LogFiles files = directory.files();
      LogFiles.Report report =
          form == null ? files.dump(output.out()) : files.dump(output.out(), decoder(form));
      output.out().flush();
      output.err().print(report.text());
      output.err().flush();
      return report.exitCode();
    }

    private static LogFiles.Decoder decoder(String form) {
      return switch (form) {
        case "text" -> command -> new String(command, UTF_8);
        case "hex" -> HexFormat.of()::formatHex;
        default -> named(form);
      };
    }

    private static LogFiles.Decoder named(String name) {
      try {
        Object made = Class.forName(name).getDeclaredConstructor().newInstance();
        if (made instanceof LogFiles.Decoder decoder) {
          return decoder;
        }
      } catch (ReflectiveOperationException e) {
        throw new UsageException(
            "--commands %s is neither text nor hex, nor a class that can be made: %s"
                .formatted(name, e));
      }
      throw new UsageException("--commands " + name + " does not implement LogFiles.Decoder");
    }
  }

  @Command(name = "stats", sortOptions = false, description = "Counts entries, bytes and files.")
  static final class Stats implements Callable<Integer> {
    @Mixin private Directory directory;
    @Mixin private Output output;

    @Override
    public Integer call() {
      LogFiles.Stats stats = directory.look(output, LogFiles::stats);
      output.print(stats, stats::text);
      return stats.report().exitCode();
    }
  }

  @Command(
      name = "repair",
      sortOptions = false,
      description =
          "Does what opening the log would do, and what is asked for by name; see"
              + " docs/log-tools.md. Look with --dry-run first.")
  static final class Repair implements Callable<Integer> {
    @Mixin private Directory directory;
    @Mixin private Output output;

    @Option(names = "--dry-run", description = "Only says what would be done.")
    private boolean dryRun;

    @Option(
        names = "--undo-flip",
        paramLabel = "FILE:OFFSET",
        description = "Puts a flipped bit right that a finding tells.")
    private List<String> flips = List.of();

    @Option(
        names = "--remove-replica",
        paramLabel = "GROUP",
        description = "Gives up what this host holds of a group; it has to join again.")
    private List<Long> groups = List.of();

    @Override
    public Integer call() {
      List<LogFiles.Repair> named = new ArrayList<>();
      for (String flip : flips) {
        int colon = flip.lastIndexOf(':');
        if (colon < 1 || !flip.substring(colon + 1).matches("[0-9]{1,18}")) {
          throw new UsageException(
              "--undo-flip is \"" + flip + "\"; write FILE:OFFSET as the finding has them");
        }
        named.add(
            new LogFiles.Repair.UndoFlip(
                flip.substring(0, colon), Long.parseLong(flip.substring(colon + 1))));
      }
      groups.forEach(group -> named.add(new LogFiles.Repair.RemoveReplica(group)));
      LogFiles.Repaired repaired =
          directory.files().repair(dryRun, named.toArray(new LogFiles.Repair[0]));
      output.print(repaired, repaired::text);
      int code = repaired.report().exitCode();
      return code == Program.FINE && !repaired.refusals().isEmpty() ? Program.FAILED : code;
    }
  }
}
