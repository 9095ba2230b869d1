package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowTest {
  private static final int SIZE = 200 * SectorFile.DATA;
  private static final int STEP = 4096;

  @TempDir private Path directory;

  private final byte[] model = new byte[SIZE];
  private Segment segment;
  private int reads;
  private int failing = Integer.MAX_VALUE;

  @SuppressWarnings("NullAway.Init")
  WindowTest() {}

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(model);
    Disk.File file = new RealDisk(directory).create("1");
    SectorFile sectors = new SectorFile(new Counted(file), 1);
    sectors.write(ByteBuffer.wrap(model), 0);
    segment = new Segment(1, sectors, SIZE);
  }

  private final class Counted extends ForwardingFile {
    Counted(Disk.File file) {
      super(file);
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      reads++;
      if (reads == failing) {
        throw new IOException("read " + reads + " fails");
      }
      return super.read(into, offset);
    }
  }

  private void assertShows(Window window, int offset, int length) throws IOException {
    byte[] found = new byte[length];
    window.at(offset, length).get(0, found);
    assertArrayEquals(Arrays.copyOfRange(model, offset, offset + length), found, "at " + offset);
    int at = window.find(offset, length);
    assertEquals(offset < SIZE && length > 0 ? model[offset] : 0, window.bytes().get(at));
  }

  /** In order, with pieces up to a length; now and then it goes back or leaves something out. */
  private void walk(Window window, int lengthMax, long seed, boolean jumps) throws IOException {
    Random random = new Random(seed);
    for (int at = 0; at < SIZE; ) {
      int length = Math.min(SIZE - at, 1 + random.nextInt(lengthMax));
      assertShows(window, at, length);
      if (jumps && random.nextInt(10) == 0) {
        at = Math.max(0, Math.min(SIZE - 1, at + random.nextInt(3 * STEP) - STEP));
      } else {
        at += length;
      }
    }
  }

  private void walkAll(Executor helper) throws IOException {
    for (int lengthMax : new int[] {20, 250, 1000, STEP, 3 * STEP}) {
      for (long seed = 1; seed <= 20; seed++) {
        Window window = Window.ahead(segment, STEP, helper);
        walk(window, lengthMax, seed, seed % 2 == 0);
        window.move(segment);
        walk(window, lengthMax, -seed, seed % 2 == 1);
        window.close();
      }
    }
  }

  @Test
  void allIsShownWhenTheHelperReadsAtOnce() throws IOException {
    walkAll(Runnable::run);
  }

  @Test
  void allIsShownWhenTheHelperNeverReads() throws IOException {
    walkAll(task -> {});
  }

  @Test
  void allIsShownWhenTheHelperReadsBesideIt() throws IOException {
    ExecutorService helper = Executors.newSingleThreadExecutor();
    try {
      walkAll(helper);
    } finally {
      helper.shutdown();
    }
  }

  @Test
  void allIsShownWithoutAHelper() throws IOException {
    walk(new Window(segment, STEP), 1000, 1, true);
  }

  @Test
  void whatComesNextIsReadBeforeItIsAskedForAndOnlyOnce() throws IOException {
    Window window = Window.ahead(segment, STEP, Runnable::run);
    assertShows(window, 0, 10);
    assertEquals(2, reads);
    walk(window, 100, 1, false);
    int steps = (SIZE + STEP - 1) / STEP;
    assertTrue(reads <= steps + 1, reads + " reads for " + steps + " steps");
  }

  @Test
  void aReadThatFailsAheadIsToldToWhoNeedsIt() throws IOException {
    Window window = Window.ahead(segment, STEP, Runnable::run);
    failing = 3;
    IOException failure = assertThrows(IOException.class, () -> walk(window, 100, 1, false));
    assertEquals("read 3 fails", failure.getMessage());
    walk(window, 100, 1, false);
  }

  @Test
  void nothingIsReadForAWindowThatIsClosed() throws IOException {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    Window window = Window.ahead(segment, STEP, tasks::add);
    assertShows(window, 0, 10);
    window.close();
    int before = reads;
    tasks.forEach(Runnable::run);
    assertEquals(before, reads);
    assertEquals(1, tasks.size());
  }
}
