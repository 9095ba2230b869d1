package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The yardstick does what it is said to do. */
class LightContestantIT {
  private static final int COMMANDS = 2_000;
  private static final int BYTES = 1_024;

  @TempDir Path directory;

  @Test
  void twoOfThreeLogsHoldEveryCommandInOrder() throws IOException, InterruptedException {
    CountDownLatch completed = new CountDownLatch(COMMANDS);
    try (Contestant light = LightContestant.start(directory)) {
      for (int i = 0; i < COMMANDS; i++) {
        light.submit(command(i), failure -> completed.countDown());
      }
      assertTrue(completed.await(30, TimeUnit.SECONDS), completed.getCount() + " are missing");
    }

    int complete = 0;
    for (int replica = 1; replica <= 3; replica++) {
      complete += commands(directory.resolve("light-" + replica + ".log")) == COMMANDS ? 1 : 0;
    }
    assertTrue(complete >= 2, complete + " logs are complete");
  }

  private static byte[] command(int number) {
    return ByteBuffer.allocate(BYTES).putInt(number).array();
  }

  /** How many commands the log holds from its start; all lengths and numbers must be right. */
  private static int commands(Path log) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log));
    int commands = 0;
    int frame = bytes.getInt();
    while (frame > 0) {
      int end = bytes.position() + frame;
      while (bytes.position() < end) {
        assertEquals(BYTES, bytes.getInt());
        assertEquals(commands++, bytes.getInt());
        bytes.position(bytes.position() + BYTES - Integer.BYTES);
      }
      frame = bytes.getInt();
    }
    return commands;
  }
}
