package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Snapshots;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What snapshots hold that outlive their process. */
public abstract class DurableSnapshotContract extends SnapshotContract {
  /** For subclasses. */
  protected DurableSnapshotContract() {}

  /** Closes the store and opens it again. */
  protected final void reopen() {
    store.close();
    open();
  }

  @Test
  void aFinishedSnapshotIsThereAfterReopening() {
    take(snapshots, 5, content(1, MANY));
    reopen();
    assertNewest(snapshots, 5, content(1, MANY));
    receive(snapshots, 6, content(2, MANY));
    reopen();
    assertNewest(snapshots, 6, content(2, MANY));
    take(snapshots, 7, content(3, 10));
    reopen();
    assertNewest(snapshots, 7, content(3, 10));
  }

  @Test
  void anUnfinishedOneOfTheOwnStateIsGoneAfterReopening() {
    take(snapshots, 4, content(1, 100));
    snapshots.take(1, 5, stamp(5)).write(ByteBuffer.wrap(content(2, MANY)));
    reopen();
    assertNewest(snapshots, 4, content(1, 100));
    assertNull(snapshots.at(1, 5));
    take(snapshots, 5, content(3, 100));
    assertNewest(snapshots, 5, content(3, 100));
  }

  @Test
  void aTransferGoesOnAfterReopening() {
    byte[] content = content(1, MANY);
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      writer.write(ByteBuffer.wrap(content, 0, 500_000));
    }
    reopen();
    assertNull(snapshots.newest());
    try (Snapshots.Writer writer = snapshots.receive(described(5, content))) {
      long position = writer.position();
      assertTrue(position <= 500_000 && position >= 500_000 - (256 << 10), "at " + position);
    }
    reopen();
    receive(snapshots, 5, content);
    reopen();
    assertNewest(snapshots, 5, content);
  }

  @Test
  void anOlderOneThatWasReadAtTheEndDoesNotComeBackAsTheNewest() {
    take(snapshots, 4, content(1, 100));
    Snapshots.Reader reader = newest(snapshots);
    take(snapshots, 5, content(2, 200));
    assertEquals(4, reader.snapshot().index());
    reopen();
    assertNewest(snapshots, 5, content(2, 200));
    take(snapshots, 6, content(3, 300));
    assertNull(snapshots.at(1, 4));
  }
}
