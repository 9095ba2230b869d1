package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.spi.DiskFullException;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real directory on a disk that has no room. */
class FullDiskTest {
  private static final int SEGMENT_BYTES = 16 << 10;

  @TempDir private Path directory;

  private static Entry entry(long index, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) (index % 100 + 1));
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), Payload.of(value));
  }

  @Test
  void theReserveIsRealBytesAndBecomesASegment() throws IOException {
    TightDisk disk = new TightDisk(new RealDisk(directory));
    Path reserve = directory.resolve("reserve");
    long last = 0;
    try (FileLogStore store = FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(1, 1, 1);
      assertEquals(SEGMENT_BYTES, Files.size(reserve));
      disk.full = true;
      while (Files.exists(reserve)) {
        group.write(entry(++last, 1000));
        store.sync();
      }
      assertTrue(store.isFull());
      disk.full = false;
      store.makeRoom();
      assertFalse(store.isFull());
      assertTrue(Files.exists(reserve));
      for (int i = 0; i < 40; i++) {
        group.write(entry(++last, 1000));
        store.sync();
      }
    }
    try (FileLogStore store = FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(1, 1, 1);
      assertEquals(last, group.recovered().last());
      assertEquals(List.of(), group.recovered().faulty());
    }
  }

  /** Where even what stands in a file already needs room to be written, the log ends. */
  @ParameterizedTest
  @ValueSource(ints = {0, 300, 700, 3_000, 6_000})
  void aRecordOfWhichTheDiskTookAPartWasNeverThere(int taken) {
    TightDisk disk = new TightDisk(new RealDisk(directory));
    try (FileLogStore store = FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(1, 1, 1);
      group.write(entry(1, 1000));
      store.sync();
      disk.full = true;
      disk.room = taken;
      group.write(entry(2, 7000));
      DiskFullException full = assertThrows(DiskFullException.class, store::sync);
      disk.full = false;
      assertSame(full, assertThrows(DiskFullException.class, store::sync));
    }
    try (FileLogStore store = FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(1, 1, 1);
      assertEquals(1, group.recovered().last());
      assertEquals(List.of(), group.recovered().faulty());
      group.write(entry(2, 100));
      store.sync();
    }
  }

  @Test
  void aDiskThatSaysSoHasNoRoom() {
    RealDisk disk = new RealDisk(directory);
    IOException full = assertThrows(Disk.FullException.class, () -> disk.checkRoom(Long.MAX_VALUE));
    assertTrue(String.valueOf(full.getMessage()).matches("[0-9]+ MiB are needed and [0-9]+ .*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "segment: Disk quota exceeded",
        "There is not enough space on the disk"
      })
  void theWordsOfSystemsAreKnown(String words) {
    IOException error = new IOException(words);
    IOException typed = new RealDisk(directory).typed(error, 0);
    assertInstanceOf(Disk.FullException.class, typed);
    assertEquals(words, typed.getMessage());
    assertSame(error, typed.getCause());
  }

  @Test
  void anyErrorOfADiskWithoutRoomMeansThatAndOthersStayWhatTheyAre() {
    RealDisk disk = new RealDisk(directory);
    IOException error = new IOException("Auf dem Geraet ist kein Speicherplatz mehr verfuegbar");
    assertInstanceOf(Disk.FullException.class, disk.typed(error, Long.MAX_VALUE));
    IOException other = new IOException("Input/output error");
    assertSame(other, disk.typed(other, 1));
  }

  @Test
  void whatThisSystemSaysIsKnown() throws IOException {
    Path device = Path.of("/dev/full");
    assumeTrue(Files.isWritable(device));
    try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      IOException error =
          assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(10)));
      assertInstanceOf(Disk.FullException.class, new RealDisk(directory).typed(error, 0));
    }
  }
}
