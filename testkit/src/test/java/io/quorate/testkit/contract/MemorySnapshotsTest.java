package io.quorate.testkit.contract;

import io.quorate.spi.Log;
import io.quorate.storage.MemoryLog;

class MemorySnapshotsTest extends SnapshotContract {
  private final Log log = MemoryLog.create();

  @Override
  protected Log log() {
    return log;
  }
}
