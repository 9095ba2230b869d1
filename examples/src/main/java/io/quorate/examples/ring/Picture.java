package io.quorate.examples.ring;

import io.quorate.ring.Ring;
import io.quorate.ring.RingDiff;
import io.quorate.ring.RingDiff.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** A ring as SVG: outside who owns what, inside what moves, in the colour of who gets it. */
final class Picture {
  private static final int SIZE = 640;
  private static final int CENTRE = SIZE / 2;
  private static final int OUTER = 300;
  private static final int INNER = 240;
  private static final int MOVED_OUTER = 230;
  private static final int MOVED_INNER = 190;
  private static final int LINE = 22;

  /**
   * A piece of an arc that is drawn at once: a fourth of the circle, and a whole one is several.
   */
  private static final double PIECE = 0.25;

  private final Ring<String> ring;
  private final Ring<String> next;
  private final RingDiff<String> diff;
  private final List<String> names;
  private final StringBuilder svg = new StringBuilder();

  /** Of a ring, and of what it takes to become the next; that may be the same. */
  Picture(Ring<String> ring, Ring<String> next) {
    this.ring = ring;
    this.next = next;
    diff = ring.diff(next, 1);
    TreeSet<String> all = new TreeSet<>(ring.nodes());
    all.addAll(next.nodes());
    names = List.copyOf(all);
  }

  RingDiff<String> diff() {
    return diff;
  }

  String svg() {
    int height = SIZE + LINE * (names.size() + 2);
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"", SIZE, height);
    add(" font-family=\"sans-serif\" font-size=\"14\">%n");
    Ring<String> none = Ring.<String>builder().build();
    arcs(none.diff(ring, 1).moves(), OUTER, INNER);
    arcs(diff.moves(), MOVED_OUTER, MOVED_INNER);
    legend();
    add("</svg>%n");
    return svg.toString();
  }

  private void arcs(List<Move<String>> moves, int outer, int inner) {
    for (Move<String> move : moves) {
      double from = turn(move.from());
      double to = move.to() == -1L ? 1 : turn(move.to() + 1);
      String after = move.after() == null ? "" : move.after();
      for (double at = from; at < to; at += PIECE) {
        arc(at, Math.min(to, at + PIECE), outer, inner, after);
      }
    }
  }

  /** Where a hash stands, as a part of the whole circle. */
  private static double turn(long hash) {
    return (hash >>> 1) * 0x1p-63;
  }

  private void arc(double from, double to, int outer, int inner, String node) {
    add(
        "<path d=\"M%s A%d %d 0 0 1 %s L%s A%d %d 0 0 0 %s Z\""
            + " fill=\"%s\"><title>%s</title></path>%n",
        point(from, outer),
        outer,
        outer,
        point(to, outer),
        point(to, inner),
        inner,
        inner,
        point(from, inner),
        colour(node),
        escaped(node));
  }

  private static String point(double turn, int radius) {
    double angle = 2 * Math.PI * turn;
    return String.format(
        Locale.ROOT,
        "%.2f %.2f",
        CENTRE + radius * Math.sin(angle),
        CENTRE - radius * Math.cos(angle));
  }

  private String colour(String node) {
    int place = names.indexOf(node);
    return place < 0
        ? "#ddd"
        : String.format("hsl(%d 65%% %d%%)", 360 * place / names.size(), 45 + place % 3 * 10);
  }

  private void legend() {
    int y = SIZE + LINE;
    for (String name : names) {
      add("<rect x=\"20\" y=\"%d\" width=\"16\" height=\"16\" fill=\"%s\"/>", y, colour(name));
      add("<text x=\"44\" y=\"%d\">%s</text>%n", y + 13, escaped(name + ": " + shares(name)));
      y += LINE;
    }
    if (!diff.moves().isEmpty()) {
      add("<text x=\"20\" y=\"%d\">inside: %s moved</text>%n", y + 13, percent(diff.moved()));
    }
  }

  private String shares(String name) {
    List<String> shares = new ArrayList<>();
    shares.add(ring.nodes().contains(name) ? percent(ring.share(name)) : "not there");
    if (!next.equals(ring)) {
      shares.add(next.nodes().contains(name) ? percent(next.share(name)) : "gone");
    }
    return String.join(", then ", shares);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
