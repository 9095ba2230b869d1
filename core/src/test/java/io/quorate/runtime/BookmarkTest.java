package io.quorate.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.Command;
import io.quorate.DurableStateMachine;
import io.quorate.QuorateException;
import io.quorate.spi.Base;
import io.quorate.spi.Configuration;
import io.quorate.spi.Configuration.Voter;
import io.quorate.spi.Entry;
import io.quorate.spi.Lead;
import io.quorate.spi.LogStore;
import io.quorate.spi.Member;
import io.quorate.spi.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BookmarkTest {
  private static final UUID OURS = new UUID(1, 1);
  private static final Stamp STAMP = new Stamp(3, 0);

  private final Keeping machine = new Keeping();

  private static Entry founding(UUID cluster) {
    Configuration configuration =
        new Configuration(
            cluster, 1, "script", List.of(new Voter(new Member(1, 1), "a:1")), 0, 0, 0);
    return new Entry(1, 1, Entry.Kind.FOUNDING, STAMP, configuration.encode());
  }

  private static byte[] bookmark(long index) throws IOException {
    ByteArrayOutputStream front = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(front);
    new SnapshotHead(List.of(founding(OURS)), 40, 5, new Lead(0, Stamp.NONE)).write(out);
    new SessionTable(1_000).write(out);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Bookmark.write(new DataOutputStream(bytes), 1, new Base(index, STAMP), front.toByteArray());
    return bytes.toByteArray();
  }

  private static LogStore.Recovered log(long last) {
    return new LogStore.Recovered(
        11, false, null, 1, 1, last, List.of(), List.of(), List.of(), null, List.of());
  }

  private Bookmark opened(long index) throws IOException {
    machine.kept = bookmark(index);
    return required(Bookmark.open(machine));
  }

  private static Bookmark required(@Nullable Bookmark bookmark) {
    if (bookmark == null) {
      throw new AssertionError("there is a bookmark");
    }
    return bookmark;
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Bookmark bookmark = opened(30);
    assertEquals(new Base(30, STAMP), bookmark.base());
    assertEquals(1, bookmark.epoch());
    assertEquals(40, bookmark.head().commandIndex());
    Applier applier =
        new Applier(machine, (a, b) -> Long.compare(a.high(), b.high()), new SessionTable(1_000));
    applier.resume(bookmark);
    assertEquals(30, applier.entryIndex());
    assertEquals(40, applier.commandIndex());
    assertEquals(5, applier.time());
    assertArrayEquals(machine.kept, applier.bookmark(1));
  }

  @Test
  void aMachineThatKeepsNothingYetHasNoBookmark() {
    assertNull(Bookmark.open(machine));
    assertNull(Bookmark.open(new Bench.Machine()));
  }

  @Test
  @DisplayName("N7: a log that lacks what the state machine has is refused")
  void aLogThatLacksWhatTheStateIncludesIsRefused() throws IOException {
    Bookmark bookmark = opened(30);
    bookmark.check(log(30), null, List.of(founding(OURS)));
    QuorateException refused =
        assertThrows(
            QuorateException.class, () -> bookmark.check(log(29), null, List.of(founding(OURS))));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("includes entry 30, and the log ends with"),
        refused::toString);
  }

  @Test
  void aStoreOfAnotherClusterAndOneBesideAnEmptyLogAreRefused() throws IOException {
    Bookmark bookmark = opened(30);
    assertThrows(
        QuorateException.class,
        () -> bookmark.check(log(30), null, List.of(founding(new UUID(2, 2)))));
    assertThrows(QuorateException.class, () -> bookmark.check(log(0), null, List.of()));
  }

  @Test
  @DisplayName("N7: a state behind the snapshot is replaced by it")
  void aBookmarkBehindTheSnapshotIsNotGoneOnFrom() throws IOException {
    Bookmark bookmark = opened(30);
    SnapshotDesk.Found newer =
        new SnapshotDesk.Found(FakeSnapshots.snapshot(31, new byte[1]), bookmark.head());
    SnapshotDesk.Found same =
        new SnapshotDesk.Found(FakeSnapshots.snapshot(30, new byte[1]), bookmark.head());
    assertTrue(Bookmark.covers(bookmark, null));
    assertTrue(Bookmark.covers(bookmark, same));
    assertTrue(!Bookmark.covers(bookmark, newer));
    assertTrue(!Bookmark.covers(null, null));
  }

  @Test
  void whatIsNoBookmarkIsSaidToBeNone() {
    machine.kept = new byte[] {9, 9};
    QuorateException refused = assertThrows(QuorateException.class, () -> Bookmark.open(machine));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("no bookmark of this version"),
        refused::toString);
  }

  /** Echoes, and remembers what it was given to keep. */
  private static final class Keeping implements DurableStateMachine {
    private byte @Nullable [] kept;

    @Override
    public byte @Nullable [] open() {
      return kept;
    }

    @Override
    public void commit(byte[] bookmark) {
      kept = bookmark;
    }

    @Override
    public byte[] apply(Command command) {
      return command.bytes();
    }

    @Override
    public void snapshot(OutputStream out) {}

    @Override
    public void restore(InputStream in) {}
  }
}
