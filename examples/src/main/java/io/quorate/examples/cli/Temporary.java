package io.quorate.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that is gone, with all in it, when it is closed. */
public record Temporary(Path path) implements AutoCloseable {
  /** A new one where the system has its temporary files. */
  public static Temporary create(String prefix) throws IOException {
    return new Temporary(Files.createTempDirectory(prefix));
  }

  /** Deletes it. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(Temporary::delete);
    } catch (UncheckedIOException e) {
      throw new IOException("could not remove " + path + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
