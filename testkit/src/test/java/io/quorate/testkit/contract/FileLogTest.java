package io.quorate.testkit.contract;

import io.quorate.spi.Log;
import io.quorate.storage.FileLog;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileLogTest extends DurableLogContract {
  @TempDir private Path directory;

  @Override
  protected Log log() {
    return FileLog.at(directory.resolve("not").resolve("there")).segmentBytes(32 << 10);
  }
}
