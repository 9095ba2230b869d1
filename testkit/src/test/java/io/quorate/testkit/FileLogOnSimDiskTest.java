package io.quorate.testkit;

import io.quorate.spi.Log;

class FileLogOnSimDiskTest extends DurableLogContract {
  private final SimDisk disk = new SimDisk(1);

  @Override
  protected Log log() {
    return disk.log(16 << 10);
  }
}
