package io.quorate.examples.quorate;

import io.quorate.examples.cli.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/** How long a sync of a small write into a preallocated file takes, as the log does it. */
final class SyncProbe {
  private static final int ROUNDS = 200;
  private static final int BYTES = 4096;

  private SyncProbe() {}

  /** Nanoseconds, of {@value #ROUNDS} syncs of {@value #BYTES} bytes. */
  static Histogram measure(Path directory) throws IOException {
    Path probe = Files.createTempDirectory(Files.createDirectories(directory), "sync-probe-");
    try (Temporary gone = new Temporary(probe);
        FileChannel file =
            FileChannel.open(
                gone.path().resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BYTES);
      for (int i = 0; i < ROUNDS; i++) {
        write(file, block, i);
      }
      file.force(true);
      Histogram nanos = new Histogram(3);
      for (int i = 0; i < ROUNDS; i++) {
        long start = System.nanoTime();
        write(file, block, i);
        file.force(false);
        nanos.recordValue(System.nanoTime() - start);
      }
      return nanos;
    }
  }

  private static void write(FileChannel file, ByteBuffer block, int place) throws IOException {
    block.clear();
    while (block.hasRemaining()) {
      file.write(block, (long) place * BYTES + block.position());
    }
  }
}
