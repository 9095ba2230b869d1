package io.quorate.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The runs so far, and the Markdown table of them: a row for each K and engine. */
final class Report {
  private static final String HEAD =
      "| K | engine | ops/s | p50 µs | p99 µs | CPU µs/op | ops/s ÷ light | p50 ÷ light"
          + " | CPU ÷ light |";
  private static final String RULE = "|---:|---|---:|---:|---:|---:|---:|---:|---:|";

  private record Row(int inflight, String engine) {}

  private final Map<Row, List<Measurement>> runs = new LinkedHashMap<>();

  /** Adds a run. Rows stand in the order in which they first come. */
  void add(int inflight, String engine, Measurement run) {
    runs.computeIfAbsent(new Row(inflight, engine), row -> new ArrayList<>()).add(run);
  }

  /** The table: medians, smallest and largest in brackets; ratios are of medians. */
  String table() {
    StringBuilder table = new StringBuilder();
    table.append(HEAD).append(System.lineSeparator()).append(RULE);
    runs.forEach(
        (row, measured) -> table.append(System.lineSeparator()).append(text(row, measured)));
    return table.toString();
  }

  private String text(Row row, List<Measurement> measured) {
    List<Measurement> light = runs.get(new Row(row.inflight, Contestant.NAMES.get(0)));
    return String.join(
        " | ",
        "| " + row.inflight,
        row.engine,
        spread(measured, Measurement::operationsPerSecond, "%,.0f"),
        spread(measured, Measurement::p50Micros, "%,.0f"),
        spread(measured, Measurement::p99Micros, "%,.0f"),
        spread(measured, Measurement::cpuMicrosPerOperation, "%.1f"),
        ratio(measured, light, Measurement::operationsPerSecond),
        ratio(measured, light, Measurement::p50Micros),
        ratio(measured, light, Measurement::cpuMicrosPerOperation) + " |");
  }

  private static String spread(
      List<Measurement> measured, ToDoubleFunction<Measurement> figure, String format) {
    Spread spread = Spread.of(measured, figure);
    String pattern = measured.size() == 1 ? format : format + " (" + format + "–" + format + ")";
    return String.format(Locale.ROOT, pattern, spread.median(), spread.min(), spread.max());
  }

  private static String ratio(
      List<Measurement> measured,
      @Nullable List<Measurement> light,
      ToDoubleFunction<Measurement> figure) {
    if (light == null) {
      return "";
    }
    double ratio = Spread.of(measured, figure).median() / Spread.of(light, figure).median();
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
