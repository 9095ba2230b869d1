package io.quorate.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who reads a trace, by the system property {@code quorate.sim.trace}: {@code true} for lines on
 * standard output, or a file; one that ends in {@code .jsonl} gets lines of JSON. Each simulation
 * begins the file anew, so a single seed should be run.
 */
final class TraceReaders {
  private TraceReaders() {}

  static @Nullable Consumer<TraceEvent> ofProperties() {
    String where = System.getProperty("quorate.sim.trace", "false");
    if (where.equals("false")) {
      return null;
    }
    Function<TraceEvent, String> format =
        where.endsWith(".jsonl") ? TraceEvent::json : TraceEvent::line;
    PrintStream out = where.equals("true") ? System.out : file(Path.of(where));
    return event -> out.println(format.apply(event));
  }

  /** Flushes each line, so that it need not be closed. */
  private static PrintStream file(Path path) {
    try {
      return new PrintStream(Files.newOutputStream(path), true, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the trace to " + path + " (-Dquorate.sim.trace)", e);
    }
  }
}
