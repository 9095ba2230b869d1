package io.quorate.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.spi.Log;
import io.quorate.storage.MemoryLog;
import org.junit.jupiter.api.Test;

class MemoryLogTest extends LogContract {
  private final Log log = MemoryLog.create();

  @Override
  protected Log log() {
    return log;
  }

  @Test
  void eachOpeningIsEmptyAndANewIncarnation() {
    write(1, 3, 1);
    store.sync();
    store.close();
    open(2);
    assertTrue(group.recovered().created());
    assertEquals(2, group.recovered().incarnation());
    assertEquals(0, group.recovered().last());
  }
}
