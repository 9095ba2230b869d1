package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/log-format.md says of the order of records and of segments. */
class ReplayRulesTest {
  private static final Payload VALUE = RawLog.value(1, 700);
  private static final long FILLER = 9;

  @TempDir private Path directory;

  private RawLog raw() throws IOException {
    return new RawLog(directory);
  }

  private FileLogStore open() {
    return FileLogStore.open(new RealDisk(directory), RawLog.SEGMENT_BYTES, Runnable::run);
  }

  private String refusal() {
    return String.valueOf(assertThrows(StorageException.class, this::open).getMessage());
  }

  private List<String> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".log"))
          .map(name -> name.substring(15, 16))
          .sorted()
          .toList();
    }
  }

  private static List<Entry> read(LogStore.Group group, long epoch, long from) {
    List<Entry> entries = new ArrayList<>();
    group.read(epoch, from, Integer.MAX_VALUE, entries::add);
    return entries;
  }

  @Test
  void theRecordOfAReplicasCreationMayComeLast() throws IOException {
    try (RawLog raw = raw()) {
      raw.record(RecordHeader.Type.SAVED, 1, 5, 0, 0, VALUE)
          .entry(1, 5, 1, 3, VALUE)
          .created(1, 5, 2)
          .sync();
    }
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 2, 77);
      Recovered recovered = group.recovered();
      assertFalse(recovered.created());
      assertEquals(5, recovered.incarnation());
      assertEquals(VALUE, Payload.of(recovered.saved() == null ? new byte[0] : recovered.saved()));
      assertEquals(VALUE, read(group, 1, 3).get(0).value());
    }
  }

  /** It stands where the next entry ends, and would follow on it. */
  @Test
  void whatIsLeftOfATornTailIsNeverReadAgain() throws IOException {
    int toBorder = DirectFile.BLOCK / SectorFile.SECTOR * SectorFile.DATA - 904;
    Payload torn = RawLog.value(2, toBorder - RecordHeader.BYTES);
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 5, 1, 1, VALUE).sync();
      raw.entry(1, 5, 1, 2, torn).entry(1, 5, 1, 3, VALUE).sync();
      byte[] file = Files.readAllBytes(raw.file(1));
      assertEquals('Q', file[DirectFile.BLOCK + Stamps.BYTES]); // The third one begins there.
      Arrays.fill(file, DirectFile.BLOCK - SectorFile.SECTOR, DirectFile.BLOCK, (byte) 0);
      Files.write(raw.file(1), file);
    }
    Entry instead = new Entry(1, 2, Entry.Kind.BATCH, Stamp.NONE, RawLog.value(3, torn.length()));
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 2, 77);
      assertEquals(1, group.recovered().last());
      group.write(instead);
      store.sync();
    }
    try (FileLogStore store = open()) {
      assertEquals(List.of(instead), read(store.group(1, 2, 77), 1, 2));
    }
  }

  @Test
  void aReplicaThatWasNeverCreatedIsDamage() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 6, 1, 3, VALUE).sync();
    }
    assertTrue(refusal().contains("offset 128: a record belongs to a replica that was never"));
  }

  @Test
  void twoReplicasOfAGroupAreDamage() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).created(1, 6, 2).sync();
    }
    assertTrue(refusal().contains("one of two replicas of the same group"));
  }

  @Test
  void aReplicaMayFollowOneThatWasRemoved() throws IOException {
    try (RawLog raw = raw()) {
      raw.entry(1, 5, 1, 1, VALUE).record(RecordHeader.Type.RELEASE, 1, 5, 7, 700);
      raw.record(RecordHeader.Type.REMOVED, 1, 5, 0, 0)
          .created(1, 6, 3)
          .entry(1, 6, 1, 2, VALUE)
          .sync();
    }
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 3, 77);
      Recovered recovered = group.recovered();
      assertEquals(6, recovered.incarnation());
      assertEquals(List.of(2L, 2L), List.of(recovered.first(), recovered.last()));
      assertThrows(IllegalStateException.class, () -> removeAndCreateAgain(store, 6));
      assertThrows(IllegalStateException.class, () -> store.group(1, 3, 5));
      assertTrue(store.group(1, 3, 7).recovered().created());
    }
  }

  private static void removeAndCreateAgain(FileLogStore store, long incarnation) {
    store.remove(1);
    store.group(1, 3, incarnation);
  }

  @Test
  void aRecordBehindTheRemovalOfItsReplicaIsDamage() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2)
          .record(RecordHeader.Type.REMOVED, 1, 5, 0, 0)
          .entry(1, 5, 1, 1, VALUE)
          .sync();
    }
    assertTrue(refusal().contains("stands behind the removal of its replica"));
  }

  @Test
  void aReleaseCoversWhatComesBehindIt() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 5, 2, 9, VALUE).record(RecordHeader.Type.RELEASE, 1, 5, 3, 10);
      raw.entry(1, 5, 2, 11, VALUE).entry(1, 5, 3, 10, VALUE).entry(1, 5, 3, 11, VALUE).sync();
    }
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 2, 77);
      Recovered recovered = group.recovered();
      assertEquals(
          List.of(3L, 11L, 11L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
      assertEquals(List.of(), read(group, 2, 9));
      assertEquals(List.of(), read(group, 2, 11));
    }
  }

  @Test
  void aLostEntryIsFaultyUntilItIsWrittenAgain() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 5, 1, 1, VALUE).lost(1, 5, 1, 2).entry(1, 5, 1, 3, VALUE);
      raw.sync();
    }
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 2, 77);
      Recovered recovered = group.recovered();
      assertEquals(List.of(2L), recovered.faulty());
      assertEquals(List.of(1L, 3L), List.of(recovered.first(), recovered.last()));
      assertEquals(3, recovered.stamps().size());
      StorageException unreadable = assertThrows(StorageException.class, () -> read(group, 1, 1));
      String message = String.valueOf(unreadable.getMessage());
      assertTrue(message.contains("entry 2 of epoch 1 in group 1 cannot be read"), message);
      group.write(read(group, 1, 3).get(0));
      store.sync();
    }
    try (RawLog raw = raw()) {
      raw.entry(1, 5, 1, 2, VALUE).sync();
    }
    try (FileLogStore store = open()) {
      assertEquals(List.of(), store.group(1, 2, 77).recovered().faulty());
    }
  }

  @Test
  void aDamagedSealRefusesItsGroupUnlessALaterOneOfTheEpochReplacesIt() throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).record(RecordHeader.Type.SEAL, 1, 5, 3, 7, VALUE).sync();
    }
    Path segment = directory.resolve(Segment.name(1));
    byte[] bytes = Files.readAllBytes(segment);
    bytes[(int) SectorFile.inFile(120 + 80 + 9)] ^= 1;
    Files.write(segment, bytes);
    try (FileLogStore store = open()) {
      String refusal =
          String.valueOf(
              assertThrows(StorageException.class, () -> store.group(1, 2, 77)).getMessage());
      assertTrue(refusal.contains("offset 128: the seal of an epoch is damaged"), refusal);
    }
    try (RawLog raw = raw()) {
      raw.record(RecordHeader.Type.SEAL, 1, 5, 3, 7, VALUE).sync();
    }
    try (FileLogStore store = open()) {
      assertEquals(
          List.of(new LogStore.Seal(3, 7, VALUE)), store.group(1, 2, 77).recovered().seals());
    }
  }

  /** Segments 1 to 4, of which 1 and 2 are not needed. */
  private void writeFour(int firstNeeded) throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 5, 1, 1, VALUE);
      raw.roll(FILLER, 1, 1).roll(FILLER, 1, 11);
      raw.created(1, 5, 2).entry(1, 5, 1, 1, VALUE).created(FILLER, 1, 1);
      for (int index = 1; index <= 30; index++) {
        raw.record(RecordHeader.Type.TRUNCATION, FILLER, 1, 1, index);
      }
      raw.sync();
      if (firstNeeded > 1) {
        raw.dropped(firstNeeded).sync();
      }
      raw.roll(FILLER, 1, 1).sync();
      assertEquals(List.of("1", "2", "3", "4", "5"), segments());
    }
  }

  private void assertHoldsItsEntry() {
    try (FileLogStore store = open()) {
      LogStore.Group group = store.group(1, 2, 77);
      assertFalse(group.recovered().created());
      assertNull(group.recovered().saved());
      assertEquals(VALUE, read(group, 1, 1).get(0).value());
    }
  }

  @Test
  void aLogMayBeginWithALaterSegmentIfARecordSaysSo() throws IOException {
    writeFour(3);
    Files.delete(directory.resolve(Segment.name(1)));
    Files.delete(directory.resolve(Segment.name(2)));
    assertHoldsItsEntry();
    assertEquals(List.of("3", "4", "5"), segments());
    assertHoldsItsEntry();
  }

  @Test
  void whatADeletionHasLeftIsDeleted() throws IOException {
    writeFour(3);
    assertHoldsItsEntry();
    assertEquals(List.of("3", "4", "5"), segments());
  }

  @Test
  void whatADeletionHasLeftInFrontOfAGapIsNotReadAndDeleted() throws IOException {
    writeFour(3);
    Files.delete(directory.resolve(Segment.name(2)));
    Files.write(directory.resolve(Segment.name(1)), new byte[100]);
    assertHoldsItsEntry();
    assertEquals(List.of("3", "4", "5"), segments());
  }

  @Test
  void aSegmentThatNoRecordGivesUpIsMissing() throws IOException {
    writeFour(1);
    Files.delete(directory.resolve(Segment.name(1)));
    assertTrue(refusal().contains(Segment.name(1) + " is missing"));
  }

  @Test
  void aSegmentBehindThoseThatAreGivenUpIsMissing() throws IOException {
    writeFour(3);
    Files.delete(directory.resolve(Segment.name(3)));
    assertTrue(refusal().contains(Segment.name(3) + " is missing"));
    assertEquals(List.of("1", "2", "4", "5"), segments());
  }

  /** The last record has nothing behind it that tells of it. */
  private void withStampAndZerosOverTheLastHeader(long stamp) throws IOException {
    try (RawLog raw = raw()) {
      raw.created(1, 5, 2).entry(1, 5, 1, 1, RawLog.value(1, 800)).sync();
      raw.entry(1, 5, 1, 2, RawLog.value(2, 100)).sync();
    }
    Path segment = directory.resolve(Segment.name(1));
    byte[] bytes = Files.readAllBytes(segment);
    ByteBuffer last = ByteBuffer.wrap(bytes, 2 * SectorFile.SECTOR, SectorFile.SECTOR);
    assertEquals(RecordHeader.MAGIC, bytes[last.position() + Stamps.BYTES]);
    last.putLong(stamp).put(new byte[SectorFile.DATA]);
    Files.write(segment, bytes);
  }

  @Test
  void aSectorOfAnotherPlaceOverTheLastHeaderIsDamageThoughItHoldsZeros() throws IOException {
    withStampAndZerosOverTheLastHeader(Stamps.of(1, 9));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertTrue(
          refusal().contains("offset 1032: the sector where the next record"), this::refusal);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void whereAWriteEndedWithinItsStampTheLogEnds(int bytes) throws IOException {
    long stamp = bytes == 0 ? 0 : Stamps.of(1, 2) & (-1L << (Long.SIZE - bytes * Byte.SIZE));
    withStampAndZerosOverTheLastHeader(stamp);
    try (FileLogStore store = open()) {
      assertEquals(1, store.group(1, 2, 77).recovered().last());
    }
  }

  @Test
  void aFeatureThatIsNotKnownIsRefused() throws IOException {
    open().close();
    Path segment = directory.resolve(Segment.name(1));
    byte[] bytes = Files.readAllBytes(segment);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(24, 4).putInt(36, RecordHeader.crc(header, 8, 28));
    Files.write(segment, bytes);
    assertTrue(refusal().contains("needs features 00000004"), this::refusal);
    assertTrue(refusal().contains("a later version wrote it"), this::refusal);
  }
}
