package io.quorate.testkit.history;

import io.quorate.testkit.history.Configuration.Last;
import io.quorate.testkit.history.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Says why a key has no order, to someone who was woken by it. */
final class Explanation<S, I, O> {
  /** How many operations a list shows; what matters is at its end. */
  private static final int LINES_MAX = 20;

  /** How much is shown of an operation or a state: half from its begin, half from its end. */
  private static final int TEXT_MAX = 160;

  private final Model<S, I, O> model;
  private final Timeline<I, O> timeline;
  private final StringBuilder text = new StringBuilder();

  Explanation(Model<S, I, O> model, Timeline<I, O> timeline) {
    this.model = model;
    this.timeline = timeline;
  }

  String of(Verdict verdict, long steps, Configuration<S> deepest) {
    String key = timeline.key().isEmpty() ? "" : "key " + timeline.key() + " ";
    String count = deepest.knownCount() + " of " + timeline.known().size() + " answers";
    if (verdict == Verdict.NOT_LINEARIZABLE) {
      line(key + "not linearizable: at most " + count + " can be explained");
    } else {
      line(key + "undecided after " + steps + " steps; so far " + count);
    }
    order(deepest);
    next(deepest);
    return text.toString().stripTrailing();
  }

  private void order(Configuration<S> deepest) {
    List<String> lines = new ArrayList<>();
    S state = model.initial(timeline.all());
    for (Last step : deepest.path()) {
      Operation<I, O> operation = operation(step);
      state = model.after(state, operation.input());
      lines.add(shorten(operation) + "   leaves " + shorten(state));
    }
    list("  the longest order found", lines);
  }

  /** If all was tried, none of these fits, or the configuration would not be the deepest. */
  private void next(Configuration<S> deepest) {
    S state = deepest.state();
    line("  next, with " + shorten(state) + ", would have to come one of:");
    List<Integer> next = Search.nextKnown(timeline, deepest);
    for (int index : next) {
      Operation<I, O> operation = timeline.known().get(index);
      O answer = model.answer(state, operation.input());
      line("    " + shorten(operation) + "   would answer " + shorten(answer));
    }
    List<String> maybe =
        Search.nextUnknown(timeline, deepest).stream()
            .map(timeline.unknown()::get)
            .filter(operation -> !model.after(state, operation.input()).equals(state))
            .map(Explanation::shorten)
            .toList();
    if (!maybe.isEmpty()) {
      list("  or first one of these, which may have happened", maybe);
    }
    int later = timeline.known().size() - deepest.knownCount() - next.size();
    if (later > 0) {
      line("  later answers that were not reached: " + later);
    }
  }

  private void list(String title, List<String> lines) {
    int skipped = Math.max(0, lines.size() - LINES_MAX);
    line(title + (skipped == 0 ? ":" : " (" + skipped + " more before these):"));
    lines.subList(skipped, lines.size()).forEach(each -> line("    " + each));
  }

  private Operation<I, O> operation(Last step) {
    return (step.known() ? timeline.known() : timeline.unknown()).get(step.index());
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String shorten(Object shown) {
    String whole = shown.toString();
    int cut = whole.length() - TEXT_MAX;
    return cut <= 0
        ? whole
        : whole.substring(0, TEXT_MAX / 2)
            + " [... "
            + cut
            + " characters ...] "
            + whole.substring(whole.length() - TEXT_MAX / 2);
  }
}
