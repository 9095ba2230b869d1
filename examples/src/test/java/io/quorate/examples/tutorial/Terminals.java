package io.quorate.examples.tutorial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shells in one directory, by number, each with at most one program that runs. */
final class Terminals implements AutoCloseable {
  private final Path directory;
  private final Map<Integer, Process> running = new TreeMap<>();
  private final Map<Integer, Path> errors = new TreeMap<>();
  private final Map<Integer, BufferedReader> outputs = new TreeMap<>();

  Terminals(Path directory) {
    this.directory = directory;
    // A test that is timed out does not come to its end.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Runs a command; in terminal 0 to its end, which has to be a good one. */
  void run(int terminal, String command) throws IOException, InterruptedException {
    Path err = Files.createTempFile(directory, "err-" + terminal + "-", ".txt");
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", "-c", "exec " + command)
            .directory(directory.toFile())
            .redirectError(err.toFile());
    Process process = shell.start();
    BufferedReader output = process.inputReader(UTF_8);
    if (terminal == 0) {
      String printed = String.join("\n", output.lines().toList());
      assertEquals(0, process.waitFor(), () -> command + ": " + printed + text(err));
    } else {
      running.put(terminal, process);
      errors.put(terminal, err);
      outputs.put(terminal, output);
    }
  }

  private static String text(@Nullable Path file) {
    try {
      return file == null ? "" : Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void type(int terminal, String line) throws IOException {
    var in = process(terminal).outputWriter(UTF_8);
    in.write(line + "\n");
    in.flush();
  }

  /** Expects a line to come next. */
  void see(int terminal, String line) throws IOException {
    String next = Objects.requireNonNull(outputs.get(terminal), "nothing runs there").readLine();
    assertEquals(line, next, () -> "in terminal " + terminal + ": " + text(errors.get(terminal)));
  }

  /** Sends SIGKILL: harder than what the page says. */
  void kill(int terminal) {
    process(terminal).destroyForcibly().onExit().join();
    running.remove(terminal);
  }

  private Process process(int terminal) {
    return Objects.requireNonNull(running.get(terminal), "nothing runs there");
  }

  @Override
  public void close() {
    running.values().forEach(process -> process.destroyForcibly().onExit().join());
  }
}
