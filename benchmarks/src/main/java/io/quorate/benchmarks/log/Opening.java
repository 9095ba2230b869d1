package io.quorate.benchmarks.log;

import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.storage.FileLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Opening a log, beside reading its files from end to end with a checksum over all. */
final class Opening {
  private static final int STEP_BYTES = 1 << 20;
  private static final int BYTES_A_SYNC = 4 << 20;

  private final Path directory;
  private final ByteBuffer step = ByteBuffer.allocateDirect(STEP_BYTES);

  private Opening(Path directory) {
    this.directory = directory;
  }

  /** Writes a log of so many bytes of values. */
  static Opening of(Path directory, long total, int recordBytes) {
    Payload value = Payload.of(Records.value(recordBytes, 1));
    try (LogStore store = FileLog.at(directory).open()) {
      LogStore.Group group = store.group(1, 1, 1);
      long index = 1;
      for (long written = 0; written < total; written += recordBytes) {
        group.write(Records.entry(index++, value));
        if (written % BYTES_A_SYNC == 0) {
          store.sync();
        }
      }
      store.sync();
    }
    return new Opening(directory);
  }

  /** Opens it, and its group. */
  long openNanos() {
    long begin = System.nanoTime();
    try (LogStore store = FileLog.at(directory).open()) {
      if (store.group(1, 1, 1).recovered().last() == 0) {
        throw new IllegalStateException("the log is empty");
      }
      return System.nanoTime() - begin;
    }
  }

  /** Reads all of it. */
  long readNanos() throws IOException {
    long begin = System.nanoTime();
    CRC32C crc = new CRC32C();
    for (Path file : files()) {
      try (FileChannel channel = FileChannel.open(file)) {
        while (channel.read(step.clear()) > 0) {
          crc.update(step.flip());
        }
      }
    }
    if (crc.getValue() == 0) {
      throw new IllegalStateException("nothing was read");
    }
    return System.nanoTime() - begin;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }
}
