package io.quorate.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import io.quorate.storage.FileLog;
import io.quorate.storage.LogFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockIT {
  @TempDir private Path directory;

  /** Holds the log in a directory until its standard input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (LogStore store = log(Path.of(args[0])).open()) {
        store.sync();
        System.out.println("open");
        while (System.in.read() >= 0) {
          // Whoever started this process ends it by closing its input.
        }
      }
    }
  }

  private static FileLog log(Path directory) {
    return FileLog.at(directory).segmentBytes(FileLogStore.SEGMENT_BYTES_MIN);
  }

  @Test
  void aLogInUseByAnotherProcessIsRefusedByItsIdAndIsFreeAfterItsDeath()
      throws IOException, InterruptedException {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))) {
      assertEquals("open", output.readLine());
      StorageException refusal = assertThrows(StorageException.class, () -> log(directory).open());
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("another process (process id " + holder.pid()), message);
      byte[] signed = Files.readAllBytes(directory.resolve("lock"));
      LogFiles.Report report = LogFiles.at(directory).verify();
      assertEquals(2, report.exitCode());
      String text = report.text();
      assertTrue(text.contains("another process (process id " + holder.pid() + ", started"), text);
      assertTrue(text.contains("stop that one first, or look at a copy"), text);
      assertArrayEquals(signed, Files.readAllBytes(directory.resolve("lock")));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertEquals(0, LogFiles.at(directory).verify().exitCode());
    log(directory).open().close();
  }
}
