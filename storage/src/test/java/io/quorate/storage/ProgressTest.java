package io.quorate.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
  @Test
  void rateAndTimeLeftFollowFromWhatIsDone() {
    Progress progress =
        new Progress(Progress.Phase.COMPACTION, 2_000, 8_000, Duration.ofSeconds(2), null);
    assertEquals(1_000, progress.rate());
    assertEquals(Duration.ofSeconds(6), progress.timeLeft());
  }

  @Test
  void atTheBeginningNothingIsKnown() {
    Progress progress = new Progress(Progress.Phase.RECOVERY, 0, 8_000, Duration.ZERO, null);
    assertEquals(0, progress.rate());
    assertNull(progress.timeLeft());
  }

  @Test
  void anOpeningTellsWhenItHasReadEverything(@TempDir Path directory) {
    List<Progress> told = new ArrayList<>();
    FileLog log = FileLog.at(directory).progress(told::add).segmentBytes(16 << 10);
    log.open().close();
    told.clear();
    log.open().close();
    Progress last = told.get(told.size() - 1);
    assertEquals(Progress.Phase.RECOVERY, last.phase());
    assertEquals(last.total(), last.done());
  }

  @Test
  void aListenerThatThrowsIsItsOwnAffair(@TempDir Path directory) {
    Thread thread = Thread.currentThread();
    List<Throwable> thrown = new ArrayList<>();
    thread.setUncaughtExceptionHandler((where, what) -> thrown.add(what));
    try {
      FileLog.at(directory)
          .segmentBytes(16 << 10)
          .progress(
              progress -> {
                throw new IllegalArgumentException("no");
              })
          .open()
          .close();
    } finally {
      thread.setUncaughtExceptionHandler(null);
    }
    assertEquals(1, thrown.size());
  }
}
