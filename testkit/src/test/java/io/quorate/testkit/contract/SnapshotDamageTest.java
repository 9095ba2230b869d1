package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.DamagedSnapshotException;
import io.quorate.spi.LogStore;
import io.quorate.spi.Snapshots;
import io.quorate.spi.StorageException;
import io.quorate.testkit.disk.SimDisk;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Snapshot files, cut and flipped everywhere. */
class SnapshotDamageTest {
  private static final String BASE = "0000000000000001-0000000000000009-0000000000000001-";
  private static final String FILE = BASE + "0000000000000005.snap";
  private static final int PAGE = 4096;
  private static final int BLOCK = 64 << 10;

  private final SimDisk disk = new SimDisk(1);
  private final LogStore store = disk.log(16 << 10).open();
  private final Snapshots snapshots = store.group(1, 1, 9).snapshots();

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void eachFlippedBitOfASmallSnapshotIsFoundAndLocated() {
    byte[] content = SnapshotContract.content(1, 3000);
    SnapshotContract.take(snapshots, 5, content);
    assertEquals(3 * PAGE, disk.size(FILE));
    for (long bit = 0; bit < 3 * PAGE * 8L; bit++) {
      assertFlipFound(content, bit, bit / 8 / PAGE * PAGE);
    }
  }

  @Test
  void flippedBitsOfALargeSnapshotAreFoundAndLocated() {
    byte[] content = SnapshotContract.content(1, 150_000);
    SnapshotContract.take(snapshots, 5, content);
    long end = disk.size(FILE) - PAGE;
    assertEquals(PAGE + 2 * BLOCK + 5 * PAGE, end);
    int step = FileFormat.EACH_BIT ? 1 : 1009;
    for (long bit = 0; bit < disk.size(FILE) * 8; bit += step) {
      long at = bit / 8;
      long part = at < PAGE ? 0 : at < end ? PAGE + (at - PAGE) / BLOCK * BLOCK : end;
      assertFlipFound(content, bit, part);
    }
  }

  /** Each part of a file has one checksum, so it is the part that is told. */
  private void assertFlipFound(byte[] content, long bit, long part) {
    disk.flipBit(FILE, bit / 8, (int) (bit % 8));
    assertDamage(content, part, "bit " + bit);
    disk.flipBit(FILE, bit / 8, (int) (bit % 8));
  }

  private void assertDamage(byte[] content, long offset, String when) {
    StorageException damage = assertThrows(StorageException.class, () -> checked(content), when);
    String message = String.valueOf(damage.getMessage());
    assertTrue(message.startsWith(FILE + ", offset " + offset + ":"), when + ": " + message);
  }

  /** Reads the newest one by pieces; fails if another content is told than was written. */
  private void checked(byte[] content) {
    try (Snapshots.Reader newest = SnapshotContract.newest(snapshots)) {
      assertEquals(SnapshotContract.described(5, content), newest.snapshot());
      ByteBuffer found = ByteBuffer.allocate(content.length);
      newest.read(0, found);
      assertArrayEquals(content, found.array());
    }
  }

  @Test
  void aSnapshotCutAtAnyByteIsDamage() {
    byte[] content = SnapshotContract.content(1, 3000);
    SnapshotContract.take(snapshots, 5, content);
    for (int size = 3 * PAGE - 1; size >= 0; size--) {
      disk.truncate(FILE, size);
      assertDamage(content, size < PAGE ? 0 : size - PAGE, "cut to " + size);
    }
  }

  @Test
  void aSnapshotCutBehindAnyBlockIsDamage() {
    byte[] content = SnapshotContract.content(1, 150_000);
    SnapshotContract.take(snapshots, 5, content);
    for (long size = disk.size(FILE) - PAGE; size >= PAGE; size -= PAGE) {
      disk.truncate(FILE, size);
      assertDamage(content, size - PAGE, "cut to " + size);
    }
  }

  @Test
  void aDamagedNewestOneIsReportedAndTheOlderOneCanBeReadByItsPlace() {
    byte[] content = SnapshotContract.content(1, 3000);
    SnapshotContract.take(snapshots, 4, content);
    try (Snapshots.Reader held = SnapshotContract.newest(snapshots)) {
      SnapshotContract.take(snapshots, 5, SnapshotContract.content(2, 3000));
      disk.flipBit(FILE, disk.size(FILE) - 1, 3);
      assertThrows(StorageException.class, snapshots::newest);
      assertThrows(StorageException.class, () -> snapshots.at(1, 5));
      assertEquals(4, held.snapshot().index());
      store.close();
    }
    try (LogStore again = disk.log(16 << 10).open()) {
      Snapshots reopened = again.group(1, 1, 9).snapshots();
      assertThrows(StorageException.class, reopened::newest);
      Snapshots.@Nullable Reader older = reopened.at(1, 4);
      assertNotNull(older);
      assertArrayEquals(content, SnapshotContract.bytes(older));
      older.close();
      byte[] repaired = SnapshotContract.content(3, 300);
      SnapshotContract.receive(reopened, 5, repaired);
      try (Snapshots.Reader newest = SnapshotContract.newest(reopened)) {
        assertArrayEquals(repaired, SnapshotContract.bytes(newest));
      }
    }
  }

  @Test
  void aDamagedOneIsReplacedByAnOlderOneAndASoundOneIsNot() {
    SnapshotContract.take(snapshots, 5, SnapshotContract.content(1, 3000));
    byte[] older = SnapshotContract.content(2, 3000);
    assertThrows(IllegalStateException.class, () -> SnapshotContract.receive(snapshots, 4, older));
    disk.flipBit(FILE, PAGE + 17, 3);
    try (Snapshots.Reader damaged = SnapshotContract.newest(snapshots)) {
      assertThrows(DamagedSnapshotException.class, () -> SnapshotContract.bytes(damaged));
    }
    SnapshotContract.receive(snapshots, 4, older);
    try (Snapshots.Reader newest = SnapshotContract.newest(snapshots)) {
      assertEquals(4, newest.snapshot().index());
      assertArrayEquals(older, SnapshotContract.bytes(newest));
    }
  }

  @Test
  void aFlippedBitOfAnUnfinishedTransferIsSentAgain() {
    byte[] content = SnapshotContract.content(1, 700_000);
    try (Snapshots.Writer writer = snapshots.receive(SnapshotContract.described(5, content))) {
      writer.write(ByteBuffer.wrap(content));
    }
    String part = BASE + "0000000000000005.part";
    disk.flipBit(part, PAGE + 3L * BLOCK + 17, 1);
    try (Snapshots.Writer writer = snapshots.receive(SnapshotContract.described(5, content))) {
      assertEquals(3 * (BLOCK - 4), writer.position());
    }
    disk.flipBit(part, 17, 1);
    try (Snapshots.Writer writer = snapshots.receive(SnapshotContract.described(5, content))) {
      assertEquals(0, writer.position());
    }
    SnapshotContract.receive(snapshots, 5, content);
    checked(content);
  }
}
