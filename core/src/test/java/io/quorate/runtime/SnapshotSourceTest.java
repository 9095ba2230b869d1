package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotSourceTest {
  private final FakeSnapshots snapshots = new FakeSnapshots();
  private final SnapshotSource source = new SnapshotSource(snapshots);

  @Test
  void whoHasNoneSendsNothing() {
    assertNull(source.part(1, 2, 0, 0, 0, 0));
  }

  @Test
  void whoAsksForTheNewestIsToldWhichItIsAndThenGetsItInParts() {
    byte[] content = new byte[SnapshotSource.PART_BYTES + 100];
    content[SnapshotSource.PART_BYTES] = 42;
    snapshots.finished.put(7L, content);
    ByteBuffer told = part(0, 0);
    assertEquals(FakeSnapshots.snapshot(7, content), Wire.snapshot(told));
    assertEquals(0, told.getLong());
    assertEquals(0, told.remaining());
    ByteBuffer first = part(7, 0);
    Wire.snapshot(first);
    assertEquals(0, first.getLong());
    assertEquals(SnapshotSource.PART_BYTES, first.remaining());
    ByteBuffer last = part(7, SnapshotSource.PART_BYTES);
    Wire.snapshot(last);
    assertEquals(SnapshotSource.PART_BYTES, last.getLong());
    assertEquals(100, last.remaining());
    assertEquals(42, last.get());
  }

  @Test
  @DisplayName("N5: newer snapshots do not restart a transfer that is under way")
  void aNewerSnapshotDoesNotRestartATransfer() {
    snapshots.finished.put(7L, new byte[SnapshotSource.PART_BYTES * 3]);
    assertEquals(7, Wire.snapshot(part(0, 0)).index());
    assertEquals(7, Wire.snapshot(part(7, 0)).index());
    snapshots.finished.clear(); // Its name is gone, not what was opened.
    snapshots.finished.put(9L, new byte[10]);
    ByteBuffer next = part(7, SnapshotSource.PART_BYTES);
    assertEquals(7, Wire.snapshot(next).index());
    assertEquals(SnapshotSource.PART_BYTES, next.getLong());
    assertEquals(SnapshotSource.PART_BYTES, next.remaining());
  }

  @Test
  void whoAsksForOneThatIsGoneIsToldOfTheNewest() {
    snapshots.finished.put(9L, new byte[10]);
    ByteBuffer told = part(7, 5);
    assertEquals(9, Wire.snapshot(told).index());
    told.getLong();
    assertEquals(0, told.remaining());
  }

  @Test
  void whoNeedsANewerOneIsToldWhichThereIsAndGetsNothingOfIt() {
    snapshots.finished.put(9L, new byte[10]);
    ByteBuffer told = part(10, 9, 0);
    assertEquals(9, Wire.snapshot(told).index());
    told.getLong();
    assertEquals(0, told.remaining());
    assertEquals(0, snapshots.open);
    part(9, 9, 0);
  }

  private ByteBuffer part(long index, long offset) {
    return part(0, index, offset);
  }

  private ByteBuffer part(long least, long index, long offset) {
    ByteBuffer part = source.part(1, 2, least, 1, index, offset);
    if (part == null) {
      throw new AssertionError("there is a snapshot");
    }
    assertEquals(1, part.getLong());
    return part;
  }
}
