package io.quorate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
  @Test
  void aFewEventsPerSecondAndTheEndAreTold() {
    List<String> told = new ArrayList<>();
    long[] now = {0};
    ProgressMeter meter =
        new ProgressMeter(
            (phase, done, total, nanos, problem) ->
                told.add(phase + " " + done + "/" + total + " " + nanos + " " + problem),
            () -> now[0]);
    meter.begin(ProgressListener.Phase.RECOVERY, 100);
    meter.advance(10);
    now[0] = 249_999_999;
    meter.advance(20);
    now[0]++;
    meter.advance(30);
    now[0] += 1000;
    meter.advance(100);
    meter.begin(ProgressListener.Phase.COMPACTION, 50);
    meter.advance(50);
    meter.stop(0, "no");
    assertEquals(
        List.of(
            "RECOVERY 30/100 250000000 null",
            "RECOVERY 100/100 250001000 null",
            "COMPACTION 0/50 0 no"),
        told);
  }
}
