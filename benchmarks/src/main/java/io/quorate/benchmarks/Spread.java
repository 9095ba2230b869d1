package io.quorate.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The median of some runs, and how far apart they were. */
record Spread(double median, double min, double max) {
  /**
   * Of one figure of each run.
   *
   * @param runs at least one
   */
  static Spread of(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
