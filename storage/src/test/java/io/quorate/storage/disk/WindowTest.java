package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final int BYTES = 200 * SectorFile.DATA;
  private static final int STEP = 4 * SectorFile.DATA;

  private final byte[] model = new byte[BYTES];
  private final MemoryDisk disk = new MemoryDisk();

  private Segment segment(int number) throws IOException {
    SectorFile file = new SectorFile(disk.create(Segment.name(number)), number);
    new Random(number).nextBytes(model);
    file.write(ByteBuffer.wrap(model), 0);
    return new Segment(number, file, BYTES);
  }

  private void look(Window window, int at, int length) throws IOException {
    byte[] found = new byte[length];
    window.at(at, length).get(found);
    assertArrayEquals(Arrays.copyOfRange(model, at, at + length), found, at + ", " + length);
  }

  /**
   * As records are looked at: short and long ones, one behind the other, or some way on or back.
   */
  private void lookAtAll(@Nullable Executor helper) throws IOException {
    Random random = new Random(1);
    for (int round = 1; round <= 100; round++) {
      try (Window window = new Window(segment(round), STEP, helper)) {
        for (int segments = 0; segments < 2; segments++) {
          int at = random.nextInt(100);
          while (at < BYTES) {
            int most = random.nextInt(9) == 0 ? 4 * STEP : STEP / 2;
            int length = Math.min(BYTES - at, random.nextInt(most));
            look(window, at, length);
            at += length + (random.nextInt(5) == 0 ? random.nextInt(90) : 0);
            at = random.nextInt(50) == 0 ? at / 2 : at;
          }
          window.move(segment(round + 1000));
        }
      }
    }
  }

  @Test
  void showsWhatIsThereWithoutAHelper() throws IOException {
    lookAtAll(null);
  }

  @Test
  void showsWhatIsThereThoughTheHelperNeverComes() throws IOException {
    lookAtAll(read -> {});
  }

  @Test
  void showsWhatIsThereThoughTheHelperComesTooLate() throws IOException {
    List<Runnable> late = new ArrayList<>();
    lookAtAll(late::add);
    assertTrue(late.size() > 1000, "only " + late.size());
    late.forEach(Runnable::run);
  }

  @Test
  void showsWhatAHelperHasReadBesideIt() throws IOException {
    ExecutorService helper = Executors.newSingleThreadExecutor();
    try {
      lookAtAll(helper);
      lookAtAll(Runnable::run);
    } finally {
      helper.shutdown();
    }
  }

  @Test
  void aPieceThatCannotBeReadIsToldWhenItIsNeeded() throws IOException {
    HookedReads reads = new HookedReads();
    Segment there = segment(1);
    Segment failing = new Segment(1, new SectorFile(reads.of(disk.open(there.name())), 1), BYTES);
    Window window = new Window(failing, STEP, Runnable::run);
    reads.failAfter(1);
    look(window, 0, STEP);
    IOException failure = assertThrows(IOException.class, () -> window.at(STEP, 1));
    assertEquals("no reading in the test", failure.getMessage());
    window.close();
  }

  /** Fails from some read on. */
  private static final class HookedReads {
    private int left;

    void failAfter(int count) {
      left = count;
    }

    Disk.File of(Disk.File file) {
      return new ForwardingFile(file) {
        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
          if (left-- <= 0) {
            throw new IOException("no reading in the test");
          }
          return super.read(into, offset);
        }
      };
    }
  }
}
