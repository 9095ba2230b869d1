package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a model: the bytes as who puts them sees them. */
@SuppressWarnings("try") // A lock is held, not used.
final class StagingTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int ROOM = (int) SectorFile.room(SEGMENT_BYTES);
  private static final int STAGED_BYTES = 4 * DirectFile.BLOCK;

  @TempDir Path directory;

  private static Segment segment(Disk disk, int number) throws IOException {
    SectorFile file = new SectorFile(disk.create(Segment.name(number)), number);
    file.preallocate(0, ROOM);
    file.write(Segment.header(number), 0);
    return new Segment(number, file, ROOM);
  }

  private static byte[] inFile(Segment segment) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(ROOM);
    assertEquals(ROOM, segment.file().read(found, 0));
    return found.array();
  }

  /** A segment's staging, and what was put there. */
  private static final class Story {
    private final Disk disk;
    private final Random random;
    private final Segment segment;
    private final byte[] model = new byte[ROOM];
    private final byte[] some = new byte[2 * STAGED_BYTES];
    private Staging staging;
    private int end = Segment.FIRST;
    private int written = Segment.FIRST;

    Story(Disk disk, long seed) throws IOException {
      this.disk = disk;
      random = new Random(seed);
      segment = segment(disk, 7);
      Segment.header(7).get(model, 0, Segment.HEADER_BYTES);
      staging = new Staging(disk.buffer(STAGED_BYTES), segment(disk, 6), Segment.FIRST);
      staging.start(segment);
    }

    void run() throws IOException {
      for (int bytes = next(); bytes > 0; bytes = next()) {
        put(bytes);
        checkRead(random.nextInt(end));
        if (random.nextInt(3) == 0) {
          assertEquals(written < end, staging.write());
          assertArrayEquals(model, inFile(segment));
          written = end;
        }
        if (random.nextInt(10) == 0) {
          staging.write();
          staging = new Staging(disk.buffer(STAGED_BYTES), segment, end);
        }
      }
      staging.write();
      assertArrayEquals(model, inFile(segment));
      assertEquals(SEGMENT_BYTES, disk.open(segment.name()).size());
    }

    /** As much as the whole buffer, seldom. */
    private int next() {
      int most = random.nextInt(8) == 0 ? 2 * STAGED_BYTES : 1500;
      return Math.min(ROOM - end, 1 + random.nextInt(most));
    }

    private void put(int bytes) throws IOException {
      int from = end + random.nextInt(Math.min(bytes, 90));
      int length = end + bytes - from;
      random.nextBytes(some);
      System.arraycopy(some, 0, model, from, length);
      staging.skipTo(from);
      staging.append(ByteBuffer.wrap(some), 0, length);
      end += bytes;
    }

    private void checkRead(int from) throws IOException {
      int length = 1 + random.nextInt(end - from);
      byte[] expected = Arrays.copyOfRange(model, from, from + length);
      assertArrayEquals(expected, read(from, length));
    }

    private byte[] read(int from, int length) throws IOException {
      ByteBuffer found = ByteBuffer.allocate(length);
      int inFile = staging.read(segment.number(), from, found);
      segment.file().read(found.limit(inFile), from);
      return found.array();
    }
  }

  @Test
  void whatIsPutIsReadBeforeAndAfterItIsWritten() throws IOException {
    for (long seed = 0; seed < 30; seed++) {
      new Story(new MemoryDisk(), seed).run();
    }
  }

  @Test
  void blocksOfARealFileKeepWhatTheyHeld() throws IOException {
    for (long seed = 0; seed < 30; seed++) {
      RealDisk disk = new RealDisk(directory);
      try (Closeable lock = disk.lock()) {
        new Story(disk, seed).run();
      }
    }
  }
}
