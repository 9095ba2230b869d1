package io.quorate.runtime;

import io.quorate.spi.Engine;
import io.quorate.spi.Entry;
import io.quorate.spi.LogStore;
import io.quorate.spi.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for the engine what is in memory no more, on the background thread, and tells it of what
 * cannot be read.
 */
final class FarEntries {
  private static final Logger log = LoggerFactory.getLogger(FarEntries.class);

  /** The replica's side; any thread, runs in the loop. */
  interface Replica {
    /** As {@link Engine#fetched}. */
    void fetched(int to, List<Entry> entries);

    /** As {@link Engine#damaged}. */
    void damaged(long index);

    void inTurn(Runnable input);

    void end(Throwable cause);
  }

  private final Replica replica;
  private final int self;
  private final LogStore.Group store;
  private final long epoch;
  private final Tail tail;
  private final Consumer<Runnable> background;
  private final Consumer<Runnable> loop;

  FarEntries(
      Replica replica,
      int self,
      LogStore.Group store,
      long epoch,
      Tail tail,
      Consumer<Runnable> background,
      Consumer<Runnable> loop) {
    this.replica = replica;
    this.self = self;
    this.store = store;
    this.epoch = epoch;
    this.tail = tail;
    this.background = background;
    this.loop = loop;
  }

  /** Loop. */
  void fetch(int to, long from, int maxBytes) {
    background.accept(() -> read(to, from, maxBytes));
  }

  /** Background thread. */
  private void read(int to, long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    try {
      store.read(epoch, from, maxBytes, entries::add);
      loop.accept(() -> replica.inTurn(() -> replica.fetched(to, entries)));
    } catch (StorageException e) {
      loop.accept(() -> replica.inTurn(() -> couldNotRead(e, to, from, entries)));
    } catch (Throwable e) {
      loop.accept(() -> replica.end(e));
    }
  }

  /** The entry behind those that were read is damaged: the engine gets it from elsewhere. */
  private void couldNotRead(StorageException cause, int to, long from, List<Entry> entries) {
    long index = from + entries.size();
    if (tail.damaged(index)) {
      log.warn("member {}: {}. It is fetched from another member", self, cause.getMessage());
      replica.damaged(index);
    }
    replica.fetched(to, entries);
  }
}
