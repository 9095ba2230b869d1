package io.quorate.examples.quickstart;

import io.quorate.examples.cli.Args;
import io.quorate.examples.cli.Engines;
import io.quorate.examples.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the quickstart was asked to do.
 *
 * @param rounds how many kills
 * @param killAll whether to kill all three at once instead of the leader
 * @param engine the protocol's name
 * @param basePort the first of six ports; 0 for free ones
 * @param keep where to work and leave everything; null for a temporary directory
 * @param source a file, {@code -} for standard input, null for what is piped or else the countries
 */
record Options(
    int rounds,
    boolean killAll,
    String engine,
    int basePort,
    @Nullable Path keep,
    @Nullable String source) {
  static final String HELP =
      """
      usage: examples/quickstart [options]
      Starts three replica processes, loads real input, kills the leader with SIGKILL under load,
      restarts it, and checks that nothing acknowledged was lost or applied twice.
        --rounds N     kills so many leaders, one after the other (1)
        --kill-all     kills all three processes at once instead
        --input FILE   loads key=value lines from a file; - is standard input
                       (default: what is piped in, else examples/data/countries.csv)
        --keep DIR     works in DIR, which must be empty or new, and leaves logs and output there
        --base-port N  uses ports N to N+5 (default: free ones)
        --engine NAME  raft (the default) or paxos
        --help         prints this
      Exits with 0 if nothing was lost or duplicated and the replicas agree, 1 if not, 2 for wrong
      arguments or input. If 1, what the replicas wrote is left in the working directory.
      """;

  /** Reads and checks the arguments; null if help was asked for. */
  static @Nullable Options parse(String... arguments) throws IOException {
    Args args =
        Args.parse(
            Set.of("rounds", "input", "keep", "base-port", "engine"),
            Set.of("kill-all"),
            arguments);
    if (args.has("help")) {
      return null;
    }
    String source = args.textOrNull("input");
    if (args.words().equals(List.of("-")) && source == null) {
      source = "-";
    } else {
      args = args.withoutWords();
    }
    String engine = args.text("engine", "raft");
    Engines.named(engine);
    String keep = args.textOrNull("keep");
    return new Options(
        args.number("rounds", 1, 1, 10_000),
        args.has("kill-all"),
        engine,
        args.number("base-port", 0, 1, 65530),
        keep == null ? null : vacant(Path.of(keep)),
        source);
  }

  private static Path vacant(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isEmpty()) {
          return directory;
        }
      }
    } else if (!Files.exists(directory)) {
      return directory;
    }
    throw new UsageException("--keep " + directory + " is in use; name a new or empty directory");
  }

  /**
   * Reads the lines to load. Standard input is taken unasked only if something stands there
   * already: where a program is started with an open pipe that nobody writes to, waiting for its
   * end would be for ever.
   */
  Input input() throws IOException {
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
