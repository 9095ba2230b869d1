package io.quorate.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Panels one below the other, with one axis of time in seconds, as SVG. */
final class Plot {
  private static final int WIDTH = 760;
  private static final int LEFT = 90;
  private static final int RIGHT = 20;
  private static final int PANEL = 150;
  private static final int GAP = 44;
  private static final int TOP = 34;
  private static final String[] COLOURS = {"#1f6f8b", "#c8553d", "#6a994e"};

  /** Points are of equal number in all lines of a plot. */
  record Line(String name, double[] values) {}

  private record Panel(String title, List<Line> lines) {}

  private record Band(double from, double to, String name) {}

  private final double[] seconds;
  private final List<Panel> panels = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();

  /** With the points of time, ascending. */
  Plot(double[] seconds) {
    this.seconds = seconds;
  }

  /** Adds a panel with some lines, from zero up. */
  Plot panel(String title, Line... lines) {
    panels.add(new Panel(title, List.of(lines)));
    return this;
  }

  /** Shades a time in all panels. */
  Plot band(double from, double to, String name) {
    bands.add(new Band(from, to, name));
    return this;
  }

  String svg() {
    int height = TOP + panels.size() * (PANEL + GAP);
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", WIDTH, height);
    add(" font-family=\"sans-serif\" font-size=\"12\">%n");
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, height);
    int top = TOP;
    for (Panel panel : panels) {
      panel(panel, top);
      top += PANEL + GAP;
    }
    add("</svg>%n");
    return svg.toString();
  }

  private void panel(Panel panel, int top) {
    double most = 0;
    for (Line line : panel.lines) {
      for (double value : line.values) {
        most = Math.max(most, value);
      }
    }
    double scale = ceiling(most);
    for (Band band : bands) {
      add(
          "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#eee\"/>%n",
          x(band.from), top, x(band.to) - x(band.from), PANEL);
      add(
          "<text x=\"%.1f\" y=\"%d\" fill=\"#888\">%s</text>%n",
          x(band.from) + 4, top + 14, band.name);
    }
    axes(panel, top, scale);
    for (int i = 0; i < panel.lines.size(); i++) {
      line(panel.lines.get(i), top, scale, i);
    }
  }

  private void axes(Panel panel, int top, double scale) {
    add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", LEFT, top - 8, panel.title);
    for (int part = 0; part <= 2; part++) {
      double y = top + PANEL - PANEL * part / 2.0;
      add(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ccc\"/>%n",
          LEFT, y, WIDTH - RIGHT, y);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>%n",
          LEFT - 6, y + 4, scale * part / 2);
    }
    for (double at = 0; at <= seconds[seconds.length - 1]; at += 10) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>%n",
          x(at), top + PANEL + 16, at);
    }
  }

  private void line(Line line, int top, double scale, int number) {
    String colour = COLOURS[number % COLOURS.length];
    add("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"", colour);
    for (int i = 0; i < seconds.length; i++) {
      add("%.1f,%.1f ", x(seconds[i]), top + PANEL - PANEL * line.values[i] / scale);
    }
    add("\"/>%n");
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>%n",
        WIDTH - RIGHT - 170 * number, top - 8, colour, line.name);
  }

  private double x(double at) {
    return LEFT + (WIDTH - LEFT - RIGHT) * at / seconds[seconds.length - 1];
  }

  /** The next greater number of the form 1, 2, 5 × 10^n. */
  static double ceiling(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double digit : new double[] {1, 2, 5}) {
      if (value <= digit * power) {
        return digit * power;
      }
    }
    return 10 * power;
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
