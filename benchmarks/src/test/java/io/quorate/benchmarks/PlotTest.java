package io.quorate.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlotTest {
  @Test
  void anAxisEndsAtARoundNumber() {
    assertEquals(1, Plot.ceiling(0));
    assertEquals(1, Plot.ceiling(1));
    assertEquals(2, Plot.ceiling(1.5));
    assertEquals(500, Plot.ceiling(201));
    assertEquals(1_000, Plot.ceiling(501));
  }

  @Test
  void theGreatestPointStandsWhereItsValueIs() {
    String svg =
        new Plot(new double[] {0, 10})
            .band(0, 5, "busy")
            .panel("things", new Plot.Line("one", new double[] {0, 100}))
            .svg();
    assertTrue(svg.contains("points=\"90.0,184.0 740.0,34.0 \""), svg);
    assertTrue(svg.contains(">busy</text>"), svg);
  }
}
