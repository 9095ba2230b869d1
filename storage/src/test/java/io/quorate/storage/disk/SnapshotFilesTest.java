package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot files, byte by byte. */
class SnapshotFilesTest {
  private static final long INSTANCE = 0xfedcba9876543210L;
  private static final String NAME =
      "0000000000000007-fedcba9876543210-0000000000000002-00000000000003e8.snap";
  private static final int PAGE = 4096;
  private static final int BLOCK = 64 << 10;

  @TempDir private Path directory;

  private SnapshotFiles files;
  private Snapshots snapshots;

  @SuppressWarnings("NullAway.Init")
  SnapshotFilesTest() {}

  @BeforeEach
  void open() throws IOException {
    files = SnapshotFiles.open(new RealDisk(directory));
    snapshots = files.of(7, INSTANCE);
  }

  /** Made by src/test/format/snapshot.py. */
  private static byte[] golden() throws IOException {
    try (@Nullable InputStream file =
        SnapshotFilesTest.class.getResourceAsStream("/snapshot/golden.snap.gz")) {
      assertNotNull(file);
      return new GZIPInputStream(file).readAllBytes();
    }
  }

  private static byte[] content() {
    byte[] content = new byte[70_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 251);
    }
    return content;
  }

  private void take(long index, byte[] content) {
    try (Snapshots.Writer writer = snapshots.take(2, index, new Stamp(5, 3))) {
      writer.write(ByteBuffer.wrap(content));
      writer.finish();
    }
  }

  @Test
  void whatIsReceivedInManyPiecesIsDigestedAsItWasWritten() throws IOException {
    byte[] content = new byte[3 << 20]; // Several buffers, and a rest.
    new Random(1).nextBytes(content);
    take(1_000, content);
    Snapshots other = files.of(8, INSTANCE);
    try (Snapshots.@Nullable Reader taken = snapshots.newest()) {
      assertNotNull(taken);
      try (Snapshots.Writer writer = other.receive(taken.snapshot())) {
        for (int at = 0; at < content.length; at += 100_000) {
          int length = Math.min(100_000, content.length - at);
          writer.write(ByteBuffer.wrap(content, at, length));
        }
        assertEquals(taken.snapshot(), writer.finish());
      }
    }
    try (Snapshots.@Nullable Reader received = other.newest()) {
      assertNotNull(received);
      assertArrayEquals(content, received.stream().readAllBytes());
    }
  }

  private byte[] read() throws IOException {
    try (Snapshots.@Nullable Reader reader = snapshots.newest()) {
      assertNotNull(reader);
      return reader.stream().readAllBytes();
    }
  }

  private String refusal() {
    return String.valueOf(assertThrows(StorageException.class, this::read).getMessage());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aFileIsWrittenJustAsThePageSays() throws IOException {
    take(1000, content());
    assertArrayEquals(golden(), Files.readAllBytes(directory.resolve(NAME)));
  }

  @Test
  void aFileThatIsWrittenAsThePageSaysIsRead() throws IOException {
    Files.write(directory.resolve(NAME), golden());
    try (Snapshots.@Nullable Reader reader = snapshots.newest()) {
      assertNotNull(reader);
      assertEquals(1000, reader.snapshot().index());
      assertEquals(new Stamp(5, 3), reader.snapshot().stamp());
    }
    assertArrayEquals(content(), read());
  }

  @Test
  void aFileOfALaterVersionOrWithAnUnknownFeatureIsRefusedAsSuch() throws IOException {
    for (int field : new int[] {4, 8}) {
      ByteBuffer later = ByteBuffer.wrap(golden()).putInt(field, 2);
      CRC32C crc = new CRC32C();
      crc.update(new byte[16]);
      crc.update(later.slice(0, PAGE - 4));
      later.putInt(PAGE - 4, (int) crc.getValue());
      Files.write(directory.resolve(NAME), later.array());
      assertTrue(refusal().contains("later version"), refusal());
    }
  }

  @Test
  void whatBelongsToAnotherPlaceOrAnotherFileIsDamage() throws IOException {
    take(999, new byte[200_000]);
    byte[] other = Files.readAllBytes(directory.resolve(names().get(0)));
    take(1000, new byte[200_000]);
    byte[] whole = Files.readAllBytes(directory.resolve(NAME));
    int end = whole.length - PAGE;

    assertDamage(whole, whole, PAGE, PAGE + BLOCK, BLOCK);
    assertDamage(whole, other, PAGE, PAGE, BLOCK);
    assertDamage(whole, other, end, end, PAGE);
    assertDamage(whole, other, 0, 0, PAGE);
    Files.write(directory.resolve(NAME), other);
    assertTrue(refusal().contains("the header is that of "), refusal());
    Files.write(directory.resolve(NAME), whole);
    assertArrayEquals(new byte[200_000], read());
  }

  /** Copies a part of one file into another. */
  private void assertDamage(byte[] whole, byte[] source, int from, int to, int length)
      throws IOException {
    byte[] spoiled = whole.clone();
    System.arraycopy(source, from, spoiled, to, length);
    Files.write(directory.resolve(NAME), spoiled);
    assertTrue(refusal().contains(NAME + ", offset " + to + ":"), refusal());
  }

  @Test
  void bytesBehindTheEndAreDamage() throws IOException {
    byte[] golden = golden();
    byte[] longer = new byte[golden.length + PAGE];
    System.arraycopy(golden, 0, longer, 0, golden.length);
    System.arraycopy(golden, golden.length - PAGE, longer, golden.length, PAGE);
    Files.write(directory.resolve(NAME), longer);
    assertTrue(refusal().contains("offset " + golden.length + ":"), refusal());
  }

  @Test
  void filesOfOtherNamesAreLeftAlone() throws IOException {
    List<String> others = List.of("7-1-1-1.part", "lock", NAME + "~", NAME.replace('f', 'F'));
    for (String other : others) {
      Files.write(directory.resolve(other), new byte[3]);
    }
    open();
    take(1000, content());
    assertTrue(names().containsAll(others), names().toString());
  }

  @Test
  void whatAnEarlierReplicaOfTheGroupHasLeftIsNotReadAndGoesWithTheNextSnapshot()
      throws IOException {
    take(1000, content());
    snapshots = files.of(7, 4);
    assertEquals(null, snapshots.newest());
    take(3, content());
    assertEquals(1, names().size());
    assertArrayEquals(content(), read());
  }

  @Test
  void allFilesOfARemovedReplicaAreDeletedOnceNobodyReadsThem() throws IOException {
    take(1000, content());
    Snapshots.Snapshot told =
        new Snapshots.Snapshot(2, 1001, new Stamp(5, 3), 9, Payload.of(new byte[32]));
    snapshots.receive(told).close();
    assertEquals(2, names().size());
    try (Snapshots.@Nullable Reader reader = snapshots.newest()) {
      assertNotNull(reader);
      files.remove(7, INSTANCE);
      assertEquals(List.of(NAME), names());
      assertArrayEquals(content(), reader.stream().readAllBytes());
    }
    assertEquals(List.of(), names());
  }
}
