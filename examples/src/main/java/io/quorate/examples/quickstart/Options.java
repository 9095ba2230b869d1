package io.quorate.examples.quickstart;

import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.Program;
import io.quorate.examples.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the quickstart was asked to do. */
final class Options {
  @Option(
      names = "--rounds",
      defaultValue = "1",
      paramLabel = "N",
      description = "Kills so many leaders, one after the other (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--kill-all", description = "Kills all three processes at once instead.")
  private boolean killAll;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Loads key=value lines from a file; - is standard input. By default what is piped in,"
              + " else examples/data/countries.csv.")
  private @Nullable String file;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Works in DIR, which must be empty or new, and leaves logs and output there.")
  private @Nullable Path keep;

  @Option(
      names = "--base-port",
      defaultValue = "0",
      paramLabel = "N",
      description = "Uses ports N to N+5; free ones by default.")
  private int basePort;

  @Option(
      names = "--engine",
      defaultValue = "raft",
      paramLabel = "NAME",
      description = "raft (the default) or paxos.")
  private Engines engine;

  @Parameters(arity = "0..1", paramLabel = "-", description = "The same as --input -.")
  private @Nullable String dash;

  /** Refuses what no option can be; before anything is opened. */
  void check() throws IOException {
    Program.between("--rounds", rounds, 1, 10_000);
    Program.between("--base-port", basePort, 0, 65530);
    if (dash != null && (file != null || !dash.equals("-"))) {
      throw new UsageException("\"" + dash + "\" is no option; --help lists them");
    }
    if (keep != null && !isVacant(keep)) {
      throw new UsageException("--keep " + keep + " is in use; name a new or empty directory");
    }
  }

  private static boolean isVacant(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return !Files.exists(directory);
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  int rounds() {
    return rounds;
  }

  boolean killAll() {
    return killAll;
  }

  Engines engine() {
    return engine;
  }

  /** The first of six ports; 0 for free ones. */
  int basePort() {
    return basePort;
  }

  /** Where to work and leave everything; null for a temporary directory. */
  @Nullable Path keep() {
    return keep;
  }

  /**
   * Reads the lines to load. Standard input is taken unasked only if something stands there
   * already: where a program is started with an open pipe that nobody writes to, waiting for its
   * end would be for ever.
   */
  Input input() throws IOException {
    String source = dash == null ? file : dash;
    if (source != null && !source.equals("-")) {
      return Input.file(Path.of(source));
    }
    if (source != null || System.in.available() > 0) {
      return Input.parse("standard input", System.in, '=');
    }
    String countries = System.getProperty("quorate.countries", "examples/data/countries.csv");
    return Input.countries(Path.of(countries));
  }
}
