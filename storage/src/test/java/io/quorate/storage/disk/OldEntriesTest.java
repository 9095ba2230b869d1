package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading what is no longer in memory: in large steps, and beside compaction. */
class OldEntriesTest {
  private static final int SEGMENT_BYTES = 1 << 20;

  @TempDir private Path directory;

  private final List<String> reads = new ArrayList<>();

  private static Entry entry(long index, int bytes) {
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 0), RawLog.value((int) index, bytes));
  }

  private FileLogStore open(HookedDisk disk) {
    return FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run);
  }

  private static List<Entry> read(LogStore.Group group, long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    group.read(1, from, maxBytes, entries::add);
    return entries;
  }

  @Test
  void entriesThatStandTogetherAreReadAtOnce() {
    HookedDisk disk = new HookedDisk(directory);
    try (FileLogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      LogStore.Group other = store.group(2, 1, 1);
      for (int index = 1; index <= 400; index++) {
        group.write(entry(index, 1000));
        other.write(entry(index, 200));
      }
      store.sync();
      disk.beforeRead(reads::add);
      assertEquals(400, read(group, 1, Integer.MAX_VALUE).size());
      assertTrue(reads.size() <= 3, reads::toString);
      reads.clear();
      assertEquals(100, read(group, 7, 100_000).size());
      assertEquals(1, reads.size());
      reads.clear();
      assertEquals(List.of(entry(400, 1000)), read(group, 400, 0));
      assertEquals(1, reads.size());
    }
  }

  @Test
  void whatStandsFarApartIsNotReadAtOnce() {
    HookedDisk disk = new HookedDisk(directory);
    try (FileLogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      LogStore.Group other = store.group(2, 1, 1);
      for (int index = 1; index <= 5; index++) {
        group.write(entry(index, 10));
        other.write(entry(index, 50_000));
      }
      group.write(entry(2, 11));
      store.sync();
      disk.beforeRead(reads::add);
      assertEquals(5, read(group, 1, Integer.MAX_VALUE).size());
      assertEquals(entry(2, 11), read(group, 2, 0).get(0));
      assertEquals(6, reads.size());
    }
  }

  /** Of the first segment the record of the replica's creation is live, and nothing else. */
  @Test
  void ofASegmentThatIsGivenUpOnlyWhatIsLiveIsRead() {
    HookedDisk disk = new HookedDisk(directory);
    try (FileLogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      long before = disk.readBytes();
      for (int index = 1; index <= 12_000; index++) {
        group.write(entry(index, 1000));
        if (index % 100 == 0) {
          group.release(1, index - 50);
          store.sync();
        }
      }
      long drops = store.counters().drops();
      assertTrue(drops > 5, store.counters()::toString);
      long read = disk.readBytes() - before;
      assertTrue(read > 0 && read <= drops * SectorFile.SECTOR, () -> read + " bytes");
    }
  }

  /** Reading begins, and before the bytes come the segment is given up and its file deleted. */
  @Test
  void aSegmentThatIsGivenUpWhileItIsReadStaysOpenForItsReader() {
    HookedDisk disk = new HookedDisk(directory);
    try (FileLogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      for (int index = 1; index <= 20; index++) {
        group.write(entry(index, 1000));
      }
      store.sync();
      disk.beforeRead(
          name -> {
            disk.beforeRead(other -> {});
            assertEquals(Segment.name(1), name);
            drive(store, () -> !Files.exists(directory.resolve(Segment.name(1))));
          });
      List<Entry> entries = read(group, 1, Integer.MAX_VALUE);
      assertEquals(20, entries.size());
      assertEquals(entry(20, 1000), entries.get(19));
      assertEquals(entries, read(group, 1, Integer.MAX_VALUE));
    }
  }

  /** Files of segments that are given up are written again as others, but not that one. */
  @Test
  void aSegmentThatIsGivenUpWhileItIsReadIsNotWrittenAgainUnderItsReader() {
    HookedDisk disk = new HookedDisk(directory);
    try (FileLogStore store = open(disk)) {
      LogStore.Group group = store.group(1, 1, 1);
      List<Entry> written = new ArrayList<>();
      for (int index = 1; index <= 20; index++) {
        written.add(entry(index, 1000));
        group.write(written.get(index - 1));
      }
      store.sync();
      disk.beforeRead(
          name -> {
            disk.beforeRead(other -> {});
            assertEquals(Segment.name(1), name);
            drive(store, () -> disk.spares() > 4);
          });
      assertEquals(written, read(group, 1, Integer.MAX_VALUE));
    }
  }

  private static void drive(FileLogStore store, BooleanSupplier isDone) {
    LogStore.Group busy = store.group(2, 1, 1);
    for (int index = 1; !isDone.getAsBoolean(); index++) {
      assertTrue(index < 1000, "segments are never given up, or not used again");
      busy.write(entry(index, 100_000));
      busy.release(1, index);
      store.sync();
    }
  }

  @Test
  void aClosedStoreIsNotRead() {
    HookedDisk disk = new HookedDisk(directory);
    FileLogStore store = open(disk);
    LogStore.Group group = store.group(1, 1, 1);
    group.write(entry(1, 100));
    store.sync();
    store.close();
    assertThrows(StorageException.class, () -> read(group, 1, 0));
  }
}
