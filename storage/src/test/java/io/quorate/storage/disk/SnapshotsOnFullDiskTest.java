package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.DiskFullException;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot for which there is no room is refused, and costs nothing that is there. */
class SnapshotsOnFullDiskTest {
  private static final byte[] OLD = content(1, 100_000);
  private static final byte[] NEW = content(2, 5_000_000);
  private static final Stamp STAMP = new Stamp(5, 3);

  @TempDir private Path directory;

  private TightDisk disk;
  private SnapshotFiles files;
  private Snapshots snapshots;

  @SuppressWarnings("NullAway.Init")
  SnapshotsOnFullDiskTest() {}

  @BeforeEach
  void takeOne() throws IOException {
    disk = new TightDisk(new RealDisk(directory));
    open();
    take(1, OLD);
  }

  private void open() throws IOException {
    files = SnapshotFiles.open(disk);
    snapshots = files.of(7, 9);
  }

  private static byte[] content(int seed, int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) (seed + i % 251);
    }
    return content;
  }

  private void take(long index, byte[] content) {
    try (Snapshots.Writer writer = snapshots.take(2, index, STAMP)) {
      writer.write(ByteBuffer.wrap(content));
      writer.finish();
    }
  }

  private static Snapshots.Snapshot told() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(NEW);
      return new Snapshots.Snapshot(2, 2, STAMP, NEW.length, Payload.of(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNewestIs(byte[] content) throws IOException {
    try (Snapshots.@Nullable Reader reader = snapshots.newest()) {
      assertNotNull(reader);
      assertArrayEquals(content, reader.stream().readAllBytes());
    }
  }

  /** The snapshots and what is not finished of any. */
  private List<String> endings() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .map(file -> String.valueOf(file.getFileName()).replaceFirst(".*-0*", ""))
          .sorted()
          .toList();
    }
  }

  private void assertOnlyTheOldOneIsThere() throws IOException {
    assertEquals(List.of("1.snap"), endings());
    assertNewestIs(OLD);
    files.close();
    open();
    assertNewestIs(OLD);
  }

  private static void assertTold(DiskFullException full, String what) {
    String words = String.valueOf(full.getMessage());
    assertTrue(words.contains("2.part could not be " + what + ", because the disk is full"), words);
    assertTrue(words.contains("are as they were"), words);
  }

  @Test
  void aDiskThatSaysThatItIsFullGetsNoFile() throws IOException {
    disk.saidRoom = 4096;
    assertTold(assertThrows(DiskFullException.class, () -> take(2, NEW)), "begun");
    assertOnlyTheOldOneIsThere();
    disk.saidRoom = Long.MAX_VALUE;
    take(2, NEW);
    assertNewestIs(NEW);
  }

  @Test
  void aDiskThatFillsUpMeanwhileGetsItsRoomBack() throws IOException {
    try (Snapshots.Writer writer = snapshots.take(2, 2, STAMP)) {
      disk.saidRoom = 9000;
      ByteBuffer content = ByteBuffer.wrap(NEW);
      assertTold(assertThrows(DiskFullException.class, () -> writer.write(content)), "written");
    }
    assertOnlyTheOldOneIsThere();
  }

  @Test
  void theEndNeedsRoomToo() throws IOException {
    try (Snapshots.Writer writer = snapshots.take(2, 2, STAMP)) {
      writer.write(ByteBuffer.wrap(OLD));
      disk.saidRoom = 9000;
      assertTold(assertThrows(DiskFullException.class, writer::finish), "finished");
    }
    assertOnlyTheOldOneIsThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4096, 300_000})
  void aDiskThatDoesNotSaySoIsFullAllTheSame(int taken) throws IOException {
    disk.full = true;
    disk.room = taken;
    assertThrows(DiskFullException.class, () -> take(2, NEW));
    assertOnlyTheOldOneIsThere();
  }

  @Test
  void whatIsReceivedIsNotBegunWhereTheWholeOfItHasNoRoom() throws IOException {
    disk.saidRoom = NEW.length;
    assertTold(assertThrows(DiskFullException.class, () -> snapshots.receive(told())), "begun");
    assertOnlyTheOldOneIsThere();
  }

  @Test
  void whatIsReceivedInPartNeedsRoomForTheRestOnly() throws IOException {
    try (Snapshots.Writer writer = snapshots.receive(told())) {
      writer.write(ByteBuffer.wrap(NEW, 0, 4_500_000));
    }
    disk.saidRoom = 1000;
    assertTold(assertThrows(DiskFullException.class, () -> snapshots.receive(told())), "begun");
    assertEquals(List.of("1.snap", "2.part"), endings());
    assertNewestIs(OLD);
    disk.saidRoom = 1_500_000;
    try (Snapshots.Writer writer = snapshots.receive(told())) {
      assertTrue(writer.position() > 4_000_000, "at " + writer.position());
      int at = (int) writer.position();
      writer.write(ByteBuffer.wrap(NEW, at, NEW.length - at));
      writer.finish();
    }
    assertNewestIs(NEW);
  }
}
