package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionTest {
  private static final long STEP = 256 << 10;

  @TempDir Path directory;

  @Test
  void aLargeFileLosesItsNameAndThenItsBytesStepByStep() throws IOException {
    long size = 5 * STEP + 1;
    assertEquals(1, leftOf(size), "nobody may see a file with a name that is cut");
    assertEquals(1, leftOf(STEP + 1));
  }

  @Test
  void aSmallFileIsFreedAtOnce() throws IOException {
    assertEquals(STEP, leftOf(STEP), "who has it open has all of it");
    assertEquals(0, leftOf(0));
  }

  @Test
  void aFileThatIsNotThereIsNotDeleted() {
    RealDisk disk = new RealDisk(directory);
    assertThrows(NoSuchFileException.class, () -> disk.delete("nothing"));
  }

  /** How much of a file of that size is there for who has it open when it is deleted. */
  private long leftOf(long size) throws IOException {
    Path path = directory.resolve("file");
    try (FileChannel open =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (size > 0) {
        open.write(ByteBuffer.allocate(1), size - 1); // The rest takes no room.
      }
      assertTrue(Files.exists(path));
      new RealDisk(directory).delete("file");
      assertFalse(Files.exists(path));
      return open.size();
    }
  }
}
