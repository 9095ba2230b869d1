package io.quorate.storage.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import io.quorate.storage.LogFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log in {@code src/test/resources/log-v1}: this version writes the same bytes, and every later
 * one has to read them. They were made by {@link #write}: run the test, copy segments 2 and 3 of
 * its directory. What is there never changes after a release; another format gets another
 * directory.
 */
class GoldenLogTest {
  private static final List<Integer> SEGMENTS = List.of(2, 3);
  private static final Payload SAVED = RawLog.value(3, 300);
  private static final Payload NEXT = RawLog.value(9, 50);
  private static final long GROUP = 7;
  private static final long INSTANCE = 0x0102_0304_0506_0708L;
  private static final long OTHER = 8;
  private static final long GONE = 9;

  @TempDir private Path directory;

  /** All types of records, in segments of which the first one has been given up. */
  private static void write(RawLog log) throws IOException {
    log.created(GROUP, INSTANCE, 3);
    log.entry(GROUP, INSTANCE, 1, 1, RawLog.value(1, 2000)).sync();
    log.created(OTHER, 2, 1).roll(OTHER, 2, 1);
    log.record(RecordHeader.Type.RELEASE, OTHER, 2, 1, 10).sync();
    log.created(OTHER, 2, 1).created(GROUP, INSTANCE, 3);
    log.lost(GROUP, INSTANCE, 1, 1).sync();
    log.dropped(2).sync().delete(1);
    for (int index = 2; index <= 5; index++) {
      log.entry(GROUP, INSTANCE, 1, index, RawLog.value(index, 100 * index));
    }
    log.record(RecordHeader.Type.TRUNCATION, GROUP, INSTANCE, 1, 5);
    log.record(RecordHeader.Type.SAVED, GROUP, INSTANCE, 0, 0, SAVED).sync();
    log.record(RecordHeader.Type.SEAL, GROUP, INSTANCE, 1, 6, NEXT).sync();
    log.created(GONE, 3, 4).entry(GONE, 3, 1, 1, Payload.EMPTY).sync();
    log.record(RecordHeader.Type.REMOVED, GONE, 3, 0, 0).sync();
    log.entry(GROUP, INSTANCE, 1, 7, thin()).sync();
    log.roll(OTHER, 2, 11);
    log.entry(GROUP, INSTANCE, 1, 3, RawLog.value(33, 10)).sync();
  }

  /** A value with sectors that are zero, or have a single bit. */
  private static Payload thin() {
    byte[] value = new byte[4000];
    value[2000] = 1;
    value[3999] = -1;
    return Payload.of(value);
  }

  private static byte[] golden(int segment) throws IOException {
    try (InputStream in =
        GoldenLogTest.class.getResourceAsStream("/log-v1/" + Segment.name(segment))) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  @Test
  void thisVersionWritesTheseBytes() throws IOException {
    try (RawLog log = new RawLog(directory)) {
      write(log);
      for (int segment : SEGMENTS) {
        assertArrayEquals(golden(segment), Files.readAllBytes(log.file(segment)));
      }
    }
  }

  @Test
  void thisVersionReadsTheseBytes() throws IOException {
    for (int segment : SEGMENTS) {
      Files.write(directory.resolve(Segment.name(segment)), golden(segment));
    }
    try (FileLogStore store =
        FileLogStore.open(new RealDisk(directory), RawLog.SEGMENT_BYTES, Runnable::run)) {
      LogStore.Group group = store.group(GROUP, 3, 99);
      assertEquals(
          new Recovered(
                  INSTANCE,
                  false,
                  SAVED.toByteArray(),
                  1,
                  1,
                  7,
                  List.of(
                      new StampRun(1, new Stamp(1, 1)),
                      new StampRun(2, new Stamp(1, 2)),
                      new StampRun(3, new Stamp(1, 3)),
                      new StampRun(4, new Stamp(1, 4)),
                      new StampRun(5, Stamp.NONE),
                      new StampRun(7, new Stamp(1, 7))),
                  List.of(),
                  List.of(1L),
                  null,
                  List.of(new LogStore.Seal(1, 6, NEXT)))
              .toString()
              .replaceAll("\\[B@[0-9a-f]+", ""),
          group.recovered().toString().replaceAll("\\[B@[0-9a-f]+", ""));
      assertArrayEquals(SAVED.toByteArray(), group.recovered().saved());
      assertThrows(StorageException.class, () -> read(group, 1));
      assertEquals(
          List.of(RawLog.value(2, 200), RawLog.value(33, 10), RawLog.value(4, 400)),
          read(group, 2));
      assertEquals(List.of(thin()), read(group, 7));
      LogStore.Group other = store.group(OTHER, 1, 99);
      assertEquals(11, other.recovered().first());
      assertEquals(RawLog.value(11, 3000), read(other, 11).get(0));
      assertEquals(true, store.group(GONE, 4, 99).recovered().created());
    }
  }

  /** The text is what {@code LogFiles.dump} wrote of this log, read by eye. */
  @Test
  void aDumpOfItIsThisText() throws IOException {
    for (int segment : SEGMENTS) {
      Files.write(directory.resolve(Segment.name(segment)), golden(segment));
    }
    StringBuilder dump = new StringBuilder();
    LogFiles.Report report = LogFiles.at(directory).dump(dump, command -> "");
    try (InputStream in = GoldenLogTest.class.getResourceAsStream("/log-v1.jsonl")) {
      assertEquals(new String(in == null ? new byte[0] : in.readAllBytes(), UTF_8), dump + "");
    }
    assertEquals(1, report.findings().size(), report::text);
    assertEquals(1, report.findings().get(0).index(), "the lost entry");
    StringBuilder plain = new StringBuilder();
    LogFiles.at(directory).dump(plain);
    assertEquals(dump.toString().replaceAll(",\"problem\":[^}]*", ""), plain + "");
  }

  private static List<Payload> read(LogStore.Group group, long from) {
    List<Entry> entries = new ArrayList<>();
    group.read(1, from, Integer.MAX_VALUE, entries::add);
    return entries.stream().map(Entry::value).toList();
  }
}
