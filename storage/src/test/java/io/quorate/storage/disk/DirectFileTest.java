package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On whatever file system the tests run: where it cannot write directly, the cached way is tried.
 */
@SuppressWarnings("try") // A lock is held, not used.
final class DirectFileTest {
  private static final int SIZE = 64 << 10;

  @TempDir Path directory;

  @Test
  void anyWritesLeaveWhatStandsAroundThem() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      byte[] model = new byte[SIZE];
      RealDisk disk = new RealDisk(directory);
      try (Closeable lock = disk.lock()) {
        try (Disk.File file = disk.create("file")) {
          file.preallocate(0, SIZE);
          writeSome(file, model, random);
        }
        try (Disk.File file = disk.open("file")) {
          writeSome(file, model, random);
        }
      }
      assertArrayEquals(model, Files.readAllBytes(directory.resolve("file")), "seed " + seed);
    }
  }

  @Test
  void aLogThatGrowsInSmallStepsIsReadAsItWasWritten() throws IOException {
    byte[] model = new byte[SIZE];
    RealDisk disk = new RealDisk(directory);
    try (Closeable lock = disk.lock();
        Disk.File file = disk.create("file")) {
      file.preallocate(0, SIZE);
      Random random = new Random(1);
      for (int at = 0; at < SIZE - 2000; ) {
        int length = 1 + random.nextInt(2000);
        at += write(file, model, at, length, random);
      }
      ByteBuffer found = ByteBuffer.allocate(SIZE);
      assertEquals(SIZE, file.read(found, 0));
      assertArrayEquals(model, found.array());
    }
  }

  @Test
  void preallocatingZeroesARangeAndNothingElse() throws IOException {
    byte[] model = new byte[SIZE];
    RealDisk disk = new RealDisk(directory);
    try (Closeable lock = disk.lock();
        Disk.File file = disk.create("file")) {
      file.preallocate(0, SIZE);
      write(file, model, 0, SIZE, new Random(5));
      file.preallocate(1000, 30_001);
      Arrays.fill(model, 1000, 30_001, (byte) 0);
      write(file, model, 990, 20, new Random(6));
    }
    assertArrayEquals(model, Files.readAllBytes(directory.resolve("file")));
  }

  private static void writeSome(Disk.File file, byte[] model, Random random) throws IOException {
    for (int i = 0; i < 20; i++) {
      int at = random.nextInt(SIZE);
      write(file, model, at, random.nextInt(Math.min(SIZE - at, 20_000)), random);
      int block = random.nextInt(SIZE / DirectFile.BLOCK - 3) * DirectFile.BLOCK;
      write(file, model, block, (1 + random.nextInt(3)) * DirectFile.BLOCK, random);
    }
  }

  private static int write(Disk.File file, byte[] model, int at, int length, Random random)
      throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    System.arraycopy(bytes, 0, model, at, length);
    // Whole blocks in aligned buffers are written as they are.
    ByteBuffer from =
        random.nextBoolean()
            ? ByteBuffer.wrap(bytes)
            : DirectFile.aligned((length / DirectFile.BLOCK + 1) * DirectFile.BLOCK)
                .put(bytes)
                .flip();
    file.write(from, at);
    assertEquals(0, from.remaining());
    return length;
  }
}
