package io.quorate.benchmarks.log;

import io.quorate.spi.LogStore;
import io.quorate.spi.Payload;

/** Quorate's log, as the runtime's log stage uses it: writes what waits, then syncs once. */
final class QuorateLog implements Writer {
  private final LogStore store;
  private final LogStore.Group group;
  private final Load load;
  private final Payload value;
  private long next = 1;

  QuorateLog(LogStore store, Load load) {
    this.store = store;
    this.load = load;
    group = store.group(1, 1, 1);
    value = Payload.of(Records.value(load.bytes(), 0));
  }

  @Override
  public void batch() {
    for (int i = 0; i < load.writers(); i++) {
      group.write(Records.entry(next++, value));
    }
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}
