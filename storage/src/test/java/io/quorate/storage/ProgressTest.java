package io.quorate.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quorate.spi.Archive;
import io.quorate.spi.Snapshots;
import io.quorate.spi.Stamp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  void aVerificationTellsWhenItHasReadEverything(@TempDir Path directory) {
    FileLog.at(directory).segmentBytes(16 << 10).open().close();
    List<Progress> told = new ArrayList<>();
    LogFiles files = LogFiles.at(directory).progress(told::add);
    assertEquals(0, files.verify().exitCode());
    assertEquals(1, told.size());
    assertEquals(Progress.Phase.VERIFICATION, told.get(0).phase());
    assertEquals(told.get(0).total(), told.get(0).done());
    files.stats();
    assertEquals(2, told.size());
  }

  @Test
  void eachReadingOfABackupIsTold(@TempDir Path directory) throws IOException {
    String backup = directory.resolve("backup").toString();
    List<Progress> told = new ArrayList<>();
    FileLog log = FileLog.at(directory.resolve("log")).progress(told::add);
    try (Archive archive = log.archive(backup, true);
        Snapshots.Writer writer = archive.snapshots().take(1, 1, Stamp.NONE)) {
      writer.write(ByteBuffer.allocate(100_000));
      writer.finish();
    }
    assertEquals(List.of(), told);
    try (Archive archive = log.archive(backup, false);
        Snapshots.Reader reader = Objects.requireNonNull(archive.snapshots().newest())) {
      reader.stream().transferTo(OutputStream.nullOutputStream());
      reader.stream().transferTo(OutputStream.nullOutputStream());
    }
    assertEquals(2, told.size());
    for (Progress end : told) {
      assertEquals(Progress.Phase.BACKUP, end.phase());
      assertEquals(100_000, end.done());
      assertEquals(100_000, end.total());
    }
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
