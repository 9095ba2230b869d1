package io.quorate.testkit.contract;

import io.quorate.spi.Log;
import io.quorate.storage.FileLog;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSnapshotsTest extends DurableSnapshotContract {
  @TempDir private Path directory;

  @Override
  protected Log log() {
    return FileLog.at(directory).segmentBytes(32 << 10);
  }
}
