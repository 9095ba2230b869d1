package io.quorate.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link OneRun} in a fresh JVM and a fresh directory. */
final class ChildRun {
  /* For the JVM, the start of the replicas, the last commands, the stop. */
  private static final int SECONDS_BESIDE_LOAD_MAX = 90;

  private ChildRun() {}

  /**
   * Runs one contestant once. Blocks.
   *
   * @throws IllegalStateException with what the child printed, if it measured nothing
   */
  static Measurement of(Options options, String engine, int inflight)
      throws IOException, InterruptedException {
    Files.createDirectories(options.directory());
    Path directory = Files.createTempDirectory(options.directory(), engine + "-");
    try {
      return read(
          directory, run(command(options, engine, inflight, directory), options, directory));
    } finally {
      Directories.delete(directory);
    }
  }

  private static List<String> command(
      Options options, String engine, int inflight, Path directory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options.jvm());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneRun.class.getName()));
    command.addAll(
        List.of(
            engine,
            Integer.toString(inflight),
            Integer.toString(options.payload()),
            Integer.toString(options.warmup()),
            Integer.toString(options.seconds()),
            directory.toString()));
    return command;
  }

  /** The exit code of the child, which is ended by its handle if it or this JVM has to stop. */
  private static int run(List<String> command, Options options, Path directory)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output(directory))
            .start();
    Thread onExit = new Thread(child::destroyForcibly, "end-child");
    Runtime.getRuntime().addShutdownHook(onExit);
    int secondsMax = options.warmup() + options.seconds() + SECONDS_BESIDE_LOAD_MAX;
    try {
      return child.waitFor(secondsMax, TimeUnit.SECONDS) ? child.exitValue() : -1;
    } finally {
      child.destroyForcibly().waitFor();
      Runtime.getRuntime().removeShutdownHook(onExit);
    }
  }

  private static Measurement read(Path directory, int exitCode) throws IOException {
    List<String> lines = Files.readAllLines(output(directory).toPath());
    if (exitCode == 0) {
      for (String line : lines) {
        if (line.startsWith(Measurement.MARK)) {
          return Measurement.parse(line);
        }
      }
    }
    throw new IllegalStateException(
        "the run ended with exit code "
            + exitCode
            + (exitCode < 0 ? " (it took too long)" : "")
            + " and printed:"
            + System.lineSeparator()
            + String.join(System.lineSeparator(), lines));
  }

  private static File output(Path directory) {
    return directory.resolve("output.txt").toFile();
  }
}
