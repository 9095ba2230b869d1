package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.LogStore.Recovered;
import io.quorate.spi.LogStore.Seal;
import io.quorate.spi.LogStore.StampRun;
import io.quorate.spi.Payload;
import io.quorate.spi.Stamp;
import io.quorate.spi.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every log holds that outlives its process: all that was synced is there when it is reopened.
 */
public abstract class DurableLogContract extends LogContract {
  /** For subclasses. */
  protected DurableLogContract() {}

  /** Closes the store and opens it again. */
  protected final Recovered reopen() {
    store.close();
    open(99);
    return group.recovered();
  }

  @Test
  void aReopenedReplicaIsTheOneThatWasCreated() {
    Recovered recovered = reopen();
    assertEquals(1, recovered.incarnation());
    assertFalse(recovered.created());
    assertEquals(
        List.of(1L, 1L, 0L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
  }

  @Test
  void syncedEntriesAreThereAfterReopening() {
    write(1, 300, 1);
    store.sync();
    write(301, 500, 2);
    store.sync();
    Recovered recovered = reopen();
    assertEquals(List.of(1L, 500L), List.of(recovered.first(), recovered.last()));
    assertEquals(
        List.of(new StampRun(1, new Stamp(1, 0)), new StampRun(301, new Stamp(2, 0))),
        recovered.stamps());
    assertEquals(entries(1, 300, 1), read(group, 1, 1, ALL).subList(0, 300));
    assertEquals(entries(301, 500, 2), read(group, 1, 301, ALL));
  }

  @Test
  void howFarItIsDurableGrowsWithEachSyncAndIsFoundAgain() {
    long before = store.durable();
    for (int index = 1; index <= 200; index++) {
      group.write(entry(index, 1));
      assertEquals(before, store.durable(), "it is not synced");
      store.sync();
      assertTrue(store.durable() > before);
      before = store.durable();
      if (index % 10 == 0) {
        reopen();
        assertTrue(store.durable() >= before);
        before = store.durable();
      }
    }
  }

  @Test
  void theLogGoesOnAfterReopening() {
    for (int index = 1; index <= 20; index++) {
      write(index, index, 1);
      store.sync();
      assertEquals(index, reopen().last());
    }
    assertEquals(entries(1, 20, 1), read(group, 1, 1, ALL));
  }

  @Test
  void theLastSavedRecordIsThereAfterReopening() {
    group.save(new byte[] {1});
    group.save(new byte[] {2, 3});
    store.sync();
    assertArrayEquals(new byte[] {2, 3}, assertNotNullBytes(reopen().saved()));
    group.save(new byte[0]);
    store.sync();
    assertArrayEquals(new byte[0], assertNotNullBytes(reopen().saved()));
  }

  private static byte[] assertNotNullBytes(byte @Nullable [] bytes) {
    assertNotNull(bytes);
    return bytes;
  }

  @Test
  void truncationsAndRewritesAreThereAfterReopening() {
    write(1, 9, 1);
    group.truncate(1, 5);
    write(5, 6, 2);
    group.write(entry(2, 3));
    store.sync();
    Recovered recovered = reopen();
    assertEquals(6, recovered.last());
    assertEquals(
        List.of(
            new StampRun(1, new Stamp(1, 0)),
            new StampRun(2, new Stamp(3, 0)),
            new StampRun(3, new Stamp(1, 0)),
            new StampRun(5, new Stamp(2, 0))),
        recovered.stamps());
    assertEquals(
        List.of(entry(1, 1), entry(2, 3), entry(3, 1), entry(4, 1), entry(5, 2), entry(6, 2)),
        read(group, 1, 1, ALL));
  }

  /** As an engine writes that agrees slot by slot. */
  @Test
  void holesAndRewritesInAnyOrderAreThereAfterReopening() {
    write(4, 5, 2);
    write(9, 9, 2);
    write(5, 5, 1); // Under an earlier stamp: the last write wins all the same.
    store.sync();
    write(2, 2, 2);
    write(10_000_000, 10_000_000, 3);
    store.sync();
    Recovered recovered = reopen();
    assertEquals(List.of(2L, 10_000_000L), List.of(recovered.first(), recovered.last()));
    assertEquals(
        List.of(
            new StampRun(2, new Stamp(2, 0)),
            new StampRun(3, Stamp.NONE),
            new StampRun(4, new Stamp(2, 0)),
            new StampRun(5, new Stamp(1, 0)),
            new StampRun(6, Stamp.NONE),
            new StampRun(9, new Stamp(2, 0)),
            new StampRun(10, Stamp.NONE),
            new StampRun(10_000_000, new Stamp(3, 0))),
        recovered.stamps());
    assertEquals(List.of(), recovered.faulty());
    assertEquals(List.of(entry(2, 2)), read(group, 1, 2, ALL));
    assertEquals(List.of(entry(4, 2), entry(5, 1)), read(group, 1, 4, ALL));
    assertEquals(List.of(entry(10_000_000, 3)), read(group, 1, 10_000_000, ALL));
    write(3, 3, 3);
    store.sync();
    assertEquals(new StampRun(3, new Stamp(3, 0)), reopen().stamps().get(1));
    assertEquals(
        List.of(entry(2, 2), entry(3, 3), entry(4, 2), entry(5, 1)), read(group, 1, 2, ALL));
  }

  @Test
  void aLogWhoseEntriesAreAllTruncatedIsEmpty() {
    write(1, 4, 1);
    group.truncate(1, 1);
    store.sync();
    Recovered recovered = reopen();
    assertEquals(
        List.of(1L, 1L, 0L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    assertEquals(List.of(), read(group, 1, 1, ALL));
  }

  @Test
  void aReleaseIsThereAfterReopening() {
    write(1, 9, 1);
    group.release(1, 4);
    group.write(entry(4, 2));
    store.sync();
    Recovered recovered = reopen();
    assertEquals(
        List.of(1L, 5L, 9L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    assertEquals(List.of(new StampRun(5, new Stamp(1, 0))), recovered.stamps());
    assertEquals(List.of(), read(group, 1, 4, ALL));
    group.write(entry(3, 2));
    assertEquals(List.of(), read(group, 1, 3, ALL));
  }

  @Test
  void anEmptyLogKnowsUpToWhereItWasReleased() {
    write(1, 9, 1);
    group.release(2, 1000);
    store.sync();
    Recovered recovered = reopen();
    assertEquals(
        List.of(2L, 1001L, 1000L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    assertEquals(List.of(), recovered.stamps());
    write(1001, 1002, 1);
    group.write(entry(2, 1001, 5, 10));
    group.write(entry(2, 1002, 5, 10));
    group.truncate(2, 1001);
    store.sync();
    recovered = reopen();
    assertEquals(
        List.of(2L, 1001L, 1000L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
  }

  private static Seal seal(long epoch) {
    return new Seal(epoch, 10 * epoch, Payload.of(new byte[] {1, (byte) epoch}));
  }

  private void seal(Seal seal) {
    group.seal(seal.epoch(), seal.index(), seal.next().toByteArray());
  }

  @Test
  void sealsAreThereAfterReopeningAndOutliveTheirEntries() {
    write(1, 12, 1);
    seal(seal(1));
    group.release(1, 12);
    group.truncate(1, 1);
    store.sync();
    assertEquals(List.of(seal(1)), reopen().seals());
    seal(seal(2));
    seal(seal(1));
    store.sync();
    assertEquals(List.of(seal(1), seal(2)), reopen().seals());
    assertThrows(IllegalStateException.class, () -> group.seal(1, 11, new byte[0]));
  }

  @Test
  void aSealIsHeldUntilALaterEpochIsReleasedAndANewerOneIsThere() {
    seal(seal(1));
    group.release(3, 0);
    store.sync();
    assertEquals(List.of(seal(1)), reopen().seals());
    seal(seal(2));
    seal(seal(1)); // It is given up at once.
    store.sync();
    assertEquals(List.of(seal(2)), reopen().seals());
    seal(seal(3));
    seal(seal(4));
    store.sync();
    assertEquals(List.of(seal(3), seal(4)), reopen().seals());
    group.release(9, 0);
    store.sync();
    assertEquals(List.of(seal(4)), reopen().seals());
  }

  @Test
  void aRemovedReplicaIsNotThereAfterReopening() {
    seal(seal(1));
    write(1, 9, 1);
    group.save(new byte[] {1});
    store.remove(GROUP);
    store.sync();
    Recovered recovered = reopen();
    assertTrue(recovered.created());
    assertEquals(99, recovered.incarnation());
    assertEquals(0, recovered.last());
    assertNull(recovered.saved());
    assertEquals(List.of(), recovered.seals());
    write(1, 2, 2);
    store.sync();
    recovered = reopen();
    assertFalse(recovered.created());
    assertEquals(99, recovered.incarnation());
    assertEquals(entries(1, 2, 2), read(group, 1, 1, ALL));
  }

  @Test
  void theNewestEpochThatHasEntriesIsReported() {
    write(1, 4, 1);
    group.write(entry(2, 5, 2, 10));
    group.write(entry(3, 9, 3, 10));
    group.truncate(3, 9);
    store.sync();
    Recovered recovered = reopen();
    assertEquals(
        List.of(2L, 5L, 5L), List.of(recovered.epoch(), recovered.first(), recovered.last()));
    assertEquals(List.of(new StampRun(5, new Stamp(2, 0))), recovered.stamps());
  }

  @Test
  void configurationsOfAllEpochsAreReportedInOrder() {
    List<Entry> configurations =
        List.of(
            configuration(1, 1, Entry.Kind.FOUNDING),
            configuration(1, 3, Entry.Kind.CONFIGURATION),
            configuration(1, 6, Entry.Kind.STOP),
            configuration(2, 7, Entry.Kind.CONFIGURATION));
    group.write(configuration(1, 4, Entry.Kind.STOP));
    configurations.forEach(group::write);
    group.write(entry(1, 4, 2, 30));
    group.write(entry(2, 8, 2, 30));
    store.sync();
    assertEquals(configurations, reopen().configurations());
  }

  private static Entry configuration(long epoch, long index, Entry.Kind kind) {
    byte[] value = {(byte) epoch, (byte) index};
    return new Entry(epoch, index, kind, new Stamp(index, epoch), Payload.of(value));
  }

  @Test
  void groupsAreRecoveredEachForItself() {
    LogStore.Group other = store.group(GROUP + 1, 9, 5);
    write(1, 3, 1);
    other.write(entry(4, 8));
    other.save(new byte[] {8});
    store.sync();
    reopen();
    Recovered recovered = store.group(GROUP + 1, 9, 77).recovered();
    assertEquals(
        List.of(5L, 4L, 4L), List.of(recovered.incarnation(), recovered.first(), recovered.last()));
    assertArrayEquals(new byte[] {8}, assertNotNullBytes(recovered.saved()));
    assertEquals(entries(1, 3, 1), read(group, 1, 1, ALL));
  }

  @Test
  void aStoreInUseCannotBeOpenedASecondTime() {
    write(1, 1, 1);
    store.sync();
    StorageException refusal = assertThrows(StorageException.class, () -> log().open());
    assertTrue(String.valueOf(refusal.getMessage()).contains("in use"));
    write(2, 2, 1);
    store.sync();
    assertEquals(2, reopen().last());
  }

  @Test
  void aGroupOfAnotherMemberIsRefusedAfterReopening() {
    store.close();
    store = log().open();
    assertThrows(StorageException.class, () -> store.group(GROUP, MEMBER + 1, 2));
    assertFalse(store.group(GROUP, MEMBER, 2).recovered().created());
  }
}
