package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Snapshots.Snapshot;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the snapshots of every {@link Log} hold. Extend it and say which log; a durable one extends
 * {@link DurableSnapshotContract}.
 */
public abstract class SnapshotContract {
  /** The group that the tests write to. */
  protected static final long GROUP = 7;

  /** Above what is in memory of a snapshot at a time, and not a multiple of anything. */
  protected static final int MANY = 700_001;

  /** The open store. */
  protected LogStore store;

  /** The snapshots of its group {@link #GROUP}. */
  protected Snapshots snapshots;

  /** With a store that {@link #openStore} replaces. */
  @SuppressWarnings("NullAway.Init")
  protected SnapshotContract() {}

  /** The log under test: empty at first, the same one however often a test asks. */
  protected abstract Log log();

  @BeforeEach
  final void openStore() {
    open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  /** Opens the store and its group. */
  protected final void open() {
    store = log().open();
    snapshots = store.group(GROUP, 3, 1).snapshots();
  }

  // For tests of logs

  /** The stamp of an entry. */
  public static Stamp stamp(long index) {
    return new Stamp(index + 1, -index);
  }

  /** Random bytes that the seed tells. */
  public static byte[] content(long seed, int bytes) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** What a snapshot of that content at an index of epoch 1 is. */
  public static Snapshot described(long index, byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return new Snapshot(1, index, stamp(index), content.length, Payload.of(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes a snapshot of epoch 1. */
  public static Snapshot take(Snapshots snapshots, long index, byte[] content) {
    try (Snapshots.Writer writer = snapshots.take(1, index, stamp(index))) {
      writer.write(ByteBuffer.wrap(content));
      return writer.finish();
    }
  }

  /** Has all that is left of a snapshot received. */
  public static Snapshot receive(Snapshots snapshots, long index, byte[] content) {
    try (Snapshots.Writer writer = snapshots.receive(described(index, content))) {
      int from = (int) writer.position();
      writer.write(ByteBuffer.wrap(content, from, content.length - from));
      return writer.finish();
    }
  }

  /** All content, as a stream. */
  public static byte[] bytes(Snapshots.Reader reader) {
    try {
      return reader.stream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The newest snapshot, which must be there. */
  public static Snapshots.Reader newest(Snapshots snapshots) {
    Snapshots.@Nullable Reader newest = snapshots.newest();
    assertNotNull(newest, "there is no snapshot");
    return newest;
  }

  /** Fails unless the newest snapshot is of that index and content. */
  protected static void assertNewest(Snapshots snapshots, long index, byte[] content) {
    try (Snapshots.Reader newest = newest(snapshots)) {
      assertEquals(described(index, content), newest.snapshot());
      assertArrayEquals(content, bytes(newest));
    }
  }

  // Taking and reading

  @Test
  void aReplicaHasNoSnapshotAtFirst() {
    assertNull(snapshots.newest());
    assertNull(snapshots.at(1, 1));
  }

  @Test
  void contentOfAnyLengthIsReadAsItWasWritten() {
    int[] lengths = {0, 1, 4091, 4092, 4093, 65_531, 65_532, 65_533, 131_064, 262_128, MANY};
    for (int i = 0; i < lengths.length; i++) {
      byte[] content = content(i, lengths[i]);
      assertEquals(described(i + 1, content), take(snapshots, i + 1, content));
      assertNewest(snapshots, i + 1, content);
    }
  }

  @Test
  void contentMayBeWrittenInPiecesOfAnyKindAndSize() {
    byte[] content = content(1, MANY);
    Random random = new Random(2);
    try (Snapshots.Writer writer = snapshots.take(1, 5, stamp(5))) {
      for (int at = 0; at < content.length; ) {
        int length = Math.min(content.length - at, random.nextInt(90_000));
        ByteBuffer piece =
            random.nextBoolean()
                ? ByteBuffer.wrap(content, at, length)
                : ByteBuffer.allocateDirect(length).put(content, at, length).flip();
        writer.write(piece);
        at += length;
        assertEquals(0, piece.remaining());
        assertEquals(at, writer.position());
      }
      writer.finish();
    }
    assertNewest(snapshots, 5, content);
  }

  @Test
  void piecesCanBeReadAtAnyOffset() {
    byte[] content = content(1, MANY);
    take(snapshots, 5, content);
    Random random = new Random(3);
    try (Snapshots.Reader reader = newest(snapshots)) {
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(MANY + 1);
        ByteBuffer piece = ByteBuffer.allocate(random.nextInt(200_000));
        int length = Math.min(piece.capacity(), MANY - from);
        assertEquals(length, reader.read(from, piece));
        assertArrayEquals(
            Arrays.copyOfRange(content, from, from + length), Arrays.copyOf(piece.array(), length));
      }
      assertEquals(0, reader.read(MANY, ByteBuffer.allocate(1)));
      assertThrows(
          IndexOutOfBoundsException.class, () -> reader.read(MANY + 1, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void whatIsNotFinishedIsNoSnapshot() {
    byte[] content = content(1, 100);
    take(snapshots, 4, content);
    try (Snapshots.Writer writer = snapshots.take(1, 5, stamp(5))) {
      writer.write(ByteBuffer.wrap(content(2, MANY)));
      assertNewest(snapshots, 4, content);
    }
    assertNewest(snapshots, 4, content);
    assertNull(snapshots.at(1, 5));
  }

  @Test
  void aNewOneTakesThePlaceOfTheOneBefore() {
    take(snapshots, 4, content(1, 100));
    take(snapshots, 5, content(2, 50));
    assertNull(snapshots.at(1, 4));
    take(snapshots, 5, content(3, 70_000));
    assertNewest(snapshots, 5, content(3, 70_000));
  }

  @Test
  void oneOfALaterEpochIsNewerWhateverItsIndex() {
    take(snapshots, 500, content(1, 100));
    Snapshot newer;
    try (Snapshots.Writer writer = snapshots.take(2, 3, stamp(3))) {
      newer = writer.finish();
    }
    try (Snapshots.Reader newest = newest(snapshots)) {
      assertEquals(newer, newest.snapshot());
    }
  }

  @Test
  void anOlderOneIsRefused() {
    take(snapshots, 500, content(1, 100));
    assertThrows(IllegalStateException.class, () -> snapshots.take(1, 499, stamp(499)));
    assertNewest(snapshots, 500, content(1, 100));
  }

  @Test
  void groupsDoNotSeeEachOthers() {
    Snapshots other = store.group(GROUP + 1, 3, 2).snapshots();
    try (Snapshots.Writer writer = snapshots.take(1, 5, stamp(5))) {
      take(other, 9, content(9, 900));
      writer.write(ByteBuffer.wrap(content(5, 500)));
      writer.finish();
    }
    assertNewest(snapshots, 5, content(5, 500));
    assertNewest(other, 9, content(9, 900));
  }

  // What is refused

  @Test
  void twoAtOnceAreRefusedAndTheFirstGoesOn() {
    byte[] content = content(1, 100);
    try (Snapshots.Writer writer = snapshots.take(1, 5, stamp(5))) {
      for (Runnable second :
          new Runnable[] {
            () -> snapshots.take(1, 6, stamp(6)), () -> snapshots.receive(described(7, content))
          }) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, second::run);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("0006") || message.contains("0007"), message);
        assertTrue(message.contains("0005"), message);
      }
      writer.write(ByteBuffer.wrap(content));
      writer.finish();
      take(snapshots, 6, content);
    }
    assertNewest(snapshots, 6, content);
  }

  @Test
  void aWriterThatHasEndedTakesNothing() {
    Snapshots.Writer finished = snapshots.take(1, 5, stamp(5));
    finished.finish();
    assertThrows(IllegalStateException.class, () -> finished.write(ByteBuffer.allocate(1)));
    assertThrows(IllegalStateException.class, finished::finish);
    finished.abandon();
    finished.close();
    assertNewest(snapshots, 5, new byte[0]);
    Snapshots.Writer abandoned = snapshots.take(1, 6, stamp(6));
    abandoned.abandon();
    assertThrows(IllegalStateException.class, () -> abandoned.write(ByteBuffer.allocate(1)));
  }

  @Test
  void aClosedStoreTakesNothingAndReadsNothing() {
    take(snapshots, 5, content(1, 100));
    Snapshots.Reader reader = newest(snapshots);
    Snapshots.Writer writer = snapshots.take(1, 6, stamp(6));
    store.close();
    assertThrows(StorageException.class, () -> snapshots.newest());
    assertThrows(StorageException.class, () -> snapshots.take(1, 7, stamp(7)));
    assertThrows(StorageException.class, () -> reader.read(0, ByteBuffer.allocate(1)));
    assertThrows(StorageException.class, () -> writer.write(ByteBuffer.allocate(1)));
    reader.close();
    writer.close();
  }

  // Reading while others write

  @Test
  void aReaderKeepsItsSnapshotWhileOthersTakeItsPlace() {
    byte[] content = content(1, MANY);
    take(snapshots, 1, content);
    Snapshots.Reader first = newest(snapshots);
    try (Snapshots.Reader again = newest(snapshots)) {
      ByteBuffer start = ByteBuffer.allocate(1000);
      first.read(0, start);
      for (int index = 2; index <= 4; index++) {
        take(snapshots, index, content(index, 70_000));
      }
      assertArrayEquals(content, bytes(first));
      first.close();
      assertArrayEquals(content, bytes(again), "another one still reads it");
      assertNewest(snapshots, 4, content(4, 70_000));
    }
    assertNull(snapshots.at(1, 1), "nobody reads it any more");
  }

  @Test
  void readersOfOtherThreadsSeeWholeSnapshotsOnly() {
    int last = 60;
    take(snapshots, 1, content(1, 70_001));
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () -> {
              for (long seen = 0; seen < last; ) {
                try (Snapshots.Reader reader = newest(snapshots)) {
                  seen = reader.snapshot().index();
                  assertArrayEquals(content(seen, 70_000 + (int) seen), bytes(reader));
                }
              }
            });
    for (int index = 2; index <= last; index++) {
      take(snapshots, index, content(index, 70_000 + index));
    }
    reading.join();
  }

  // Receiving

  @Test
  void aReceivedSnapshotIsTheOneThatWasTold() {
    byte[] content = content(1, MANY);
    assertEquals(described(5, content), receive(snapshots, 5, content));
    assertNewest(snapshots, 5, content);
    assertEquals(described(6, new byte[0]), receive(snapshots, 6, new byte[0]));
  }

  @Test
  void aTransferThatBrokeOffGoesOnWhereItStands() {
    byte[] content = content(1, MANY);
    long position;
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      assertEquals(0, writer.position());
      writer.write(ByteBuffer.wrap(content, 0, 500_000));
    }
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      position = writer.position();
      assertTrue(position <= 500_000 && position >= 500_000 - (256 << 10), "at " + position);
      assertEquals(position, writer.durable());
    }
    receive(snapshots, 5, content);
    assertNewest(snapshots, 5, content);
  }

  @Test
  void anotherReplicasSnapshotOfTheSamePlaceGoesOnOnlyIfItIsEqual() {
    byte[] content = content(1, MANY);
    byte[] other = content.clone();
    other[MANY - 1]++;
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      writer.write(ByteBuffer.wrap(content, 0, 500_000));
    }
    assertNotEquals(described(5, content), described(5, other));
    try (Snapshots.Writer writer = snapshots.receive(described(5, other))) {
      assertEquals(0, writer.position());
    }
    receive(snapshots, 5, other);
    assertNewest(snapshots, 5, other);
  }

  @Test
  void aTransferThatWasAbandonedOrOvertakenBeginsAnew() {
    byte[] content = content(1, MANY);
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      writer.write(ByteBuffer.wrap(content, 0, 500_000));
      writer.abandon();
    }
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      assertEquals(0, writer.position());
      writer.write(ByteBuffer.wrap(content, 0, 500_000));
    }
    snapshots.take(1, 4, stamp(4)).close();
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      assertEquals(0, writer.position());
    }
  }

  @Test
  void whatIsNotWhatWasToldIsNoSnapshot() {
    byte[] content = content(1, MANY);
    byte[] other = content.clone();
    other[100_000]++;
    for (byte[] sent : new byte[][] {other, Arrays.copyOf(content, MANY - 1)}) {
      try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
        assertEquals(0, writer.position());
        writer.write(ByteBuffer.wrap(sent));
        assertThrows(StorageException.class, writer::finish);
      }
      assertNull(snapshots.newest());
    }
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      ByteBuffer more = ByteBuffer.allocate(MANY + 1);
      assertThrows(IllegalArgumentException.class, () -> writer.write(more));
      assertEquals(0, writer.position());
    }
  }
}
