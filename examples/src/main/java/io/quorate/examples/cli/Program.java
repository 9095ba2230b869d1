package io.quorate.examples.cli;

import io.quorate.Cluster;
import io.quorate.QuorateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * How the programs of the examples begin and end. What a person can mend is one sentence on
 * standard error and an exit code, anything else a stack trace.
 */
public final class Program {
  /** All went well. */
  public static final int FINE = 0;

  /** It was called rightly and did not succeed. */
  public static final int FAILED = 1;

  /** It was called wrongly, and nothing was changed. */
  public static final int MISUSED = 2;

  private Program() {}

  /** Reads the arguments into the command, calls it, and returns the exit code. */
  public static int run(Callable<Integer> command, String... arguments) {
    return line(command).execute(arguments);
  }

  /** The command with what all programs agree on; for who wants to set more. */
  public static CommandLine line(Object command) {
    CommandLine line = new CommandLine(command);
    addHelp(line);
    return line.registerConverter(Cluster.class, Program::cluster)
        .registerConverter(Engines.class, Program::engine)
        .setParameterExceptionHandler((wrong, arguments) -> misused(wrong))
        .setExecutionExceptionHandler((e, at, arguments) -> failed(at, e));
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("--help").usageHelp(true).description("Prints this.").build());
    line.getSubcommands().values().forEach(Program::addHelp);
  }

  private static Cluster cluster(String text) {
    try {
      return Cluster.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static Engines engine(String text) {
    return Arrays.stream(Engines.values())
        .filter(engine -> engine.toString().equals(text))
        .findAny()
        .orElseThrow(
            () -> new TypeConversionException("there is no \"" + text + "\"; raft and paxos are"));
  }

  /** Refuses a number that is out of bounds. */
  public static int between(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new UsageException(
          "%s is %d; write a number from %d to %d".formatted(option, value, min, max));
    }
    return value;
  }

  private static int misused(ParameterException wrong) {
    return say(wrong.getCommandLine(), wrong.getMessage() + "; --help explains it", MISUSED);
  }

  /** Throws what is nobody's mistake but ours: then picocli prints where it came from. */
  private static int failed(CommandLine at, Exception e) throws Exception {
    if (e instanceof CompletionException || e instanceof ExecutionException) {
      return e.getCause() instanceof Exception cause ? failed(at, cause) : rethrow(e);
    }
    if (e instanceof UsageException) {
      return say(at, String.valueOf(e.getMessage()), MISUSED);
    }
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return say(at, "was interrupted", FAILED);
    }
    if (e instanceof QuorateException
        || e instanceof IOException
        || e instanceof UncheckedIOException) {
      return say(at, e.getMessage() == null ? e.toString() : e.getMessage(), FAILED);
    }
    return rethrow(e);
  }

  private static int rethrow(Exception e) throws Exception {
    throw e;
  }

  private static int say(CommandLine at, String sentence, int code) {
    at.getErr().println(at.getCommandSpec().qualifiedName() + ": " + sentence);
    return code;
  }
}
