package io.quorate.examples.quorate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command writes: text for people, or with {@code --json} one value for programs. */
final class Output {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "Prints one line of JSON instead of text.")
  private boolean json;

  /** Prints a value: as JSON, or else as that text. */
  void print(Object value, Supplier<String> text) {
    out().print(json ? GSON.toJson(value) + "\n" : text.get());
    out().flush();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * How far long work has come, on standard error: only for people who look at a terminal, which
   * {@code examples/program} finds out.
   */
  ProgressBar bar(String unit) {
    return new ProgressBar(err(), !json && Boolean.getBoolean("quorate.terminal"), unit);
  }

  /** Lines whose columns stand below each other. */
  static String table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int width = row.get(i).length();
        if (i == widths.size()) {
          widths.add(width);
        } else {
          widths.set(i, Math.max(widths.get(i), width));
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
