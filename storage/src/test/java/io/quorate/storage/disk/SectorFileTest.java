package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SectorFileTest {
  private static final int SECTORS = 64;
  private static final int BYTES = SECTORS * SectorFile.DATA;
  private static final int SEGMENT = 77;

  private final byte[] disk = new byte[SECTORS * SectorFile.SECTOR];
  private final SectorFile file = of(SEGMENT);

  private SectorFile of(int segment) {
    return new SectorFile(new Bytes(disk), segment);
  }

  private static byte[] random(int bytes, long seed) {
    byte[] random = new byte[bytes];
    new Random(seed).nextBytes(random);
    return random;
  }

  private byte[] all() throws IOException {
    return read(file, 0, BYTES);
  }

  private static byte[] read(SectorFile from, int offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    assertEquals(length, from.read(into, offset));
    return into.array();
  }

  @Test
  void whatWasWrittenPieceByPieceIsReadAtAnyPlace() throws IOException {
    byte[] model = random(BYTES, 1);
    Random random = new Random(2);
    for (int at = 0; at < BYTES; ) {
      int length = Math.min(BYTES - at, 1 + random.nextInt(4 * SectorFile.DATA));
      file.write(ByteBuffer.wrap(model, at, length), at);
      at += length;
      assertArrayEquals(Arrays.copyOf(Arrays.copyOf(model, at), BYTES), all());
    }
    for (int i = 0; i < 500; i++) {
      int from = random.nextInt(BYTES);
      int to = from + random.nextInt(BYTES - from);
      assertArrayEquals(
          Arrays.copyOfRange(model, from, to), read(file, from, to - from), from + " to " + to);
    }
  }

  @Test
  void readingEndsWithTheFile() throws IOException {
    file.write(ByteBuffer.wrap(random(BYTES, 1)), 0);
    assertEquals(BYTES, file.size());
    assertEquals(10, file.read(ByteBuffer.allocate(100), BYTES - 10));
    assertEquals(0, file.read(ByteBuffer.allocate(100), BYTES));
  }

  @Test
  void bytesOfAnEarlierSegmentAreNeverRead() throws IOException {
    of(SEGMENT - 1).write(ByteBuffer.wrap(random(BYTES, 1)), 0);
    assertArrayEquals(new byte[BYTES], all());
    byte[] own = random(1000, 2);
    file.write(ByteBuffer.wrap(own), 0);
    assertArrayEquals(Arrays.copyOf(own, BYTES), all());
    assertTrue(file.isWritten(0, 2 * SectorFile.DATA));
    assertFalse(file.isWritten(0, 2 * SectorFile.DATA + 1));
  }

  @Test
  void aLaterSegmentsBytesAreNotTakenForBlank() throws IOException {
    byte[] later = random(BYTES, 1);
    of(SEGMENT + 1).write(ByteBuffer.wrap(later), 0);
    assertArrayEquals(later, all());
  }

  @Test
  void bytesThatBelongToAnotherSectorAreNotTakenForBlank() throws IOException {
    of(SEGMENT - 1).write(ByteBuffer.wrap(random(BYTES, 1)), 0);
    byte[] data = random(SectorFile.DATA, 2);
    file.write(ByteBuffer.wrap(data), 0);
    System.arraycopy(disk, 0, disk, 5 * SectorFile.SECTOR, SectorFile.SECTOR);
    assertArrayEquals(data, read(file, 5 * SectorFile.DATA, SectorFile.DATA));
  }

  @Test
  void anEarlierSegmentsBytesAtAnotherPlaceAreNotTakenForBlank() throws IOException {
    byte[] earlier = random(BYTES, 1);
    of(SEGMENT - 1).write(ByteBuffer.wrap(earlier), 0);
    System.arraycopy(disk, 3 * SectorFile.SECTOR, disk, 5 * SectorFile.SECTOR, SectorFile.SECTOR);
    byte[] moved = Arrays.copyOfRange(earlier, 3 * SectorFile.DATA, 4 * SectorFile.DATA);
    assertArrayEquals(moved, read(file, 5 * SectorFile.DATA, SectorFile.DATA));
    assertEquals(5 * SectorFile.DATA, file.nextWritten(0, BYTES));
  }

  @Test
  void anySectorThatIsNotWrittenReadsAsZeros() throws IOException {
    of(SEGMENT - 3).write(ByteBuffer.wrap(random(BYTES, 1)), 0);
    byte[] before = disk.clone();
    byte[] model = random(8 * SectorFile.DATA, 2);
    file.write(ByteBuffer.wrap(model), 0);
    byte[] after = disk.clone();
    for (int written = 0; written < 1 << 8; written++) {
      byte[] expected = model.clone();
      for (int sector = 0; sector < 8; sector++) {
        boolean there = (written >> sector & 1) == 1;
        int at = sector * SectorFile.SECTOR;
        System.arraycopy(there ? after : before, at, disk, at, SectorFile.SECTOR);
        assertEquals(there, file.isWritten(sector * SectorFile.DATA, 1));
        if (!there) {
          Arrays.fill(expected, sector * SectorFile.DATA, (sector + 1) * SectorFile.DATA, (byte) 0);
        }
      }
      assertArrayEquals(expected, read(file, 0, model.length));
    }
  }

  @Test
  void aFlippedBitInAStampChangesNothing() throws IOException {
    of(SEGMENT - 1).write(ByteBuffer.wrap(random(4 * SectorFile.DATA, 1)), 0);
    of(SEGMENT - 64).write(ByteBuffer.wrap(random(SectorFile.DATA, 3)), 3 * SectorFile.DATA);
    file.write(ByteBuffer.wrap(random(SectorFile.DATA, 2)), 0);
    byte[] expected = all();
    for (int sector = 0; sector < 5; sector++) { // Own, two earlier ones', one never written.
      for (int bit = 0; bit < Long.SIZE; bit++) {
        int at = sector * SectorFile.SECTOR + bit / Byte.SIZE;
        disk[at] ^= (byte) (1 << bit % Byte.SIZE);
        assertArrayEquals(expected, all(), "bit " + bit + " of sector " + sector);
        disk[at] ^= (byte) (1 << bit % Byte.SIZE);
      }
    }
  }

  @Test
  void whatIsMadeBlankReadsAsZeros() throws IOException {
    byte[] model = random(BYTES, 1);
    file.write(ByteBuffer.wrap(model), 0);
    file.preallocate(1000, 7000);
    assertArrayEquals(Arrays.copyOf(model, 1000), read(file, 0, 1000));
    assertArrayEquals(new byte[6000], read(file, 1000, 6000));
    assertFalse(file.isWritten(2 * SectorFile.DATA, 1));
    assertTrue(file.isWritten(14 * SectorFile.DATA, 1)); // 7000 lies in sector 13.
  }

  /** A file in memory. */
  private record Bytes(byte[] bytes) implements Disk.File {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer into, long offset) {
      int length = (int) Math.min(into.remaining(), bytes.length - offset);
      into.put(bytes, (int) offset, length);
      return length;
    }

    @Override
    public void write(ByteBuffer from, long offset) {
      from.get(bytes, (int) offset, from.remaining());
    }

    @Override
    public void preallocate(long from, long to) {
      Arrays.fill(bytes, (int) from, (int) to, (byte) 0);
    }

    @Override
    public void force(boolean size) {
      throw new AssertionError("nobody asked for that");
    }

    @Override
    public void close() {
      throw new AssertionError("nobody asked for that");
    }
  }
}
