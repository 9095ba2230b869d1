package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.Log;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Log} holds. Extend it and say which log; a durable one extends {@link
 * DurableLogContract}.
 */
public abstract class LogContract {
  /** The group that the tests write to. */
  protected static final long GROUP = 7;

  /** The member id in it. */
  protected static final int MEMBER = 3;

  /** Enough for all entries of a test. */
  protected static final int ALL = Integer.MAX_VALUE;

  /** The open store. */
  protected LogStore store;

  /** Its group {@link #GROUP}. */
  protected LogStore.Group group;

  /** With a store that {@link #openStore} replaces. */
  @SuppressWarnings("NullAway.Init")
  protected LogContract() {}

  /** The log under test: empty at first, the same one however often a test asks. */
  protected abstract Log log();

  @BeforeEach
  final void openStore() {
    open(1);
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  /** Opens the store and its group. */
  protected final void open(long freshIncarnation) {
    store = log().open();
    group = store.group(GROUP, MEMBER, freshIncarnation);
  }

  /** An entry of epoch 1 whose value is told by its index and term. */
  protected static Entry entry(long index, long term) {
    return entry(1, index, term, 20);
  }

  /** An entry whose value of {@code bytes} is told by its index and term. */
  protected static Entry entry(long epoch, long index, long term, int bytes) {
    byte[] value = new byte[bytes];
    new Random(index * 31 + term).nextBytes(value);
    return new Entry(epoch, index, Entry.Kind.BATCH, new Stamp(term, 0), Payload.of(value));
  }

  /** Reads from {@code from} on until the log says no. */
  protected static List<Entry> read(LogStore.Group group, long epoch, long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    group.read(epoch, from, maxBytes, entries::add);
    return entries;
  }

  /** Writes entries of epoch 1 with those indexes and one term. */
  protected final void write(long from, long to, long term) {
    for (long index = from; index <= to; index++) {
      group.write(entry(index, term));
    }
  }

  /** The entries that {@link #write} writes. */
  protected static List<Entry> entries(long from, long to, long term) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(entry(index, term));
    }
    return entries;
  }

  @Test
  void anEmptyLogTellsThatItWasCreatedAndHoldsNothing() {
    Recovered recovered = group.recovered();
    assertEquals(1, recovered.incarnation());
    assertTrue(recovered.created());
    assertNull(recovered.saved());
    assertEquals(
        List.of(1L, 1L, 0L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    assertEquals(List.of(), recovered.stamps());
    assertEquals(List.of(), recovered.configurations());
    assertEquals(List.of(), recovered.faulty());
    assertEquals(List.of(), read(group, 1, 1, ALL));
  }

  @Test
  void entriesCanBeReadBeforeAndAfterTheSync() {
    write(1, 3, 1);
    assertEquals(entries(1, 3, 1), read(group, 1, 1, ALL));
    store.sync();
    assertEquals(entries(2, 3, 1), read(group, 1, 2, ALL));
    write(4, 5, 2);
    assertEquals(entry(4, 2), read(group, 1, 4, ALL).get(0));
    assertEquals(5, read(group, 1, 1, ALL).size());
  }

  @Test
  void readingEndsAtTheFirstMissingIndex() {
    write(1, 2, 1);
    write(4, 4, 1);
    assertEquals(entries(1, 2, 1), read(group, 1, 1, ALL));
    assertEquals(List.of(), read(group, 1, 3, ALL));
    assertEquals(entries(4, 4, 1), read(group, 1, 4, ALL));
  }

  @Test
  void readingEndsWhereTheNextEntryWouldBeTooMuch() {
    write(1, 5, 1);
    assertEquals(3, read(group, 1, 1, 60).size());
    assertEquals(2, read(group, 1, 1, 59).size());
  }

  @Test
  void oneEntryIsReadWhateverItsSize() {
    write(1, 2, 1);
    assertEquals(entries(2, 2, 1), read(group, 1, 2, 0));
  }

  @Test
  void readingEndsWhenTheSinkSaysNo() {
    write(1, 5, 1);
    List<Entry> taken = new ArrayList<>();
    group.read(1, 1, ALL, entry -> taken.add(entry) && entry.index() < 2);
    assertEquals(entries(1, 2, 1), taken);
  }

  /** IS2. */
  @Test
  void theLastWriteOfAnIndexWins() {
    write(1, 3, 1);
    group.write(entry(2, 5));
    assertEquals(List.of(entry(1, 1), entry(2, 5), entry(3, 1)), read(group, 1, 1, ALL));
  }

  @Test
  void anEntryThatReplacesALargerOneIsReadWhole() {
    group.write(entry(1, 1, 1, 3000));
    store.sync();
    group.write(entry(1, 1, 2, 10));
    assertEquals(List.of(entry(1, 1, 2, 10)), read(group, 1, 1, ALL));
  }

  @Test
  void aTruncationRemovesEverythingFromItsIndexOn() {
    write(1, 5, 1);
    group.truncate(1, 3);
    assertEquals(entries(1, 2, 1), read(group, 1, 1, ALL));
    group.write(entry(3, 2));
    assertEquals(List.of(entry(3, 2)), read(group, 1, 3, ALL));
  }

  @Test
  void whatIsReleasedIsNotReadAnyMore() {
    write(1, 9, 1);
    group.release(1, 4);
    assertEquals(List.of(), read(group, 1, 1, ALL));
    assertEquals(List.of(), read(group, 1, 4, ALL));
    assertEquals(entries(5, 9, 1), read(group, 1, 5, ALL));
    group.release(1, 3);
    store.sync();
    assertEquals(entries(5, 9, 1), read(group, 1, 5, ALL));
  }

  @Test
  void whatIsWrittenAtAReleasedPlaceIsReleased() {
    write(1, 3, 1);
    group.release(1, 100);
    write(99, 101, 2);
    assertEquals(List.of(), read(group, 1, 99, ALL));
    assertEquals(List.of(), read(group, 1, 100, ALL));
    assertEquals(entries(101, 101, 2), read(group, 1, 101, ALL));
  }

  @Test
  void aReleaseGivesUpEarlierEpochsAsAWhole() {
    group.write(entry(1, 50, 1, 9));
    group.write(entry(2, 50, 2, 9));
    group.write(entry(2, 51, 2, 9));
    group.write(entry(3, 50, 2, 9));
    group.release(2, 50);
    assertEquals(List.of(), read(group, 1, 50, ALL));
    assertEquals(List.of(entry(2, 51, 2, 9)), read(group, 2, 51, ALL));
    assertEquals(List.of(entry(3, 50, 2, 9)), read(group, 3, 50, ALL));
    group.write(entry(1, 60, 3, 9));
    assertEquals(List.of(), read(group, 1, 60, ALL));
  }

  @Test
  void anEpochIsSealedOnceAndTheEntriesBehindAreLeftAsTheyAre() {
    write(1, 9, 1);
    byte[] next = {7, 8};
    group.seal(1, 5, next);
    group.seal(1, 5, next.clone());
    assertThrows(IllegalStateException.class, () -> group.seal(1, 6, next));
    assertThrows(IllegalStateException.class, () -> group.seal(1, 5, new byte[] {7, 9}));
    store.sync();
    assertEquals(entries(1, 9, 1), read(group, 1, 1, ALL));
  }

  @Test
  void aSealHasAPlaceAndAtMost4096Bytes() {
    assertThrows(IllegalStateException.class, () -> group.seal(0, 1, new byte[1]));
    assertThrows(IllegalStateException.class, () -> group.seal(1, 0, new byte[1]));
    assertThrows(IllegalStateException.class, () -> group.seal(1, 1, new byte[4097]));
    group.seal(1, 1, new byte[4096]);
    group.seal(2, 1, new byte[0]);
    store.sync();
  }

  @Test
  void aRemovedReplicaHoldsNothingAndTakesNothing() {
    LogStore.Group other = store.group(GROUP + 1, 9, 5);
    write(1, 5, 1);
    other.write(entry(1, 8));
    store.remove(GROUP);
    assertEquals(List.of(), read(group, 1, 1, ALL));
    assertThrows(IllegalStateException.class, () -> group.write(entry(6, 1)));
    assertThrows(IllegalStateException.class, () -> group.save(new byte[1]));
    assertThrows(IllegalStateException.class, () -> group.truncate(1, 1));
    assertThrows(IllegalStateException.class, () -> group.release(1, 1));
    assertThrows(IllegalStateException.class, () -> group.seal(1, 1, new byte[0]));
    store.sync();
    assertEquals(List.of(entry(1, 8)), read(other, 1, 1, ALL));
  }

  @Test
  void afterARemovalAGroupIsCreatedAnew() {
    write(1, 5, 1);
    store.remove(GROUP);
    LogStore.Group next = store.group(GROUP, MEMBER + 1, 2);
    assertTrue(next.recovered().created());
    assertEquals(2, next.recovered().incarnation());
    assertEquals(List.of(), read(next, 1, 1, ALL));
    next.write(entry(2, 7));
    store.sync();
    assertEquals(List.of(entry(2, 7)), read(next, 1, 2, ALL));
  }

  @Test
  void nothingIsRemovedWhereThereIsNoReplica() {
    write(1, 2, 1);
    store.remove(GROUP + 5);
    store.sync();
    assertEquals(entries(1, 2, 1), read(group, 1, 1, ALL));
  }

  @Test
  void epochsHaveIndexesOfTheirOwn() {
    group.write(entry(1, 1, 1, 9));
    group.write(entry(2, 1, 1, 8));
    group.truncate(2, 1);
    group.write(entry(3, 1, 4, 7));
    assertEquals(List.of(entry(1, 1, 1, 9)), read(group, 1, 1, ALL));
    assertEquals(List.of(), read(group, 2, 1, ALL));
    assertEquals(List.of(entry(3, 1, 4, 7)), read(group, 3, 1, ALL));
  }

  @Test
  void groupsDoNotSeeEachOther() {
    LogStore.Group other = store.group(GROUP + 1, 9, 5);
    write(1, 2, 1);
    other.write(entry(1, 8));
    group.truncate(1, 1);
    store.sync();
    assertEquals(List.of(), read(group, 1, 1, ALL));
    assertEquals(List.of(entry(1, 8)), read(other, 1, 1, ALL));
    assertEquals(5, other.recovered().incarnation());
  }

  @Test
  void emptyLargeAndDirectValuesComeBackAsTheyWere() {
    ByteBuffer direct = ByteBuffer.allocateDirect(5000).position(100).limit(4000);
    List<Entry> written =
        List.of(
            new Entry(1, 1, Entry.Kind.LEAD, new Stamp(1, 2), Payload.EMPTY),
            entry(1, 2, 1, 3_000_000),
            new Entry(1, 3, Entry.Kind.CONFIGURATION, new Stamp(-1, 7), Payload.of(direct)),
            entry(1, 4, 2, 70_000));
    written.forEach(group::write);
    assertEquals(written, read(group, 1, 1, ALL));
    store.sync();
    assertEquals(written, read(group, 1, 1, ALL));
  }

  @Test
  void aGroupOpenedForAnotherMemberIsRefused() {
    StorageException refusal =
        assertThrows(StorageException.class, () -> store.group(GROUP, MEMBER + 1, 2));
    assertTrue(String.valueOf(refusal.getMessage()).contains("member 3, not for member 4"));
  }

  @Test
  void aSavedRecordOfMoreThanFourKilobytesIsRefused() {
    group.save(new byte[4096]);
    assertThrows(IllegalStateException.class, () -> group.save(new byte[4097]));
  }

  @Test
  void aClosedStoreTakesNothing() {
    store.close();
    assertThrows(StorageException.class, () -> group.write(entry(1, 1)));
    assertThrows(StorageException.class, () -> group.release(1, 1));
    assertThrows(StorageException.class, () -> store.remove(GROUP));
    assertThrows(StorageException.class, () -> store.sync());
    store.close();
  }

  @Test
  void readersSeeWholeEntriesWhileOthersAreWritten() {
    int last = 2000;
    write(1, 1, 1);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              for (int seen = 0; seen < last; ) {
                List<Entry> found = read(group, 1, Math.max(1, seen), 2000);
                assertEquals(
                    entries(Math.max(1, seen), found.get(found.size() - 1).index(), 1), found);
                seen = (int) found.get(found.size() - 1).index();
              }
            });
    for (int index = 2; index <= last; index++) {
      group.write(entry(index, 1));
      if (index % 50 == 0) {
        store.sync();
      }
    }
    reader.join();
    byte[] first = read(group, 1, 1, 0).get(0).value().toByteArray();
    assertArrayEquals(entry(1, 1).value().toByteArray(), first);
  }
}
