package io.quorate.benchmarks.log;

import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;

/** Quorate's log, as the runtime's log stage uses it: writes what waits, then syncs once. */
final class QuorateLog implements Writer {
  /** What is kept: a replica gives up the entries that its snapshot has. */
  private static final int KEPT_BYTES = 16 << 20;

  private final LogStore store;
  private final LogStore.Group group;
  private final Load load;
  private final boolean grows;
  private final Payload value;
  private long next = 1;
  private int sinceRelease;

  /**
   * On an open store.
   *
   * @param grows whether nothing is ever given up
   */
  QuorateLog(LogStore store, Load load, boolean grows) {
    this.store = store;
    this.load = load;
    this.grows = grows;
    group = store.group(1, 1, 1);
    value = Payload.of(Records.value(load.bytes(), 0));
  }

  @Override
  public void batch() {
    for (int i = 0; i < load.writers(); i++) {
      group.write(Records.entry(next++, value));
    }
    sinceRelease += load.batchBytes();
    if (!grows && sinceRelease > KEPT_BYTES) {
      group.release(1, Math.max(0, next - 1 - KEPT_BYTES / load.bytes()));
      sinceRelease = 0;
    }
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}
