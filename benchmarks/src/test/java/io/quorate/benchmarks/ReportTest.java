package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final long SECOND = 1_000_000_000L;

  private static Measurement run(long operations, long p50Micros, long cpuMillis) {
    return new Measurement(
        operations,
        SECOND,
        cpuMillis * 1_000_000,
        p50Micros * 1_000,
        p50Micros * 2_000,
        p50Micros * 3_000,
        "epoll");
  }

  @Test
  void theMiddleRunOfAnOddNumberIsTheMedian() {
    Spread spread =
        Spread.of(
            List.of(run(300, 1, 1), run(100, 1, 1), run(200, 1, 1)),
            Measurement::operationsPerSecond);

    assertEquals(new Spread(200, 100, 300), spread);
  }

  @Test
  void theMeanOfTheTwoMiddleRunsOfAnEvenNumberIsTheMedian() {
    Spread spread =
        Spread.of(List.of(run(400, 1, 1), run(100, 1, 1)), Measurement::operationsPerSecond);

    assertEquals(new Spread(250, 100, 400), spread);
  }

  @Test
  void figuresOfARunAreRates() {
    Measurement run =
        new Measurement(4_000, 2 * SECOND, SECOND, 360_000, 720_500, 1_000_000, "NIO");

    assertEquals(2_000, run.operationsPerSecond());
    assertEquals(250, run.cpuMicrosPerOperation());
    assertEquals(360, run.p50Micros());
    assertEquals(720.5, run.p99Micros());
  }

  @Test
  void aMeasurementComesBackFromItsLine() {
    Measurement run = run(123, 45, 6);

    assertEquals(run, Measurement.parse(run.line()));
  }

  @Test
  void anotherLineIsNoMeasurement() {
    assertThrows(IllegalArgumentException.class, () -> Measurement.parse("measured 1 2 3"));
    assertThrows(
        IllegalArgumentException.class, () -> Measurement.parse("counted 1 2 3 4 5 6 epoll"));
  }

  @Test
  void theTableShowsMediansSpreadsAndRatiosToLight() {
    Report report = new Report();
    report.add(256, "light", run(200_000, 1_000, 1_000));
    report.add(256, "raft", run(90_000, 1_600, 900));
    report.add(256, "light", run(180_000, 1_200, 900));
    report.add(256, "raft", run(110_000, 1_400, 1_100));
    report.add(256, "light", run(220_000, 900, 1_100));
    report.add(256, "raft", run(100_000, 1_500, 1_000));

    assertEquals(
        List.of(
            "| 256 | light | 200,000 (180,000–220,000) | 1,000 (900–1,200) |"
                + " 2,000 (1,800–2,400) | 5.0 (5.0–5.0) | 1.00 | 1.00 | 1.00 |",
            "| 256 | raft | 100,000 (90,000–110,000) | 1,500 (1,400–1,600) |"
                + " 3,000 (2,800–3,200) | 10.0 (10.0–10.0) | 0.50 | 1.50 | 2.00 |"),
        report.table().lines().skip(2).toList());
  }

  @Test
  void ratiosAreOfTheSameNumberInFlight() {
    Report report = new Report();
    report.add(1, "light", run(100, 1, 1));
    report.add(16, "light", run(1_000, 1, 1));
    report.add(16, "raft", run(500, 1, 1));

    assertTrue(report.table().lines().toList().get(4).contains("| 0.50 |"), report.table());
  }

  @Test
  void withoutLightThereIsNoRatio() {
    Report report = new Report();
    report.add(1, "raft", run(100, 1, 1));

    assertTrue(report.table().endsWith("|  |  |  |"), report.table());
    assertFalse(report.table().contains("NaN"));
  }
}
