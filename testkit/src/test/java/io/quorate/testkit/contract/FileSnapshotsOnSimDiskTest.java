package io.quorate.testkit.contract;

import io.quorate.spi.Log;
import io.quorate.testkit.disk.SimDisk;

class FileSnapshotsOnSimDiskTest extends DurableSnapshotContract {
  private final SimDisk disk = new SimDisk(1);

  @Override
  protected Log log() {
    return disk.log(16 << 10);
  }
}
