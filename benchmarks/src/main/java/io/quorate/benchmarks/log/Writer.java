package io.quorate.benchmarks.log;

import java.io.IOException;
import java.nio.file.Path;

/** One that makes bytes durable, batch by batch. */
interface Writer extends AutoCloseable {
  /** Opens one, in a directory of its own. */
  @FunctionalInterface
  interface Factory {
    Writer open(Path directory, Load load) throws IOException;
  }

  /** Writes all records of a batch, and returns when they are on disk. */
  void batch() throws IOException;

  @Override
  void close() throws IOException;
}
