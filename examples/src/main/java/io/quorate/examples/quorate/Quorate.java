package io.quorate.examples.quorate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.examples.cli.Program;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What an operator asks of a cluster, of a log on disk and of a machine. Each subcommand waits for
 * the effect that it announces, and its exit code says whether it came: 0 yes, 1 no, 2 it was
 * called wrongly, or could not be looked at.
 */
@Command(
    name = "quorate",
    sortOptions = false,
    description = "Looks at a cluster, at a log on disk and at a machine.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "quorate COMMAND --help explains a command.",
      "Exit codes: 0 it came to pass, 1 it did not, 2 called wrongly, or what was to",
      "be looked at could not be."
    },
    subcommands = {
      StatusCommand.class,
      MembersCommand.class,
      TransferCommand.class,
      SnapshotCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      LogCommand.class,
      DoctorCommand.class,
      BenchCommand.class
    })
public final class Quorate implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Runs one command. */
  public static void main(String[] args) {
    System.exit(run(writer(System.out), writer(System.err), args));
  }

  private static PrintWriter writer(PrintStream out) {
    return new PrintWriter(new OutputStreamWriter(out, UTF_8), true);
  }

  /** The same with other places to write to; returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return Program.line(new Quorate()).setOut(out).setErr(err).execute(args);
  }

  /** Without a command it says which there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return Program.MISUSED;
  }
}
