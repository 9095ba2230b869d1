package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bit of a log flipped; and a disk that fails in the midst. */
class InspectionTest {
  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int STEP = Boolean.getBoolean("quorate.slow") ? 1 : 13;
  private static final int ENTRIES = 5;
  private static final byte[] CONTENT = new byte[3000];

  private final Map<String, byte[]> files = new TreeMap<>();

  @TempDir private Path directory;

  private static Entry entry(int index) {
    Payload value = RawLog.value(index, 150 * index);
    return new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 1), value);
  }

  /** Two segments with records, the second one in what was another before, and a snapshot. */
  private void write() throws IOException {
    Disk disk = new MemoryDisk();
    try (LogStore store = FileLogStore.open(disk, SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group filling = store.group(2, 1, 8);
      int index = 1;
      while (!disk.list().contains(Segment.name(5))) {
        filling.write(
            new Entry(1, index, Entry.Kind.BATCH, new Stamp(1, 1), RawLog.value(index, 2500)));
        filling.release(1, index - 1);
        store.sync();
        index++;
      }
      LogStore.Group group = store.group(1, 1, 9);
      for (int i = 1; i <= ENTRIES; i++) {
        group.write(entry(i));
        store.sync();
      }
      group.save(new byte[] {1, 2, 3});
      store.sync();
      try (Snapshots.Writer writer = group.snapshots().take(1, 2, new Stamp(1, 1))) {
        writer.write(ByteBuffer.wrap(CONTENT));
        writer.finish();
      }
    }
    for (String name : disk.list()) {
      try (Disk.File file = disk.open(name)) {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        files.put(name, bytes.array());
      }
    }
  }

  private Disk copy() throws IOException {
    Disk disk = new MemoryDisk();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      disk.create(file.getKey()).write(ByteBuffer.wrap(file.getValue()), 0);
    }
    return disk;
  }

  @Test
  void eachFlippedBitIsFoundOrIsNoneOfTheLogs() throws IOException {
    write();
    Disk disk = copy();
    assertEquals(List.of(), Inspection.of(disk).damages());
    assertOpensEqual("nothing");
    long found = 0;
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] bytes = file.getValue();
      long step = STEP;
      for (long bit = 0; bit < bytes.length * 8L; bit += step) {
        int at = (int) (bit / 8);
        step = isNoneOfTheLogs(file.getKey(), at) ? 31 * STEP : STEP;
        flip(disk, file.getKey(), at, 1 << bit % 8);
        found += flipped(disk, file.getKey(), at);
        flip(disk, file.getKey(), at, 1 << bit % 8);
      }
    }
    assertTrue(found > 20_000 * 8 / STEP, "only " + found + " were found");
  }

  private void flip(Disk disk, String name, int at, int mask) throws IOException {
    byte[] bytes = Objects.requireNonNull(files.get(name));
    bytes[at] ^= (byte) mask;
    try (Disk.File file = disk.open(name)) {
      file.write(ByteBuffer.wrap(bytes, at, 1), at);
    }
  }

  /** Returns how many findings there are. */
  private int flipped(Disk disk, String file, int at) throws IOException {
    Inspection inspection = Inspection.of(disk);
    assertEquals(List.of(), inspection.unreadable());
    List<Damage> damages = inspection.damages();
    if (damages.isEmpty()) {
      assertTrue(isNoneOfTheLogs(file, at), file + " at " + at);
      assertOpensEqual(file + " at " + at);
      return 0;
    }
    assertEquals(1, damages.size(), () -> at + ": " + damages);
    Damage damage = damages.get(0);
    assertEquals(file, damage.file(), damage::toString);
    assertTrue(damage.offset() <= at, () -> at + " is before " + damage);
    assertTrue(at - damage.offset() < 4096, () -> at + " is far from " + damage);
    return 1;
  }

  /** Whether the byte is in a file without a meaning, or in a sector that is not written. */
  private boolean isNoneOfTheLogs(String file, int at) {
    if (!Recovery.isSegment(file)) {
      return Reserve.isName(file) || Recovery.isUnfinished(file);
    }
    int sector = at / SectorFile.SECTOR;
    long stamp = ByteBuffer.wrap(Objects.requireNonNull(files.get(file))).getLong(sector * 512);
    return at % SectorFile.SECTOR >= Stamps.BYTES
        && stamp != Stamps.of(Segment.number(file), sector);
  }

  private void assertOpensEqual(String flipped) throws IOException {
    try (LogStore store = FileLogStore.open(copy(), SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(1, 1, 77);
      Recovered recovered = group.recovered();
      assertEquals(9, recovered.incarnation(), flipped);
      assertArrayEquals(new byte[] {1, 2, 3}, recovered.saved(), flipped);
      List<Entry> entries = new ArrayList<>();
      group.read(1, 1, Integer.MAX_VALUE, entries::add);
      assertEquals(ENTRIES, entries.size(), flipped);
      for (int index = 1; index <= ENTRIES; index++) {
        assertEquals(entry(index), entries.get(index - 1), flipped);
      }
      try (Snapshots.Reader reader = group.snapshots().at(1, 2)) {
        assertEquals(CONTENT.length, reader == null ? 0 : reader.snapshot().length(), flipped);
      }
    }
  }

  @Test
  void howFarItIsGrowsToAllThatIsRead() throws IOException {
    write();
    List<Long> told = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    long[] now = {0};
    ProgressMeter meter =
        new ProgressMeter(
            (phase, done, total, nanos, problem) -> {
              assertEquals(ProgressListener.Phase.VERIFICATION, phase);
              told.add(done);
              totals.add(total);
            },
            () -> now[0] += 1_000_000_000);
    Inspection inspection = Inspection.of(copy(), meter);
    assertEquals(List.of(), inspection.damages());
    long expected =
        inspection.files().stream()
            .mapToLong(
                file ->
                    Recovery.isSegment(file.file())
                        ? 2 * file.bytes()
                        : SnapshotName.ofFinished(file.file()) == null ? 0 : file.bytes())
            .sum();
    assertEquals(List.of(expected), totals.stream().distinct().toList());
    assertEquals(told.stream().sorted().toList(), told);
    assertEquals(expected, told.get(told.size() - 1));
    long segments = files.keySet().stream().filter(Recovery::isSegment).count();
    assertEquals(segments + 3, told.size(), told::toString); // The log, stamps, a block, the end.
    assertTrue(told.get(told.size() - 2) > expected * 3 / 4, told::toString);
  }

  @Test
  void anErrorOfTheDiskHidesNoDamage() throws IOException {
    try (RawLog raw = new RawLog(directory)) {
      raw.created(1, 5, 2).entry(1, 5, 1, 1, RawLog.value(1, 100)).sync();
      raw.entry(1, 5, 1, 2, RawLog.value(1, 100)).roll(1, 5, 3).sync();
    }
    byte[] bytes = Files.readAllBytes(directory.resolve(Segment.name(1)));
    bytes[(int) SectorFile.inFile(120 + 80 + 7)] ^= 1;
    Files.write(directory.resolve(Segment.name(1)), bytes);
    HookedDisk disk = new HookedDisk(directory);
    AtomicInteger reads = new AtomicInteger();
    disk.beforeRead(
        name -> {
          if (name.equals(Segment.name(2)) && reads.incrementAndGet() > 1) {
            throw new IOException("bad sector");
          }
        });
    Inspection inspection = Inspection.of(disk);
    assertEquals(1, inspection.damages().size());
    assertEquals(1, inspection.damages().get(0).index());
    assertEquals(1, inspection.unreadable().size(), inspection.unreadable()::toString);
    assertTrue(inspection.unreadable().get(0).contains("bad sector"));
  }
}
