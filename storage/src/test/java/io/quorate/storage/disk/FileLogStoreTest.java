package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogStoreTest {
  private static final int SEGMENT_BYTES = 16 << 10;

  @TempDir private Path directory;

  private FileLogStore open() {
    return open(Runnable::run);
  }

  private FileLogStore open(Executor helper) {
    return FileLogStore.open(new RealDisk(directory), SEGMENT_BYTES, helper);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static Entry entry(long index, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) (index % 100 + 1));
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), Payload.of(value));
  }

  private static List<Entry> read(LogStore.Group group) {
    List<Entry> entries = new ArrayList<>();
    group.read(1, 1, Integer.MAX_VALUE, entries::add);
    return entries;
  }

  @Test
  void aLoneEntryCostsOneWriteAndOneForce() {
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 1, 1);
      Counters before = store.counters();
      group.write(entry(1, 1024));
      store.sync();
      Counters after = store.counters();
      assertEquals(1, after.records() - before.records());
      assertEquals(1, after.writes() - before.writes());
      assertEquals(1, after.forces() - before.forces());
    }
  }

  @Test
  void aDrainOfManyGroupsCostsOneWriteAndOneForce() {
    try (FileLogStore store = open()) {
      List<LogStore.Group> groups =
          List.of(store.group(1, 1, 1), store.group(2, 1, 1), store.group(3, 1, 1));
      Counters before = store.counters();
      for (LogStore.Group group : groups) {
        group.write(entry(1, 1000));
        group.save(new byte[] {1, 2});
        group.truncate(1, 2);
      }
      store.sync();
      assertEquals(9, store.counters().records() - before.records());
      assertEquals(1, store.counters().writes() - before.writes());
      assertEquals(1, store.counters().forces() - before.forces());
    }
  }

  @Test
  void aSyncWithoutARecordCostsNothing() {
    try (FileLogStore store = open()) {
      store.group(1, 1, 1);
      Counters before = store.counters();
      store.sync();
      assertEquals(before, store.counters());
    }
  }

  @Test
  void theNextSegmentIsPreparedAheadInFullLength() throws IOException {
    try (FileLogStore store = open()) {
      store.group(1, 1, 1);
      assertEquals(
          List.of("0000000000000001.log", "0000000000000002.log", "lock", "reserve"), names());
      assertEquals(SEGMENT_BYTES, Files.size(directory.resolve("0000000000000002.log")));
    }
  }

  @Test
  void theLogGoesOnInTheNextSegmentWhetherItWasPreparedOrNot() throws IOException {
    for (Executor helper : List.<Executor>of(Runnable::run, work -> {})) {
      int last = 0;
      try (FileLogStore store = open(helper)) {
        LogStore.Group group = store.group(1, 1, 1);
        long held = group.recovered().last();
        for (last = (int) held + 1; last < held + 60; last++) {
          group.write(entry(last, 1000));
          store.sync();
        }
        assertTrue(store.counters().rolls() >= 3);
      }
      try (FileLogStore store = open(helper)) {
        List<Entry> entries = read(store.group(1, 1, 1));
        assertEquals(last - 1, entries.size());
        assertEquals(entry(last - 1, 1000), entries.get(last - 2));
      }
    }
    assertFalse(names().stream().anyMatch(name -> name.endsWith(".new")));
  }

  @Test
  void aRecordLargerThanASegmentGetsALargerOne() throws IOException {
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 1, 1);
      group.write(entry(1, 100_000));
      group.write(entry(2, 10));
      store.sync();
    }
    assertTrue(Files.size(directory.resolve("0000000000000002.log")) > 100_000);
    try (FileLogStore store = open()) {
      assertEquals(List.of(entry(1, 100_000), entry(2, 10)), read(store.group(1, 1, 1)));
    }
  }

  @Test
  void anUnfinishedSegmentIsRemoved() throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("0000000000000001.new"), new byte[700]);
    try (FileLogStore store = open()) {
      store.group(1, 1, 1);
    }
    try (FileLogStore store = open()) {
      assertFalse(store.group(1, 1, 1).recovered().created());
    }
    assertFalse(names().contains("0000000000000001.new"));
  }

  @Test
  void aSecondOpeningNamesTheHolderAndTheRemedy() {
    try (FileLogStore store = open()) {
      StorageException refusal = assertThrows(StorageException.class, this::open);
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("process id " + ProcessHandle.current().pid()), message);
      assertTrue(message.contains("stop that one first"), message);
      store.sync();
    }
    open().close();
  }

  @Test
  void theLockFileNamesItsHolder() throws IOException {
    try (FileLogStore store = open()) {
      String text = Files.readString(directory.resolve("lock"));
      assertTrue(text.startsWith("process id " + ProcessHandle.current().pid() + ", started 2"));
      store.sync();
    }
  }

  @Test
  void aPlaceThatIsNoDirectoryIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    StorageException refusal =
        assertThrows(
            StorageException.class, () -> FileLogStore.open(new RealDisk(file), SEGMENT_BYTES));
    assertTrue(String.valueOf(refusal.getMessage()).contains("is no directory"));
  }

  @Test
  void aLogOfAnUnknownFormatVersionIsRefused() throws IOException {
    open().close();
    Path segment = directory.resolve("0000000000000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(12, 9).putInt(36, RecordHeader.crc(header, 8, 28));
    Files.write(segment, bytes);
    StorageException refusal = assertThrows(StorageException.class, this::open);
    assertTrue(String.valueOf(refusal.getMessage()).contains("is in format version 9"));
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 1, 1);
      for (int index = 1; index < 60; index++) {
        group.write(entry(index, 1000));
      }
      store.sync();
    }
    Files.delete(directory.resolve("0000000000000002.log"));
    List<String> before = names();
    StorageException refusal = assertThrows(StorageException.class, this::open);
    assertTrue(String.valueOf(refusal.getMessage()).contains("0000000000000002.log is missing"));
    assertEquals(before, names());
  }
}
