package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Lead;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotFetchTest implements SnapshotFetch.Owner {
  private static final long SECOND = 1_000_000_000;
  private static final int PART = SnapshotSource.PART_BYTES;

  private final FakeSnapshots snapshots = new FakeSnapshots();
  private final SnapshotFetch fetch = new SnapshotFetch(snapshots, Runnable::run, this, 1_000);
  private final List<String> asked = new ArrayList<>();
  private final List<Long> received = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean waits;
  private long waited;

  @Test
  void partAfterPartIsAskedForAtThePaceThatIsAllowed() {
    byte[] content = content(500);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    part(2, 9, content, 0, 200);
    assertEquals(200 * SECOND / 1_000, waited);
    part(2, 9, content, 200, 300);
    assertEquals(List.of("2: 0+0", "2: 9+0", "2: 9+200"), asked);
    assertEquals(List.of(9L), received);
    assertArrayEquals(content, snapshots.finished.get(9L));
    assertTrue(fetch.isIdle());
    assertFalse(snapshots.writing);
  }

  @Test
  @DisplayName("N10: each transfer has its own content")
  void partsOfAnotherSnapshotBeginAnew() {
    byte[] one = content(500);
    byte[] other = content(400);
    fetch.begin(0, 2, 5);
    part(2, 9, one, 0, 0);
    part(2, 9, one, 0, 200);
    part(2, 12, other, 200, 200); // The source has lost the first, and tells of another one.
    assertEquals("2: 12+0", asked.get(asked.size() - 1));
    part(2, 12, other, 0, 400);
    assertEquals(List.of(12L), received);
    assertArrayEquals(other, snapshots.finished.get(12L));
  }

  @Test
  void someMorePartsAreAskedForThanAreWritten() {
    byte[] content = content(7 * PART);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    assertEquals(List.of("2: 0+0", ask(0), ask(1), ask(2), ask(3)), asked);
    part(2, 9, content, 0, PART);
    assertEquals(ask(4), asked.get(asked.size() - 1));
    for (int number = 1; number < 7; number++) {
      part(2, 9, content, number * PART, PART);
    }
    assertEquals(8, asked.size(), "nothing behind the end");
    assertArrayEquals(content, snapshots.finished.get(9L));
    assertEquals(List.of(9L), received);
  }

  @Test
  void thePaceHoldsHoweverManyPartsAreOnTheirWay() {
    waits = true;
    byte[] content = content(7 * PART);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    for (int number = 0; number < 4; number++) {
      part(2, 9, content, number * PART, PART);
    }
    assertEquals(5, asked.size(), "all that may be on its way, and nothing is paid for");
    assertEquals(1, waiting.size(), "one payment at a time");
    assertEquals(PART * SECOND / 1_000, waited);
    waiting.remove().run();
    assertEquals(List.of(ask(4)), asked.subList(5, asked.size()));
    assertEquals(1, waiting.size());
    assertEquals(PART * SECOND / 1_000, waited, "part by part, however many have come");
  }

  @Test
  @DisplayName("P42: what is here already is not waited for when a transfer goes on")
  void whatIsHereAlreadyIsNotPaidForAgain() {
    byte[] content = content(7 * PART);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    for (int number = 0; number < 5; number++) {
      part(2, 9, content, number * PART, PART);
    }
    fetch.stop();
    asked.clear();
    waits = true;
    fetch.begin(SECOND, 2, 5);
    part(2, 9, content, 0, 0);
    assertEquals(List.of("2: 0+0", ask(5), ask(6)), asked);
    assertTrue(waiting.isEmpty());
  }

  @Test
  void whatDoesNotFitBehindAShortPartIsAskedForAgain() {
    byte[] content = content(3 * PART);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    part(2, 9, content, 0, 100);
    part(2, 9, content, PART, PART);
    assertEquals(
        List.of("2: 9+100", "2: 9+" + (PART + 100), "2: 9+" + (2 * PART + 100)),
        asked.subList(4, asked.size()));
    part(2, 9, content, 100, PART);
    part(2, 9, content, PART + 100, PART);
    part(2, 9, content, 2 * PART + 100, PART - 100);
    assertArrayEquals(content, snapshots.finished.get(9L));
  }

  private static String ask(int number) {
    return "2: 9+" + number * PART;
  }

  @Test
  void whatWasNotAskedForIsDropped() {
    byte[] content = content(500);
    part(2, 9, content, 0, 100);
    fetch.begin(0, 2, 5);
    part(3, 9, content, 0, 0);
    assertEquals(List.of("2: 0+0"), asked);
    part(2, 9, content, 0, 0);
    part(2, 9, content, 100, 100);
    part(2, 9, content, 0, 100);
    part(2, 9, content, 0, 100);
    assertEquals(List.of("2: 0+0", "2: 9+0", "2: 9+100"), asked);
  }

  @Test
  void aSourceThatHasNothingThatHelpsIsLeft() {
    fetch.begin(0, 2, 5);
    part(2, 4, content(100), 0, 0);
    assertTrue(fetch.isIdle());
    assertEquals(0, fetch.source());
    assertEquals(List.of(), received);
  }

  @Test
  void aSilentSourceIsLeftAndAnotherMayGoOn() {
    byte[] content = content(500);
    fetch.begin(0, 2, 5);
    part(2, 9, content, 0, 0);
    fetch.look(SECOND);
    assertEquals(2, fetch.source());
    fetch.begin(SECOND, 3, 5);
    assertEquals(2, fetch.source(), "one at a time");
    fetch.look(3 * SECOND);
    assertTrue(fetch.isIdle());
    assertFalse(snapshots.writing);
    fetch.begin(3 * SECOND, 3, 5);
    part(3, 9, content, 0, 0);
    part(3, 9, content, 0, 500);
    assertEquals(List.of(9L), received);
  }

  @Test
  void aFailureEndsTheTransferAndIsTold() {
    snapshots.writing = true;
    fetch.begin(0, 2, 5);
    part(2, 9, content(500), 0, 0);
    assertEquals(1, failures.size());
    assertTrue(fetch.isIdle());
  }

  private static byte[] content(int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new SnapshotHead(List.of(), length, 1, new Lead(1, Stamp.NONE))
          .write(new DataOutputStream(out));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Arrays.copyOf(out.toByteArray(), length);
  }

  private void part(int from, long index, byte[] content, int offset, int length) {
    Snapshot snapshot = FakeSnapshots.snapshot(index, content);
    ByteBuffer part =
        new Wire.Out(100)
            .putSnapshot(snapshot)
            .putLong(offset)
            .put(Arrays.copyOfRange(content, offset, offset + length))
            .end();
    fetch.part(0, from, part, 4);
  }

  @Override
  public void ask(int member, long least, long epoch, long index, long offset) {
    assertEquals(5, least);
    asked.add(member + ": " + index + "+" + offset);
  }

  @Override
  public void inLoop(Runnable task) {
    task.run();
  }

  @Override
  public void later(long nanos, Runnable task) {
    waited = Math.max(waited, nanos);
    if (waits) {
      waiting.add(task);
    } else {
      task.run();
    }
  }

  @Override
  public void received(Snapshot snapshot, SnapshotHead head) {
    assertEquals(snapshot.length(), head.commandIndex());
    received.add(snapshot.index());
  }

  @Override
  public void failed(Throwable cause) {
    failures.add(cause);
  }
}
