package io.quorate.examples.quorate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.storage.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter shown = new StringWriter();

  private ProgressBar bar(boolean terminal, long everyNanos) {
    return new ProgressBar(new PrintWriter(shown), terminal, "MiB", everyNanos);
  }

  private static Progress at(Progress.Phase phase, long mebibytes, long of) {
    return new Progress(phase, mebibytes << 20, of << 20, Duration.ZERO, null);
  }

  private List<String> shares() {
    List<String> shares = new ArrayList<>();
    Pattern.compile("[0-9]+ %")
        .matcher(shown.toString())
        .results()
        .forEach(share -> shares.add(share.group()));
    return shares;
  }

  @Test
  void itHasShareRateAndTimeLeft() {
    assertEquals(
        "[###############               ]  50 %  100 MiB/s  4 s left ",
        bar(true, 0).line(0.5, 400, 4));
  }

  @Test
  void whatIsReadTwiceIsHalfDoneAfterTheFirstTime() {
    Consumer<Progress> progress = bar(true, 0).bytes(Progress.Phase.BACKUP, 2);
    progress.accept(at(Progress.Phase.BACKUP, 50, 100));
    progress.accept(at(Progress.Phase.BACKUP, 100, 100));
    progress.accept(at(Progress.Phase.RECOVERY, 1, 1));
    progress.accept(at(Progress.Phase.BACKUP, 20, 100));
    progress.accept(at(Progress.Phase.BACKUP, 100, 100));
    assertEquals(List.of("25 %", "50 %", "60 %", "100 %"), shares());
  }

  @Test
  void itIsShownAFewTimesASecondAndAtTheEnd() {
    Consumer<Progress> progress = bar(true, Long.MAX_VALUE).bytes(Progress.Phase.VERIFICATION, 1);
    for (int done = 0; done <= 100; done++) {
      progress.accept(at(Progress.Phase.VERIFICATION, done, 100));
    }
    assertEquals(List.of("0 %", "100 %"), shares());
  }

  @Test
  void nothingIsWrittenWhereThereIsNoTerminal() {
    try (ProgressBar bar = bar(false, 0)) {
      bar.bytes(Progress.Phase.BACKUP, 1).accept(at(Progress.Phase.BACKUP, 100, 100));
    }
    assertEquals("", shown.toString());
  }
}
